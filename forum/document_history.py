"""A document as its readers see it: what holds, what came before, and who is working on it."""

from dataclasses import dataclass
from datetime import datetime

from forum import check_outs, documents, folders
from forum.documents import document
from storage.discussions import Thread
from storage.documents import Document, Folder
from storage.door import Inside
from storage.mounts import DavLock
from storage.organisations import Organisation
from storage.people import Person


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the list of a document's."""

    id: int
    number: int
    #: None when it has been weeded.
    size: int | None
    name: str
    media_type: str
    author: str
    organisation: str
    note: str
    label: str
    restored_number: int | None
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a document's page says."""

    document: Document
    way: list[Folder]
    owner: Organisation
    #: The latest first.
    versions: list[VersionRow]
    adopted_by: Person | None
    #: Who is working on it now.
    editor: Person | None
    #: What a program holds open, and has saved without it being a version yet.
    held: DavLock | None
    thread: Thread | None

    @property
    def current(self) -> VersionRow | None:
        """The version that others go by; None while there is none."""
        number = documents.current(self.document)
        return next((one for one in self.versions if one.number == number), None)


_VERSIONS = """
    SELECT v.id, v.number, CASE WHEN v.blob_id IS NULL THEN NULL ELSE v.size END AS size, v.name,
        v.media_type, p.name AS author, o.name AS organisation, v.note, v.label,
        v.restored_number, v.created_at AS saved_at
    FROM version v JOIN person p ON p.id = v.person_id
    JOIN organisation o ON o.id = v.organisation_id
    WHERE v.network_id = :network_id AND v.document_id = :document_id
    ORDER BY v.number DESC
"""


async def shown(inside: Inside, document_id: int) -> Shown:
    """Return a document with all that its page says. Raises NotFound."""
    found = await document(inside, document_id)
    rows = await inside.read(_VERSIONS, document_id=found.id)
    held = inside.dav_locks.filter(document_id=found.id).exclude(blob_id=None)
    return Shown(
        document=found,
        way=await folders.way(inside, found.folder_id),
        owner=await Organisation.get(id=found.organisation_id),
        versions=[VersionRow(**row) for row in rows],
        adopted_by=await Person.get_or_none(id=found.adopted_by_id),
        editor=await Person.get(id=found.editor_id) if check_outs.editing(found) else None,
        held=await held.first(),
        thread=await inside.threads.get_or_none(id=found.thread_id) if found.thread_id else None,
    )
