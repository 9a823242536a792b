"""The trash: documents and folders put away with all that is in them, and brought back."""

from functools import partial
from typing import Any

from forum import document_names, documents, folders
from forum.documents import locked_document
from forum.filing import free_name
from forum.folders import locked_tree, path_of, tree, way
from storage import clock, database, door
from storage.documents import Document, Folder, Item, Trash
from storage.door import Forbidden, Inside
from storage.events import EventKind
from storage.roles import Act, Role


async def put_document(inside: Inside, document_id: int) -> Trash:
    """Put a document in the trash.

    Raises NotFound, and Forbidden unless one is a coordinator for what has been adopted.
    """
    inside.require(Act.FILE)

    async def put() -> Trash:
        document = await locked_document(inside, Act.FILE, document_id)
        if document.adopted_number is not None and inside.role != Role.COORDINATOR:
            raise Forbidden(Act.ADOPT)
        row = await _bin(inside, Item.DOCUMENT, document.id, document.name, document.folder_id)
        await documents.amend(inside, document, trash_id=row.id)
        await inside.record(
            EventKind.DOCUMENT_TRASHED, document_id=document.id, folder_id=document.folder_id
        )
        return row

    return await database.write(put)


async def put_folder(inside: Inside, folder_id: int) -> Trash:
    """Put a folder in the trash with all that is in it. Raises as ``put_document``."""
    inside.require(Act.FILE)

    async def put() -> Trash:
        [folder] = await locked_tree(inside, Act.FILE, folder_id)
        ids = await tree(inside, folder.id)
        held = inside.folders.filter(id__in=ids).order_by("id").select_for_update()
        await held
        within = inside.documents.filter(folder_id__in=ids)
        await within.order_by("id").select_for_update()
        adopted = await within.exclude(adopted_number=None).exists()
        if adopted and inside.role != Role.COORDINATOR:
            raise Forbidden(Act.ADOPT)
        assert folder.parent_id is not None
        row = await _bin(inside, Item.FOLDER, folder.id, folder.name, folder.parent_id)
        await inside.documents.filter(folder_id__in=ids).update(trash_id=row.id)
        await inside.folders.filter(id__in=ids).update(trash_id=row.id)
        await inside.record(EventKind.FOLDER_TRASHED, folder_id=folder.parent_id)
        return row

    return await database.write(put)


async def _bin(inside: Inside, what: Item, item: int, name: str, folder_id: int) -> Trash:
    return await inside.create(
        Trash,
        what=what,
        item=item,
        name=name,
        path=path_of(await way(inside, folder_id)),
        person_id=inside.person.id,
        at=clock.now(),
    )


async def locked(inside: Inside, act: Act, trash_id: int) -> Trash:
    """Within a write: recheck, and return what was put in the trash, held. Raises NotFound."""
    return await inside.locked(act, Trash, trash_id)


async def restore(inside: Inside, trash_id: int) -> Document | Folder:
    """Bring back what was put in the trash, to where it was; return it.

    Where its folder is gone it comes to the network's own; where its name is taken it gets a
    number. Raises NotFound, Forbidden.
    """
    inside.require(Act.FILE)
    return await database.write(partial(_restore, inside, trash_id))


async def _restore(inside: Inside, trash_id: int) -> Document | Folder:
    top = await folders.locked_folder(inside, Act.FILE, (await folders.root(inside)).id)
    row = await locked(inside, Act.FILE, trash_id)
    found: Document | Folder | None
    if row.what == Item.FOLDER:
        found = await inside.trashed_folders.get_or_none(id=row.item)
        parent = found.parent_id if found else None
    else:
        found = await inside.trashed_documents.get_or_none(id=row.item)
        parent = found.folder_id if found else None
    if found is None or parent is None:
        raise door.NotFound
    at = await inside.folders.select_for_update().get_or_none(id=parent) or top
    name = await free_name(inside, at.id, found.name)
    here: dict[str, Any] = {"name": name, "name_key": document_names.key(name)}
    mine = {"trash_id": row.id}
    if isinstance(found, Folder):
        await inside.trashed_folders.filter(id=found.id).update(**here, parent_id=at.id)
        kind, ids = EventKind.FOLDER_RESTORED, {"folder_id": at.id}
    else:
        await inside.trashed_documents.filter(id=found.id).update(**here, folder_id=at.id)
        kind, ids = EventKind.DOCUMENT_RESTORED, {"folder_id": at.id, "document_id": found.id}
    await inside.trashed_documents.filter(**mine).update(trash_id=None)
    await inside.trashed_folders.filter(**mine).update(trash_id=None)
    await row.delete()
    await inside.record(kind, **ids)
    return found
