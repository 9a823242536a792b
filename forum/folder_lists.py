"""What lies in a folder, as its readers see it: sorted, and narrowed to what they ask for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from forum import document_names
from forum.language import swedish_key
from storage import clock
from storage.door import Inside


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A folder within it."""

    id: int
    name: str
    #: What lies directly in it.
    documents: int
    folders: int


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in it, by the version that others go by: the adopted one, or the latest."""

    id: int
    name: str
    kind: str
    term: str
    held_on: date | None
    number: int
    last_number: int
    adopted_number: int | None
    size: int
    media_type: str
    saved_at: datetime
    author: str
    organisation: str
    #: Who is working on it, and since when.
    editor: str | None
    edited_since_at: datetime | None
    #: None while it is being read.
    searchable: bool | None
    personal: bool
    page_count: int
    published: bool

    @property
    def stem(self) -> str:
        """Its name without the suffix, which its format says better."""
        return document_names.split(self.name)[0]

    @property
    def drafted(self) -> bool:
        """Whether there is a draft that is later than the adopted version."""
        return self.adopted_number is not None and self.last_number > self.adopted_number


class Sort(StrEnum):
    """What a folder can be sorted by."""

    NAME = "name"
    CHANGED = "changed"
    HELD = "held"
    KIND = "kind"
    TERM = "term"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see of a folder."""

    sort: Sort = Sort.NAME
    kind: str = ""
    term: str = ""
    author: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether something may be left out."""
        return bool(self.kind or self.term or self.author)


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder, and what it can be narrowed to."""

    folders: list[FolderRow] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    #: How many documents there are in all.
    every: int = 0
    kinds: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)


_FOLDERS = """
    SELECT f.id, f.name,
        (SELECT COUNT(*) FROM document d WHERE d.folder_id = f.id AND d.network_id = :network_id
            AND d.trash_id IS NULL AND NOT d.scratch AND d.last_number > 0) AS documents,
        (SELECT COUNT(*) FROM folder b WHERE b.parent_id = f.id AND b.network_id = :network_id
            AND b.trash_id IS NULL) AS folders
    FROM folder f
    WHERE f.network_id = :network_id AND f.parent_id = :folder_id AND f.trash_id IS NULL
"""
_DOCUMENTS = """
    SELECT d.id, d.name, d.kind, d.term, d.held_on, v.number, d.last_number, d.adopted_number,
        v.size, v.media_type, v.created_at AS saved_at, p.name AS author, o.name AS organisation,
        e.name AS editor, d.edited_since_at,
        CASE WHEN r.state = 'waiting' THEN NULL ELSE r.searchable END AS searchable,
        COALESCE(r.personal, :no) AS personal, COALESCE(r.page_count, 0) AS page_count,
        EXISTS (SELECT 1 FROM publication u WHERE u.document_id = d.id
            AND u.network_id = :network_id AND u.withdrawn_at IS NULL) AS published
    FROM document d
    JOIN version v ON v.document_id = d.id AND v.network_id = :network_id
        AND v.number = COALESCE(d.adopted_number, d.last_number)
    JOIN person p ON p.id = v.person_id
    JOIN organisation o ON o.id = v.organisation_id
    LEFT JOIN person e ON e.id = d.editor_id AND d.edited_until_at > :now
    LEFT JOIN rendition r ON r.version_id = v.id AND r.network_id = :network_id
    WHERE d.network_id = :network_id AND d.folder_id = :folder_id AND d.trash_id IS NULL
        AND NOT d.scratch
"""


async def listing(inside: Inside, folder_id: int, wanted: Wanted) -> Listing:
    """Return what lies in a folder: of its documents those that are wanted, all its folders."""
    found = [FolderRow(**row) for row in await inside.read(_FOLDERS, folder_id=folder_id)]
    values = {"folder_id": folder_id, "no": False, "now": clock.now()}
    every = [_document(row) for row in await inside.read(_DOCUMENTS, **values)]
    return Listing(
        folders=sorted(found, key=lambda one: document_names.swedish_key(one.name)),
        documents=_sorted([one for one in every if _is_wanted(one, wanted)], wanted.sort),
        every=len(every),
        kinds=sorted({one.kind for one in every}),
        terms=sorted({one.term for one in every if one.term}, reverse=True),
        authors=sorted({one.author for one in every}, key=swedish_key),
    )


def _document(row: dict[str, Any]) -> DocumentRow:
    searchable = row["searchable"]
    # SQLite has no truth, only numbers.
    truths = {name: bool(row[name]) for name in ("personal", "published")}
    seen = None if searchable is None else bool(searchable)
    return DocumentRow(**row | truths | {"searchable": seen})


def _is_wanted(one: DocumentRow, wanted: Wanted) -> bool:
    return (
        wanted.kind in {"", one.kind}
        and wanted.term in {"", one.term}
        and wanted.author in {"", one.author}
    )


def _sorted(found: Iterable[DocumentRow], sort: Sort) -> list[DocumentRow]:
    by_name = sorted(found, key=lambda one: document_names.swedish_key(one.name))
    match sort:
        case Sort.CHANGED:
            return sorted(by_name, key=lambda one: one.saved_at, reverse=True)
        case Sort.HELD:
            return sorted(by_name, key=lambda one: one.held_on or date.min, reverse=True)
        case Sort.KIND:
            return sorted(by_name, key=lambda one: one.kind)
        case Sort.TERM:
            return sorted(by_name, key=lambda one: one.term, reverse=True)
        case Sort.AUTHOR:
            return sorted(by_name, key=lambda one: swedish_key(one.author))
        case Sort.NAME:
            return by_name


@dataclass(frozen=True, slots=True)
class Place:
    """A folder in the tree of all: where something can be put."""

    id: int
    name: str
    #: How many folders it lies in.
    depth: int


_EVERY = """
    SELECT id, parent_id, name FROM folder WHERE network_id = :network_id AND trash_id IS NULL
"""


async def places(inside: Inside, without: int | None = None) -> list[Place]:
    """Return every folder, each before those within it, but for one and all that is within that."""
    below: dict[int | None, list[tuple[int, str]]] = {}
    for row in await inside.read(_EVERY):
        if row["id"] != without:
            below.setdefault(row["parent_id"], []).append((row["id"], row["name"]))
    found: list[Place] = []
    waiting = [(0, one) for one in below.get(None, [])]
    while waiting:
        depth, (folder_id, name) = waiting.pop()
        found.append(Place(folder_id, name, depth))
        children = sorted(below.get(folder_id, []), key=lambda one: _in_order(one[1]), reverse=True)
        waiting += [(depth + 1, one) for one in children]
    return found


def _in_order(name: str) -> str:
    return document_names.swedish_key(name)


_TOP = """
    SELECT f.id, f.name FROM folder f JOIN folder r ON r.id = f.parent_id
    WHERE f.network_id = :network_id AND r.network_id = :network_id AND r.parent_id IS NULL
        AND f.trash_id IS NULL
"""


async def top(inside: Inside) -> list[tuple[int, str]]:
    """Return the folders that lie in the network's own, by id and name."""
    rows = [(row["id"], row["name"]) for row in await inside.read_few(_TOP)]
    return sorted(rows, key=lambda one: _in_order(one[1]))
