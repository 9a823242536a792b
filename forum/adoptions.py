"""Adopting ("Fastställd"): one version is what holds, whatever is written after it."""

from forum.documents import amend, locked_document
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.versions import digest, version
from storage import clock, database
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act


async def adopt(inside: Inside, document_id: int, number: int) -> None:
    """Adopt a version, which is bound to what it is now by its SHA-256.

    Raises NotFound, Forbidden unless one is a coordinator, Weeded, or Invalid (``adopt``) when
    there is a later version than the one that was looked at.
    """
    inside.require(Act.ADOPT)

    async def change() -> None:
        document = await locked_document(inside, Act.ADOPT, document_id)
        if number != document.last_number:
            raise Invalid(adopt=_("There is a later version. Read that one first."))
        adopted = await version(inside, document, number)
        await amend(
            inside,
            document,
            adopted_number=number,
            adopted_digest=digest(adopted),
            adopted_by_id=inside.person.id,
            adopted_at=clock.now(),
        )
        ids = {"document_id": document.id, "folder_id": document.folder_id}
        await inside.record(EventKind.DOCUMENT_ADOPTED, **ids)

    await database.write(change)


async def retract(inside: Inside, document_id: int) -> None:
    """Say that no version of the document is adopted after all. Raises NotFound, Forbidden."""
    inside.require(Act.ADOPT)

    async def change() -> None:
        document = await locked_document(inside, Act.ADOPT, document_id)
        nothing = dict.fromkeys(("adopted_number", "adopted_digest", "adopted_at"))
        await amend(inside, document, **nothing, adopted_by_id=None)
        ids = {"document_id": document.id, "folder_id": document.folder_id}
        await inside.record(EventKind.DOCUMENT_ADOPTED, **ids)

    await database.write(change)
