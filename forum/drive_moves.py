"""Moving, copying and deleting on a drive.

What stands in the way of a move or a copy that may overwrite goes to the trash, but for a document
that gets its content: that one has a new version.
"""

from dataclasses import dataclass

from forum import document_names, drive_locks, drive_saves, filing, folders, trash, versions
from forum.contents import Known
from forum.documents import locked_document
from forum.drive_entries import Entry, Place
from storage import database, door
from storage.documents import Document, Folder
from storage.door import Inside
from storage.mounts import DavProperty
from storage.roles import Act


@dataclass(frozen=True, slots=True)
class Target:
    """Where something is to go, and what is there."""

    folder_id: int
    name: str
    there: Entry | None


def target(place: Place) -> Target:
    """Return an address as somewhere to go. Raises NotFound where no folder could hold it."""
    if place.parent is None:
        raise door.NotFound
    return Target(place.parent.id, document_names.checked(place.name), place.entry)


async def move(inside: Inside, source: Place, to: Target) -> None:
    """Move what lies at a place; a document stays the same one.

    Raises NotFound, Forbidden, or Invalid.
    """
    inside.require(Act.FILE)
    entry = source.entry
    if entry is None or source.parent is None:
        raise door.NotFound

    async def work() -> None:
        await drive_locks.end_at(inside, source.path)
        there = to.there if to.there != entry else None
        if entry.folder:
            if there is not None:
                await _away(inside, there)
            await folders.change_folder(inside, entry.id, name=to.name, parent_id=to.folder_id)
        else:
            await _move_document(inside, entry.id, to, there)

    await database.write(work)


async def _move_document(inside: Inside, document_id: int, to: Target, there: Entry | None) -> None:
    moved = await locked_document(inside, Act.FILE, document_id)
    temporary = drive_saves.is_temporary(inside, moved)
    if there is not None and not there.folder and temporary:
        meant = await locked_document(inside, Act.FILE, there.id)
        await drive_saves.take_over(inside, meant, moved)
        return
    if there is not None:
        await _away(inside, there)
    elif temporary:
        former = await drive_saves.returning(inside, to.folder_id, to.name)
        if former is not None and former.id != moved.id:
            await folders.locked_folder(inside, Act.FILE, to.folder_id)
            meant = await drive_saves.called_back(inside, former, to.name)
            await drive_saves.take_over(inside, meant, moved)
            return
    await filing.move(inside, moved.id, to.folder_id, to.name)
    if moved.scratch:
        await drive_saves.appear(inside, moved.id)


async def copy(inside: Inside, source: Place, to: Target, *, deep: bool) -> None:
    """Copy what lies at a place: a document as others see it, a folder with what is in it if deep.

    Raises NotFound, Forbidden, or Invalid.
    """
    inside.require(Act.FILE)
    entry = source.entry
    if entry is None:
        raise door.NotFound

    async def work() -> None:
        if to.there is not None and (entry.folder or to.there.folder):
            await _away(inside, to.there)
        if entry.folder:
            await _copy_folder(inside, entry.id, to.folder_id, to.name, deep=deep)
        else:
            document = await inside.documents.get(id=entry.id)
            await _copy_document(inside, document, to.folder_id, to.name)

    await database.write(work)


async def _copy_document(inside: Inside, source: Document, folder_id: int, name: str) -> None:
    content = Known("", 0)
    if source.last_number:
        latest = await versions.version(inside, source, source.last_number)
        content = Known(versions.digest(latest), latest.size)
    new = await drive_saves.save(inside, folder_id, name, content, await _hers(inside))
    await _copy_noted(inside, "document_id", source.id, new.id)


async def _hers(inside: Inside) -> list[str]:
    # Whether the program says that it has them was asked before.
    mine = inside.dav_locks.filter(person_id=inside.person.id)
    return [str(one) for one in await mine.values_list("token", flat=True)]


async def _copy_folder(
    inside: Inside, source_id: int, parent_id: int, name: str, *, deep: bool
) -> None:
    below = list(await inside.folders.filter(parent_id=source_id).order_by("id")) if deep else []
    documents = list(await inside.documents.filter(folder_id=source_id)) if deep else []
    new: Folder = await folders.create_folder(inside, parent_id, name)
    await _copy_noted(inside, "folder_id", source_id, new.id)
    for document in documents:
        if not document.scratch:
            await _copy_document(inside, document, new.id, document.name)
    for one in below:
        await _copy_folder(inside, one.id, new.id, one.name, deep=True)


async def _copy_noted(inside: Inside, column: str, source_id: int, copy_id: int) -> None:
    await inside.dav_properties.filter(**{column: copy_id}).delete()
    noted = await inside.dav_properties.filter(**{column: source_id})
    rows = [{column: copy_id, "name": one.name, "value": one.value} for one in noted]
    await inside.create_many(DavProperty, rows)


async def delete(inside: Inside, place: Place) -> None:
    """Put what lies at a place in the trash; a program's own files are deleted.

    Raises NotFound, and Forbidden for what has been adopted unless she is a coordinator.
    """
    inside.require(Act.FILE)
    entry = place.entry
    if entry is None or place.parent is None:
        raise door.NotFound

    async def work() -> None:
        await drive_locks.end_at(inside, place.path)
        await _away(inside, entry)

    await database.write(work)


async def _away(inside: Inside, entry: Entry) -> None:
    """Within a write: put something in the trash, or delete it if it is nothing to people."""
    if entry.folder:
        await _folder_away(inside, entry.id)
        return
    document = await locked_document(inside, Act.FILE, entry.id)
    await drive_locks.end_on(inside, document.id)
    document = await locked_document(inside, Act.FILE, entry.id)
    if document.scratch or not document.last_number:
        await drive_saves.erase(inside, document)
    else:
        await trash.put_document(inside, document.id)


async def _folder_away(inside: Inside, folder_id: int) -> None:
    """Within a write: put a folder in the trash; one of a program's own is deleted."""
    [folder] = await folders.locked_tree(inside, Act.FILE, folder_id)
    ids = await folders.tree(inside, folder_id)
    kept = inside.documents.filter(folder_id__in=ids, scratch=False, last_number__gt=0)
    trashed = inside.trashed_documents.filter(folder_id__in=ids)
    below = inside.trashed_folders.filter(parent_id__in=ids)
    if (
        not document_names.is_scratch(folder.name)
        or await kept.exists()
        or await trashed.exists()
        or await below.exists()
    ):
        await trash.put_folder(inside, folder_id)
        return
    await inside.documents.filter(folder_id__in=ids).delete()
    for one in reversed(ids):
        await inside.folders.filter(id=one).delete()


async def note(
    inside: Inside, entry: Entry, changes: dict[str, str | None], tokens: list[str]
) -> None:
    """Note what a program wants to remember of a folder or document; None takes it away.

    Raises NotFound, Forbidden, Locked.
    """
    inside.require(Act.FILE)
    column = "folder_id" if entry.folder else "document_id"

    async def work() -> None:
        if entry.folder:
            await folders.locked_folder(inside, Act.FILE, entry.id)
        else:
            await locked_document(inside, Act.FILE, entry.id)
            await drive_locks.on(inside, entry.id, tokens)
        for name, value in changes.items():
            await inside.dav_properties.filter(**{column: entry.id}, name=name).delete()
            if value is not None:
                await inside.create(DavProperty, **{column: entry.id}, name=name, value=value)

    await database.write(work)
