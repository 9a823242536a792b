"""Lists of threads: all, of one area, unanswered, one's own and others; newest first, by keyset."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from forum.listed_threads import ASKS_US, ListedThread, listed
from forum.unread import UNREAD
from storage import door
from storage.door import Inside

ON_A_PAGE = 20
# Before anything was pinned: a comparison can go by the index on SQLite, IS NOT NULL cannot.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Filter(StrEnum):
    """Which threads of the network."""

    ALL = "all"
    UNANSWERED = "unanswered"
    #: Those she began or has written in.
    MINE = "mine"
    #: Those with something that she has not read.
    UNREAD = "unread"
    #: Those she follows.
    FOLLOWING = "following"
    #: Those that ask every municipality, and hers has not answered.
    ASKED = "asked"
    #: What is wanted still.
    WANTED = "wanted"


@dataclass(frozen=True, slots=True)
class Page:
    """Some threads, and where the next page begins."""

    rows: list[ListedThread]
    next: str | None


_UNANSWERED = """
    t.kind = 'question' AND t.solved_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM reply a WHERE a.thread_id = t.id AND a.network_id = :network_id
            AND a.author_id <> t.author_id AND a.hidden_at IS NULL)
"""

_MINE = """
    (t.author_id = :person_id OR EXISTS (
        SELECT 1 FROM reply b WHERE b.thread_id = t.id AND b.network_id = :network_id
            AND b.author_id = :person_id))
"""

_FOLLOWED = """
    EXISTS (SELECT 1 FROM follow f WHERE f.thread_id = t.id AND f.network_id = :network_id
        AND f.person_id = :person_id AND f.following)
"""

_WANTED = """
    t.kind = 'wanted' AND t.solved_at IS NULL AND t.closed_at IS NULL AND t.hidden_at IS NULL
    AND t.ends_on >= :today
"""

_CONDITIONS = {
    Filter.UNREAD: f"({UNREAD}) > 0",
    Filter.UNANSWERED: _UNANSWERED,
    Filter.MINE: _MINE,
    Filter.FOLLOWING: _FOLLOWED,
    Filter.ASKED: ASKS_US,
    Filter.WANTED: _WANTED,
}


async def threads(
    inside: Inside,
    which: Filter = Filter.ALL,
    *,
    area_id: int | None = None,
    before: str | None = None,
    limit: int = ON_A_PAGE,
) -> Page:
    """Return a page of threads, the latest written in first.

    Of all threads, those that are pinned stand on top of the first page, and on no other.
    ``before`` is the ``next`` of the page before. Raises NotFound when it is none.
    """
    narrowed, values, pinned = "", dict[str, Any](), list[ListedThread]()
    if area_id is not None:
        narrowed += " AND t.area_id = :area_id"
        values["area_id"] = area_id
    if which == Filter.ALL:
        if not before:
            on_top = f"{narrowed} AND t.pinned_at > :never"
            pinned = await listed(inside, on_top, values | {"never": NEVER})
        narrowed += " AND t.pinned_at IS NULL"
    if condition := _CONDITIONS.get(which):
        narrowed += f" AND {condition}"
    if before:
        narrowed += " AND (t.last_posted_at, t.id) < (:cursor_at, :cursor_id)"
        values["cursor_at"], values["cursor_id"] = _cursor(before)
    limit = max(limit - len(pinned), 1)
    rows = await listed(inside, narrowed, values, limit=limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    end = f"{rows[-1].last_posted_at.isoformat()}_{rows[-1].id}" if more else None
    return Page(pinned + rows, end)


async def notices_on_top(inside: Inside) -> list[ListedThread]:
    """Return the notices whose last day has not passed, the newest first."""
    on_top = " AND t.kind = 'notice' AND t.ends_on >= :today AND t.hidden_at IS NULL"
    return await listed(inside, on_top, order="t.created_at DESC")


async def reminded(inside: Inside) -> list[ListedThread]:
    """Return the questions that her municipality has been reminded of and has not answered."""
    of_hers = f""" AND {ASKS_US}
        AND t.id IN (SELECT thread_id FROM reminder WHERE network_id = :network_id)
    """  # noqa: S608 (put together from constants)
    return await listed(inside, of_hers, order="t.answer_by, t.id")


def _cursor(text: str) -> tuple[datetime, int]:
    moment, _, number = text.rpartition("_")
    try:
        at, row_id = datetime.fromisoformat(moment), int(number)
        if at.tzinfo is None or not 0 < row_id < 2**63:
            raise ValueError(text)
        return at.astimezone(UTC), row_id
    except (ValueError, OverflowError):
        raise door.NotFound from None
