"""A document as its readers see it: what holds, what came before, and who is working on it."""

from dataclasses import dataclass
from datetime import datetime

from forum import check_outs, document_names, documents, folders
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
    #: Its SHA-256, which is shown to nobody; None when it has been weeded.
    digest: str | None
    person_id: int
    author: str
    organisation: str
    note: str
    label: str
    restored_number: int | None
    saved_at: datetime

    @property
    def weeded(self) -> bool:
        """Whether its content has been deleted for good."""
        return self.digest is None

    def file_name(self, document: Document) -> str:
        """Return what its file is saved as: by the document's name, with its own suffix."""
        stem, ending = document_names.split(document.name)
        return stem + (document_names.split(self.name)[1] or ending)


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
    holder: Person | None
    thread: Thread | None

    @property
    def current(self) -> VersionRow | None:
        """The version that others go by; None while there is none."""
        return self.version(documents.current(self.document))

    @property
    def latest(self) -> VersionRow | None:
        """The latest version; None while there is none."""
        return self.versions[0] if self.versions else None

    @property
    def adopted(self) -> VersionRow | None:
        """The version that has been adopted."""
        number = self.document.adopted_number
        return self.version(number) if number is not None else None

    @property
    def broken(self) -> bool:
        """Whether what was adopted is no longer what it was: nobody may go by it then."""
        digest = self.document.adopted_digest
        return self.document.adopted_number is not None and (
            self.adopted is None or self.adopted.digest != digest
        )

    @property
    def drafted(self) -> bool:
        """Whether there is a draft that is later than the adopted version."""
        number = self.document.adopted_number
        return number is not None and self.document.last_number > number

    def version(self, number: int) -> VersionRow | None:
        """Return the version with this number."""
        return next((one for one in self.versions if one.number == number), None)

    def made_from(self, person_id: int) -> int:
        """Return which version somebody is likely to have worked on.

        Who says that she is working on it has the one that was the latest then, or a later one of
        her own; anybody else the latest.
        """
        since = self.document.edited_since_at
        if since is None or self.editor is None or self.editor.id != person_id:
            return self.document.last_number
        hers = (
            one.number
            for one in self.versions
            if one.saved_at <= since or one.person_id == person_id
        )
        return next(hers, self.document.last_number)


_VERSIONS = """
    SELECT v.id, v.number, CASE WHEN v.blob_id IS NULL THEN NULL ELSE v.size END AS size, v.name,
        v.media_type, v.blob_id AS digest, v.person_id, p.name AS author,
        o.name AS organisation, v.note, v.label, v.restored_number, v.created_at AS saved_at
    FROM version v JOIN person p ON p.id = v.person_id
    JOIN organisation o ON o.id = v.organisation_id
    WHERE v.network_id = :network_id AND v.document_id = :document_id
    ORDER BY v.number DESC
"""


async def shown(inside: Inside, document_id: int) -> Shown:
    """Return a document with all that its page says. Raises NotFound."""
    found = await document(inside, document_id)
    rows = await inside.read(_VERSIONS, document_id=found.id)
    held = await inside.dav_locks.filter(document_id=found.id).exclude(blob_id=None).first()
    return Shown(
        document=found,
        way=await folders.way(inside, found.folder_id),
        owner=await Organisation.get(id=found.organisation_id),
        versions=[VersionRow(**row) for row in rows],
        adopted_by=await Person.get(id=found.adopted_by_id) if found.adopted_by_id else None,
        editor=await Person.get(id=found.editor_id) if check_outs.editing(found) else None,
        held=held,
        holder=await Person.get(id=held.person_id) if held else None,
        thread=await inside.threads.get_or_none(id=found.thread_id) if found.thread_id else None,
    )
