"""Versions of documents: added, brought back and named. None is ever changed."""

from datetime import timedelta

from forum import documents, file_names, personal_numbers, quotas, renditions
from forum.contents import Content, Known
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import one_line
from storage import clock, database, door
from storage.documents import Document, Version
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act

NOTE_LIMIT = 300
LABEL_LIMIT = 100


class Stale(Exception):
    """Somebody has added a version since the one that this was made from."""

    def __init__(self, document: Document) -> None:
        super().__init__(f"the latest version is {document.last_number}")
        self.document = document


class Weeded(Exception):
    """The version has been deleted for good."""


async def version(inside: Inside, document: Document, number: int) -> Version:
    """Return a version of a document. Raises NotFound, and Weeded."""
    found = await inside.versions.get_or_none(document_id=document.id, number=number)
    if found is None:
        raise door.NotFound
    if found.blob_id is None:
        raise Weeded
    return found


def digest(version: Version) -> str:
    """Return the SHA-256 of a version that ``version`` has returned."""
    assert version.blob_id is not None
    return version.blob_id


async def add_version(
    inside: Inside,
    document_id: int,
    content: Content,
    *,
    based_on: int | None,
    name: str = "",
    note: str = "",
    restored: int | None = None,
) -> Version:
    """Add a version; ``based_on`` is the number of the one it was made from.

    None: whichever is the latest. The same bytes as the latest version make none, and give that
    one. Raises NotFound, Forbidden, Invalid (``files``, ``note``), and Stale when there is a later
    version than that.
    """
    inside.require(Act.FILE)
    note = require_note(note)

    async def add() -> Version:
        document = await documents.locked_document(inside, Act.FILE, document_id)
        if based_on is not None and based_on != document.last_number:
            raise Stale(document)
        await quotas.require(inside, content.size)
        new = await append(
            inside, document, content, name=name or document.name, note=note, restored=restored
        )
        if new is None:
            return await version(inside, document, document.last_number)
        ids = {"document_id": document.id, "folder_id": document.folder_id}
        await inside.record(EventKind.VERSION_ADDED, **ids)
        return new

    return await database.write(add)


def require_note(note: str) -> str:
    """Return a note as it is kept. Raises Invalid (``note``)."""
    plain = one_line(note)
    if len(plain) > NOTE_LIMIT:
        raise Invalid(note=_("Write at most %(limit)d characters.") % {"limit": NOTE_LIMIT})
    personal_numbers.refuse(note=plain)
    return plain


# As ``documents.amend`` does, past the ORM: a thousand small files may come.
_GROWN = """
    UPDATE document SET last_number = :number, changed_at = :now, version = version + 1
    WHERE network_id = :network_id AND id = :document_id RETURNING id
"""


async def append(
    inside: Inside,
    document: Document,
    content: Content,
    *,
    name: str,
    note: str = "",
    restored: int | None = None,
    read_after: timedelta = renditions.AT_ONCE,
) -> Version | None:
    """Within a write that holds the document: add a version, and have it read after a while.

    None when the latest version has the same bytes.
    """
    kept = await content.kept()
    if document.last_number:
        latest = await inside.versions.get(document_id=document.id, number=document.last_number)
        if latest.blob_id == kept:
            return None
    document.last_number += 1
    now = clock.now()
    new = await inside.create(
        Version,
        document_id=document.id,
        number=document.last_number,
        blob_id=kept,
        size=content.size,
        media_type=file_names.media_type(name),
        name=name,
        person_id=inside.person.id,
        organisation_id=inside.membership.organisation_id,
        note=note,
        restored_number=restored,
        created_at=now,
    )
    values = {"document_id": document.id, "number": new.number, "now": now}
    await inside.change(_GROWN, **values)
    if not document.scratch:
        await renditions.request(inside, new, read_after)
    return new


async def restore(inside: Inside, document_id: int, number: int) -> Version:
    """Bring an earlier version back, as a new one. Raises NotFound, Forbidden, Weeded, Invalid."""
    document = await documents.document(inside, document_id)
    earlier = await version(inside, document, number)
    content = Known(digest(earlier), earlier.size)
    return await add_version(
        inside, document_id, content, based_on=None, name=earlier.name, restored=number
    )


async def label(inside: Inside, document_id: int, number: int, text: str) -> None:
    """Name a version, which keeps it for ever; an empty text takes the name away.

    Raises NotFound, Forbidden, Weeded, or Invalid (``label``).
    """
    inside.require(Act.FILE)
    plain = one_line(text)
    if len(plain) > LABEL_LIMIT:
        raise Invalid(label=_("Write at most %(limit)d characters.") % {"limit": LABEL_LIMIT})
    personal_numbers.refuse(label=plain)

    async def change() -> None:
        document = await documents.locked_document(inside, Act.FILE, document_id)
        named = await version(inside, document, number)
        if named.label and not plain:
            # What somebody has named is kept for ever, unless a coordinator decides otherwise.
            inside.require(Act.WEED)
        await inside.versions.filter(id=named.id).update(label=plain)
        await documents.amend(inside, document)
        ids = {"document_id": document.id, "folder_id": document.folder_id}
        await inside.record(EventKind.VERSION_CHANGED, **ids)

    await database.write(change)
