"""What lies where on a drive: the folders and documents of a network, by their names.

A drive shows a document's latest version, and to whoever is saving what she has saved so far.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from forum import document_names
from storage.documents import Document
from storage.door import Inside
from storage.statements import Row


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder or a document, as programs see it."""

    id: int
    name: str
    folder: bool
    made_at: datetime
    changed_at: datetime
    #: In bytes; of a folder, and of a document that nothing has been saved in, 0.
    size: int = 0
    #: Where its bytes are; None when it has none.
    digest: str | None = None
    media_type: str = "application/octet-stream"
    #: The number of its latest version.
    number: int = 0
    #: With what has been saved under a lock and is no version yet: under which, and when.
    pending: str = ""
    adopted: bool = False
    scratch: bool = False

    @property
    def tag(self) -> str:
        """What stands for its bytes: never their digest, which tells who else has the same."""
        return f"{self.id}-{self.number}{self.pending}"


@dataclass(frozen=True, slots=True)
class Place:
    """An address on a drive, and what is there."""

    #: As they are called, as far as they are there; the last as it was asked for.
    names: tuple[str, ...]
    #: The folder that it lies in; None when there is no such folder, and for the drive itself.
    parent: Entry | None
    entry: Entry | None

    @property
    def path(self) -> str:
        """Its names with slashes between them; empty for the drive itself."""
        return "/".join(self.names)

    @property
    def name(self) -> str:
        """The last of its names."""
        return self.names[-1] if self.names else ""


_BELOW = """
    SELECT f.* FROM folder f WHERE f.network_id = :network_id AND f.parent_id = :folder_id
        AND f.name_key = :key AND f.trash_id IS NULL
"""
_ROOT = "SELECT f.* FROM folder f WHERE f.network_id = :network_id AND f.parent_id IS NULL"


async def find(inside: Inside, names: Sequence[str]) -> Place:
    """Return what lies at an address, whether anything does or not."""
    root = await inside.look_up(_ROOT)
    assert root is not None
    at, parent = _of_folder(root), None
    known: list[str] = []
    for depth, name in enumerate(names, 1):
        key = document_names.key(name.strip())
        below = await inside.look_up(_BELOW, folder_id=at.id, key=key)
        if below is None:
            if depth < len(names):
                return Place((*known, *names[depth - 1 :]), None, None)
            entry = await _document(inside, at.id, key)
            return Place((*known, entry.name if entry else name), at, entry)
        known.append(below["name"])
        parent, at = at, _of_folder(below)
    return Place(tuple(known), parent, at)


def _of_folder(row: Row) -> Entry:
    at = row["created_at"]
    return Entry(row["id"], row["name"], folder=True, made_at=at, changed_at=at)


# What she has saved under a lock that is over is hers until it has become a version.
_DOCUMENTS = """
    SELECT d.id, d.name, d.created_at, d.last_number, d.adopted_number, d.scratch,
        v.size, v.blob_id, v.media_type, v.created_at AS saved_at,
        l.id AS lock_id, l.blob_id AS lock_blob_id, l.size AS lock_size,
        l.saved_at AS lock_saved_at
    FROM document d
    LEFT JOIN version v ON v.document_id = d.id AND v.network_id = :network_id
        AND v.number = d.last_number
    LEFT JOIN dav_lock l ON l.document_id = d.id AND l.network_id = :network_id
        AND l.person_id = :person_id AND l.blob_id IS NOT NULL
    WHERE d.network_id = :network_id AND d.folder_id = :folder_id AND d.trash_id IS NULL
"""


async def _document(inside: Inside, folder_id: int, key: str) -> Entry | None:
    rows = await inside.read_few(
        _DOCUMENTS + "AND d.name_key = :key ORDER BY l.saved_at", folder_id=folder_id, key=key
    )
    return _of_document(rows[-1]) if rows else None


def _of_document(row: Row) -> Entry:
    pending = row["lock_id"] is not None
    saved_at = row["lock_saved_at"] if pending else row["saved_at"]
    return Entry(
        id=row["id"],
        name=row["name"],
        folder=False,
        made_at=row["created_at"],
        changed_at=saved_at or row["created_at"],
        size=row["lock_size"] if pending else row["size"] or 0,
        digest=row["lock_blob_id"] if pending else row["blob_id"],
        media_type=row["media_type"] or "application/octet-stream",
        number=row["last_number"],
        pending=f"-{row['lock_id']}-{saved_at.timestamp():.6f}" if pending else "",
        adopted=row["adopted_number"] is not None,
        scratch=bool(row["scratch"]),
    )


def just_saved(document: Document) -> Entry:
    """Return a document that has just got a version, as far as whoever saved it is told."""
    return Entry(
        id=document.id,
        name=document.name,
        folder=False,
        made_at=document.created_at,
        changed_at=document.changed_at,
        number=document.last_number,
    )


_FOLDERS = """
    SELECT f.* FROM folder f
    WHERE f.network_id = :network_id AND f.parent_id = :folder_id AND f.trash_id IS NULL
"""


async def within(inside: Inside, folder_id: int) -> list[Entry]:
    """Return what lies in a folder: first the folders, then the documents."""
    folders = await inside.read(_FOLDERS, folder_id=folder_id)
    documents = await inside.read(_DOCUMENTS + "ORDER BY d.id, l.saved_at", folder_id=folder_id)
    # Of several that have saved under a shared lock, the last.
    latest = {row["id"]: row for row in documents}
    return [
        *(_of_folder(row) for row in folders),
        *(_of_document(row) for row in latest.values()),
    ]


_PROPERTIES = """
    SELECT p.folder_id, p.document_id, p.name, p.value FROM dav_property p
    LEFT JOIN folder f ON f.id = p.folder_id
    LEFT JOIN document d ON d.id = p.document_id
    WHERE p.network_id = :network_id AND (f.parent_id = :folder_id OR d.folder_id = :folder_id
        OR p.folder_id = :folder_id)
"""
_OF_FOLDER = """
    SELECT p.folder_id, p.document_id, p.name, p.value FROM dav_property p
    WHERE p.network_id = :network_id AND p.folder_id = :item
"""
_OF_DOCUMENT = """
    SELECT p.folder_id, p.document_id, p.name, p.value FROM dav_property p
    WHERE p.network_id = :network_id AND p.document_id = :item
"""

#: By whether it is a folder, and its id: what programs have noted of it.
Noted = dict[tuple[bool, int], dict[str, str]]


async def noted(inside: Inside, entry: Entry) -> Noted:
    """Return what programs have noted of a folder or document."""
    if entry.folder:
        return _by_item(await inside.read_few(_OF_FOLDER, item=entry.id))
    return _by_item(await inside.read_few(_OF_DOCUMENT, item=entry.id))


async def noted_within(inside: Inside, folder_id: int) -> Noted:
    """Return what programs have noted of a folder and of what lies in it."""
    return _by_item(await inside.read(_PROPERTIES, folder_id=folder_id))


def _by_item(rows: Iterable[Row]) -> Noted:
    found: Noted = {}
    for row in rows:
        folder = row["folder_id"] is not None
        item = (folder, row["folder_id"] if folder else row["document_id"])
        found.setdefault(item, {})[row["name"]] = row["value"]
    return found
