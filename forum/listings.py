"""Lists of threads: by area, unanswered, one's own; newest first, by keyset."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from forum import addresses, read_marks
from forum.language import swedish_key
from storage import clock, door
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.people import Person

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
class Row:
    """One thread as a list shows it."""

    id: int
    href: str
    kind: ThreadKind
    title: str
    area_id: int
    area: str
    author_id: int
    author: str
    organisation: str
    created_at: datetime
    last_posted_at: datetime
    last_author: str
    last_organisation: str
    last_number: int
    solved: bool
    pinned: bool
    closed: bool
    unread: int
    first_unread: int | None
    body_html: str
    short_html: str
    ends_on: date | None
    #: "Svara senast", for a question that asks every municipality.
    answer_by: date | None
    #: Whether it asks hers, which has not answered.
    asks_us: bool
    wanted_in: str | None
    wanted_month: date | None

    @property
    def replies(self) -> int:
        """How many replies there are."""
        return self.last_number - 1

    @property
    def wanted_still(self) -> bool:
        """Whether one can still join in what is wanted."""
        return not self.solved and self.ends_on is not None and self.ends_on >= clock.today()


@dataclass(frozen=True, slots=True)
class Page:
    """Some threads, and where the next page begins."""

    rows: list[Row]
    next: str | None


# Posts that others wrote since, beyond what she has been shown. What is hidden is never new, and
# answers nothing.
_UNREAD = """
    (SELECT COUNT(*) FROM reply u WHERE u.thread_id = t.id AND u.network_id = :network_id
        AND u.number > COALESCE(rm.number, 1) AND u.created_at >= :new_since
        AND u.author_id <> :person_id AND u.hidden_at IS NULL)
    + CASE WHEN rm.number IS NULL AND t.created_at >= :new_since AND t.author_id <> :person_id
        AND t.hidden_at IS NULL THEN 1 ELSE 0 END
"""

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

# It asks my municipality, which has not answered: see forum.organisations on what counts.
_ASKS_US = """
    t.answer_by IS NOT NULL AND t.solved_at IS NULL AND t.closed_at IS NULL AND t.hidden_at IS NULL
    AND :role <> 'guest' AND t.organisation_id <> :organisation_id
    AND EXISTS (SELECT 1 FROM organisation mo
        WHERE mo.id = :organisation_id AND mo.kind = 'municipality')
    AND NOT EXISTS (SELECT 1 FROM reply ar JOIN membership am ON am.network_id = :network_id
            AND am.person_id = ar.author_id AND am.role <> 'guest'
        WHERE ar.thread_id = t.id AND ar.network_id = :network_id
            AND ar.organisation_id = :organisation_id AND ar.hidden_at IS NULL)
"""

_WANTED = """
    t.kind = 'wanted' AND t.solved_at IS NULL AND t.closed_at IS NULL AND t.hidden_at IS NULL
    AND t.ends_on >= :today
"""

_THREADS = f"""
    SELECT t.id, t.kind, t.title, t.area_id, a.name AS area, t.author_id, p.name AS author,
        o.name AS organisation, t.created_at, t.last_posted_at, t.last_number,
        CASE WHEN t.solved_at IS NULL THEN 0 ELSE 1 END AS solved,
        CASE WHEN t.pinned_at IS NULL THEN 0 ELSE 1 END AS pinned,
        CASE WHEN t.closed_at IS NULL THEN 0 ELSE 1 END AS closed, {_UNREAD} AS unread,
        (SELECT MIN(u.number) FROM reply u WHERE u.thread_id = t.id
            AND u.network_id = :network_id AND u.number > COALESCE(rm.number, 1)
            AND u.created_at >= :new_since AND u.author_id <> :person_id
            AND u.hidden_at IS NULL) AS first_unread,
        COALESCE(lp.name, p.name) AS last_author,
        COALESCE(lo.name, o.name) AS last_organisation,
        CASE WHEN t.kind = 'notice' AND t.hidden_at IS NULL THEN t.body_html ELSE '' END
            AS body_html,
        CASE WHEN t.kind = 'notice' AND t.hidden_at IS NULL THEN t.short_html ELSE '' END
            AS short_html,
        t.ends_on, t.answer_by, CASE WHEN {_ASKS_US} THEN 1 ELSE 0 END AS asks_us,
        w.name AS wanted_in, t.wanted_month
    FROM thread t
    JOIN area a ON a.id = t.area_id
    JOIN person p ON p.id = t.author_id
    JOIN organisation o ON o.id = t.organisation_id
    LEFT JOIN read_mark rm ON rm.thread_id = t.id AND rm.person_id = :person_id
    LEFT JOIN reply l ON l.thread_id = t.id AND l.number = t.last_number
    LEFT JOIN person lp ON lp.id = l.author_id
    LEFT JOIN organisation lo ON lo.id = l.organisation_id
    LEFT JOIN organisation w ON w.id = t.wanted_in_id
    WHERE t.network_id = :network_id
"""  # noqa: S608 (put together from constants)

_CONDITIONS = {
    Filter.UNREAD: f"({_UNREAD}) > 0",
    Filter.UNANSWERED: _UNANSWERED,
    Filter.MINE: _MINE,
    Filter.FOLLOWING: _FOLLOWED,
    Filter.ASKED: _ASKS_US,
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
    narrowed, values, pinned = "", _bound(inside), list[Row]()
    if area_id is not None:
        narrowed += " AND t.area_id = :area_id"
        values["area_id"] = area_id
    if which == Filter.ALL:
        if not before:
            pinned = await _latest(inside, f"{narrowed} AND t.pinned_at > :never", values)
        narrowed += " AND t.pinned_at IS NULL"
    if condition := _CONDITIONS.get(which):
        narrowed += f" AND {condition}"
    if before:
        narrowed += " AND (t.last_posted_at, t.id) < (:cursor_at, :cursor_id)"
        values["cursor_at"], values["cursor_id"] = _cursor(before)
    limit = max(limit - len(pinned), 1)
    rows = await _latest(inside, narrowed, values, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    end = f"{rows[-1].last_posted_at.isoformat()}_{rows[-1].id}" if more else None
    return Page(pinned + rows, end)


async def _latest(
    inside: Inside, narrowed: str, values: dict[str, Any], limit: int | None = None
) -> list[Row]:
    """Return the threads that further conditions leave, the latest written in first."""
    sql = _THREADS
    sql += f"{narrowed} ORDER BY t.last_posted_at DESC, t.id DESC"
    sql += f" LIMIT {limit}" if limit else ""
    return [_row(inside, row) for row in await inside.read(sql, **values, never=NEVER)]


async def notices_on_top(inside: Inside) -> list[Row]:
    """Return the notices whose last day has not passed, the newest first."""
    sql = _THREADS + " AND t.kind = 'notice' AND t.ends_on >= :today AND t.hidden_at IS NULL"
    sql += " ORDER BY t.created_at DESC"
    return [_row(inside, row) for row in await inside.read(sql, **_bound(inside))]


async def reminded(inside: Inside) -> list[Row]:
    """Return the questions that her municipality has been reminded of and has not answered."""
    sql = f"""
        {_THREADS} AND {_ASKS_US}
        AND t.id IN (SELECT thread_id FROM reminder WHERE network_id = :network_id)
        ORDER BY t.answer_by, t.id
    """  # noqa: S608 (put together from constants)
    return [_row(inside, row) for row in await inside.read(sql, **_bound(inside))]


async def area_counts(inside: Inside) -> dict[int, tuple[int, int]]:
    """Return for each subject area its number of threads and of threads with something new."""
    rows = await inside.read(
        f"""
        SELECT area_id, COUNT(*) AS threads, SUM(CASE WHEN unread > 0 THEN 1 ELSE 0 END) AS new
        FROM (SELECT t.area_id, {_UNREAD} AS unread FROM thread t
            LEFT JOIN read_mark rm ON rm.thread_id = t.id AND rm.person_id = :person_id
            WHERE t.network_id = :network_id) counted
        GROUP BY area_id
        """,  # noqa: S608 (put together from constants)
        **_bound(inside),
    )
    return {row["area_id"]: (row["threads"], row["new"]) for row in rows}


async def count_unread(inside: Inside) -> int:
    """Return how many of the network's threads have something new for her."""
    return sum(new for _, new in (await area_counts(inside)).values())


@dataclass(frozen=True, slots=True)
class MyNetwork:
    """One of my networks, with what is new in it."""

    inside: Inside
    unread: int
    latest: list[Row]
    #: What her municipality has been reminded of, see ``reminded``.
    reminded: list[Row]


async def my_networks(person: Person, latest: int) -> list[MyNetwork]:
    """Return the person's networks with their latest threads, what is new first."""
    mine = [
        MyNetwork(
            inside,
            await count_unread(inside),
            await _latest(inside, "", _bound(inside), latest) if latest else [],
            await reminded(inside) if latest else [],
        )
        for inside in await door.enter_all(person)
    ]
    return sorted(mine, key=lambda one: (one.unread == 0, swedish_key(one.inside.network.name)))


def _bound(inside: Inside) -> dict[str, Any]:
    return {
        "new_since": read_marks.new_since(inside),
        "organisation_id": inside.membership.organisation_id,
    }


def _row(inside: Inside, row: dict[str, Any]) -> Row:
    row |= {
        "kind": ThreadKind(row["kind"]),
        **{name: bool(row[name]) for name in ("solved", "pinned", "closed", "asks_us")},
        "href": addresses.thread(inside.network.slug, row["id"]),
    }
    return Row(**row)


def _cursor(text: str) -> tuple[datetime, int]:
    moment, _, number = text.rpartition("_")
    try:
        at, row_id = datetime.fromisoformat(moment), int(number)
        if at.tzinfo is None or not 0 < row_id < 2**63:
            raise ValueError(text)
        return at.astimezone(UTC), row_id
    except (ValueError, OverflowError):
        raise door.NotFound from None
