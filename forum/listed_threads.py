"""A thread as lists show it: in one line, with what is new in it to its reader."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from forum import addresses
from forum.read_marks import new_since
from forum.unread import UNREAD
from storage import clock
from storage.discussions import ThreadKind
from storage.door import Inside


@dataclass(frozen=True, slots=True)
class ListedThread:
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


#: Thread ``t`` asks her municipality, which has not answered: forum.organisations says what counts.
ASKS_US = """
    t.answer_by IS NOT NULL AND t.solved_at IS NULL AND t.closed_at IS NULL AND t.hidden_at IS NULL
    AND :role <> 'guest' AND t.organisation_id <> :organisation_id
    AND EXISTS (SELECT 1 FROM organisation mo
        WHERE mo.id = :organisation_id AND mo.kind = 'municipality')
    AND NOT EXISTS (SELECT 1 FROM reply ar JOIN membership am ON am.network_id = :network_id
            AND am.person_id = ar.author_id AND am.role <> 'guest'
        WHERE ar.thread_id = t.id AND ar.network_id = :network_id
            AND ar.organisation_id = :organisation_id AND ar.hidden_at IS NULL)
"""

_THREADS = f"""
    SELECT t.id, t.kind, t.title, t.area_id, a.name AS area, t.author_id, p.name AS author,
        o.name AS organisation, t.created_at, t.last_posted_at, t.last_number,
        CASE WHEN t.solved_at IS NULL THEN 0 ELSE 1 END AS solved,
        CASE WHEN t.pinned_at IS NULL THEN 0 ELSE 1 END AS pinned,
        CASE WHEN t.closed_at IS NULL THEN 0 ELSE 1 END AS closed, {UNREAD} AS unread,
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
        t.ends_on, t.answer_by, CASE WHEN {ASKS_US} THEN 1 ELSE 0 END AS asks_us,
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

_LATEST_FIRST = "t.last_posted_at DESC, t.id DESC"


async def listed(
    inside: Inside,
    conditions: str = "",
    values: dict[str, Any] | None = None,
    *,
    order: str = _LATEST_FIRST,
    limit: int | None = None,
) -> list[ListedThread]:
    """Return the network's threads that meet further ``conditions``, the latest written in first.

    Conditions are SQL of our own, each begun with AND. They may name ``:new_since`` and
    ``:organisation_id``, hers, beside ``values`` and what the door binds.
    """
    sql = _THREADS
    sql += f"{conditions} ORDER BY {order}" + (f" LIMIT {limit}" if limit else "")
    rows = await inside.read(
        sql,
        **values or {},
        new_since=new_since(inside),
        organisation_id=inside.membership.organisation_id,
    )
    return [_made(inside, row) for row in rows]


def _made(inside: Inside, row: dict[str, Any]) -> ListedThread:
    row |= {
        "kind": ThreadKind(row["kind"]),
        **{name: bool(row[name]) for name in ("solved", "pinned", "closed", "asks_us")},
        "href": addresses.thread(inside.network.slug, row["id"]),
    }
    return ListedThread(**row)
