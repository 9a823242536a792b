"""Check-outs ("Jag redigerar", "Klar"): who is working on a document, seen by the others.

It keeps nobody out: a version made meanwhile is met by what it was based on.
"""

from datetime import timedelta
from typing import Final

from forum.documents import amend, locked_document
from forum.language import gettext as _
from forum.refusals import Invalid
from storage import clock, database, door
from storage.documents import Document
from storage.door import Inside
from storage.events import EventKind
from storage.jobs import Job
from storage.people import Person
from storage.roles import Act, Role

#: A day's work.
LASTS: Final = timedelta(hours=8)
#: The job that ends the locks of programs, once they have been lifted.
LIFTED: Final = "check_outs.lifted"


def editing(document: Document) -> bool:
    """Say whether somebody is working on it now."""
    until = document.edited_until_at
    return document.editor_id is not None and until is not None and until > clock.now()


async def begin(inside: Inside, document_id: int, lasts: timedelta = LASTS) -> None:
    """Say that one is working on a document; again, and it lasts longer.

    Raises NotFound, Forbidden, or Invalid (``editing``) when somebody else is.
    """

    async def change() -> None:
        document = await locked_document(inside, Act.FILE, document_id)
        mine = document.editor_id == inside.person.id
        if editing(document) and not mine:
            other = await Person.get(id=document.editor_id)
            raise Invalid(
                editing=_("%(name)s is working on it. Wait until she is done, or ask her.")
                % {"name": other.name}
            )
        now = clock.now()
        since = document.edited_since_at if mine and editing(document) else now
        await amend(
            inside,
            document,
            editor_id=inside.person.id,
            edited_since_at=since,
            edited_until_at=now + lasts,
        )
        await _record(inside, EventKind.DOCUMENT_EDITING, document)

    await database.write(change)


async def end(inside: Inside, document_id: int) -> None:
    """Say that one is done, or as a coordinator that another is.

    Locks of programs that have it open end with it. Raises NotFound, and Forbidden for what another
    is working on.
    """

    async def change() -> None:
        document = await locked_document(inside, Act.FILE, document_id)
        if document.editor_id is None:
            return
        if document.editor_id != inside.person.id and inside.role != Role.COORDINATOR:
            raise door.Forbidden(Act.FILE)
        # What a program has saved under a lock meanwhile becomes a version: see drive_locks.
        locks = inside.dav_locks.filter(document_id=document.id)
        if await locks.update(expires_at=clock.now()):
            await Job.create(kind=LIFTED, run_at=clock.now())
        await clear(inside, document)
        await _record(inside, EventKind.DOCUMENT_EDITED, document)

    await database.write(change)


async def clear(inside: Inside, document: Document) -> None:
    """Within a write that holds the document: nobody is working on it any more."""
    await amend(inside, document, editor_id=None, edited_since_at=None, edited_until_at=None)


async def _record(inside: Inside, kind: EventKind, document: Document) -> None:
    await inside.record(kind, document_id=document.id, folder_id=document.folder_id)
