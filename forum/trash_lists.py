"""What lies in the trash, and what has been deleted for good, as members read it."""

from dataclasses import dataclass
from datetime import datetime

from storage import door
from storage.documents import Item
from storage.door import Forbidden, Inside
from storage.roles import Act, may

#: What one page shows of either.
ON_PAGE = 200


@dataclass(frozen=True, slots=True)
class TrashRow:
    """One thing that was put there."""

    id: int
    what: Item
    name: str
    #: The folders it lay in.
    path: str
    put_by: str
    put_at: datetime
    #: How many documents it holds, or is.
    documents: int


@dataclass(frozen=True, slots=True)
class WeedingRow:
    """One thing that was deleted for good."""

    id: int
    what: Item
    number: int | None
    name: str
    path: str
    record_number: str
    versions: int
    reason: str
    weeded_by: str
    weeded_at: datetime


_TRASH = """
    SELECT t.id, t.what, t.name, t.path, p.name AS put_by, t.at AS put_at,
        (SELECT COUNT(*) FROM document d WHERE d.trash_id = t.id
            AND d.network_id = :network_id AND NOT d.scratch) AS documents
    FROM trash t JOIN person p ON p.id = t.person_id
    WHERE t.network_id = :network_id AND t.id < :before
    ORDER BY t.id DESC LIMIT :most
"""
_WEEDINGS = """
    SELECT w.id, w.what, w.number, w.name, w.path, w.record_number, w.versions, w.reason,
        p.name AS weeded_by, w.at AS weeded_at
    FROM weeding w JOIN person p ON p.id = w.person_id
    WHERE w.network_id = :network_id AND w.id < :before
    ORDER BY w.id DESC LIMIT :most
"""
_NEWEST = 2**62


def require_reader(inside: Inside) -> None:
    """Raise Forbidden for a guest. An archived network's trash can be read as its folders can."""
    if not may(inside.role, Act.FILE):
        raise Forbidden(Act.FILE)


async def trashed(inside: Inside, before: int | None = None) -> list[TrashRow]:
    """Return what lies there, the latest first, and before the one with this id."""
    require_reader(inside)
    return await _rows(inside, before or _NEWEST, ON_PAGE)


async def _rows(inside: Inside, before: int, most: int) -> list[TrashRow]:
    rows = await inside.read(_TRASH, before=before, most=most)
    return [TrashRow(**row | {"what": Item(row["what"])}) for row in rows]


async def trashed_one(inside: Inside, trash_id: int) -> TrashRow:
    """Return one thing that lies there. Raises NotFound."""
    require_reader(inside)
    for row in await _rows(inside, trash_id + 1, 1):
        if row.id == trash_id:
            return row
    raise door.NotFound


async def weeded(inside: Inside, before: int | None = None) -> list[WeedingRow]:
    """Return the log of what has been deleted for good, the latest first."""
    inside.require(Act.WEED)
    rows = await inside.read(_WEEDINGS, before=before or _NEWEST, most=ON_PAGE)
    return [WeedingRow(**row | {"what": Item(row["what"])}) for row in rows]
