"""Weeding ("gallra"): what is deleted for good, with a reason that is kept."""

from forum import documents, folders, personal_numbers, trash
from forum.documents import amend, locked_document
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import one_line
from forum.versions import version
from storage import clock, database
from storage.documents import Document, Item, Trash, Weeding
from storage.door import Inside
from storage.events import EventKind
from storage.jobs import Job
from storage.roles import Act

REASON_LIMIT = 300
#: Deletes the bytes that nothing refers to any more.
JOB = "weedings.sweep"


def reason_of(text: str) -> str:
    """Return a reason as it is kept. Raises Invalid (``reason``)."""
    plain = one_line(text)
    if not plain:
        raise Invalid(reason=_("Say why it is deleted, and by which decision."))
    if len(plain) > REASON_LIMIT:
        raise Invalid(reason=_("Write at most %(limit)d characters.") % {"limit": REASON_LIMIT})
    personal_numbers.refuse(reason=plain)
    return plain


async def weed(inside: Inside, trash_id: int, reason: str) -> None:
    """Delete for good what lies in the trash. Who did it and why stays.

    Raises NotFound, Forbidden unless one is a coordinator, or Invalid (``reason``); the last also
    for what is published, and for what has versions that are to be kept for ever.
    """
    inside.require(Act.WEED)
    plain = reason_of(reason)

    async def work() -> None:
        row = await trash.locked(inside, Act.WEED, trash_id)
        every = await inside.trashed_documents.filter(trash_id=row.id).order_by("id")
        await _require_weedable(inside, every)
        await _log(inside, row, every, plain)
        await inside.trashed_documents.filter(trash_id=row.id).delete()
        # What lies deepest first: a folder that holds another cannot go.
        left = await inside.trashed_folders.filter(trash_id=row.id).order_by("-id")
        await _empty(inside, row, [one.id for one in left])
        while left:
            parents = {one.parent_id for one in left}
            leaves = [one.id for one in left if one.id not in parents]
            await inside.trashed_folders.filter(id__in=leaves).delete()
            left = [one for one in left if one.id not in leaves]
        await row.delete()
        await Job.create(kind=JOB, run_at=clock.now())
        await inside.record(EventKind.DOCUMENT_WEEDED)

    await database.write(work)


async def _empty(inside: Inside, row: Trash, folder_ids: list[int]) -> None:
    """Have what was put in the trash earlier, from within those folders, be without them."""
    top = (await folders.root(inside)).id
    earlier = inside.trashed_documents.filter(folder_id__in=folder_ids)
    await earlier.exclude(trash_id=row.id).update(folder_id=top)
    below = inside.trashed_folders.filter(parent_id__in=folder_ids)
    await below.exclude(trash_id=row.id).update(parent_id=top)


async def _require_weedable(inside: Inside, every: list[Document]) -> None:
    ids = [one.id for one in every]
    if await inside.publications.filter(document_id__in=ids).exists():
        raise Invalid(reason=_("It has been published, and stays because of that."))
    named = inside.versions.filter(document_id__in=ids).exclude(label="")
    if await named.exists():
        raise Invalid(
            reason=_("A version has a name and is kept for ever. Take the name away first.")
        )


async def _log(inside: Inside, row: Trash, every: list[Document], reason: str) -> None:
    within = f"{row.path}/{row.name}".strip("/") if row.what == Item.FOLDER else row.path
    shared = {"reason": reason, "person_id": inside.person.id, "at": clock.now()}
    if row.what == Item.FOLDER:
        await inside.create(
            Weeding, what=Item.FOLDER, item=row.item, name=row.name, path=row.path, **shared
        )
    await inside.create_many(
        Weeding,
        [
            {
                **shared,
                "what": Item.DOCUMENT,
                "item": one.id,
                "name": one.name,
                "path": within,
                "record_number": one.record_number,
                "versions": one.last_number,
            }
            for one in every
            if not one.scratch
        ],
    )


async def weed_version(inside: Inside, document_id: int, number: int, reason: str) -> None:
    """Delete the content of one version for good; its line in the history stays.

    Raises NotFound, Forbidden, Weeded, or Invalid (``reason``), also for the one that is current.
    """
    inside.require(Act.WEED)
    plain = reason_of(reason)

    async def work() -> None:
        document = await locked_document(inside, Act.WEED, document_id)
        gone = await version(inside, document, number)
        if number in {document.last_number, documents.current(document)}:
            raise Invalid(reason=_("It is the current version. Add another one first."))
        if gone.label:
            raise Invalid(reason=_("It has a name and is kept for ever. Take the name away first."))
        if await inside.publications.filter(document_id=document.id, number=number).exists():
            raise Invalid(reason=_("It has been published, and stays because of that."))
        await inside.versions.filter(id=gone.id).update(blob_id=None, note="")
        await inside.renditions.filter(version_id=gone.id).delete()
        await inside.create(
            Weeding,
            what=Item.VERSION,
            item=document.id,
            number=number,
            name=document.name,
            record_number=document.record_number,
            versions=1,
            reason=plain,
            person_id=inside.person.id,
            at=clock.now(),
        )
        await amend(inside, document)
        await Job.create(kind=JOB, run_at=clock.now())
        ids = {"document_id": document.id, "folder_id": document.folder_id}
        await inside.record(EventKind.DOCUMENT_WEEDED, **ids)

    await database.write(work)
