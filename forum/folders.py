"""Folders: the tree of a network, made, renamed and moved."""

from collections.abc import Sequence

from forum import document_names
from forum.language import gettext as _
from forum.refusals import Invalid
from storage import clock, database, door
from storage.documents import Folder
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act
from storage.statements import made

#: Folders within folders: what programs on Windows still open.
DEPTH = 20


async def root(inside: Inside) -> Folder:
    """Return the folder that all others of the network lie in."""
    return await inside.folders.get(parent_id=None)


async def folder(inside: Inside, folder_id: int) -> Folder:
    """Return a folder that is not in the trash. Raises NotFound."""
    found = await inside.folders.get_or_none(id=folder_id)
    if found is None:
        raise door.NotFound
    return found


_WAY = """
    WITH RECURSIVE way (id, up) AS (
        SELECT id, 0 FROM folder WHERE network_id = :network_id AND id = :folder_id
        UNION ALL
        SELECT f.parent_id, way.up + 1 FROM folder f JOIN way ON f.id = way.id
        WHERE f.network_id = :network_id AND f.parent_id IS NOT NULL
    )
    SELECT f.* FROM folder f JOIN way ON f.id = way.id
    WHERE f.network_id = :network_id ORDER BY way.up DESC
"""


async def way(inside: Inside, folder_id: int) -> list[Folder]:
    """Return a folder with those that it lies in: the network's own first, itself last."""
    return [made(Folder, row) for row in await inside.read_few(_WAY, folder_id=folder_id)]


def path_of(way: Sequence[Folder]) -> str:
    """Return the names of folders below the network's own, with slashes between them."""
    return "/".join(one.name for one in way if one.parent_id is not None)


async def locked_folder(inside: Inside, act: Act, folder_id: int) -> Folder:
    """Within a write: recheck that she may, and return a folder, held so that names stay free.

    Raises NotFound also for one in the trash.
    """
    found = await inside.locked(act, Folder, folder_id)
    if found.trash_id is not None:
        raise door.NotFound
    return found


async def require_free(inside: Inside, folder: Folder, name: str) -> None:
    """Within a write that holds the folder: raise Invalid (``name``) when the name is taken."""
    key = document_names.key(name)
    if await inside.folders.filter(parent_id=folder.id, name_key=key).exists():
        raise Invalid(name=_("There is a folder with this name already."))
    if await inside.documents.filter(folder_id=folder.id, name_key=key).exists():
        raise Invalid(name=_("There is a document with this name already."))


async def create_folder(inside: Inside, parent_id: int, name: str) -> Folder:
    """Make a folder in another. Raises NotFound, Forbidden, or Invalid (``name``)."""
    inside.require(Act.FILE)
    name = document_names.checked(name)

    async def create() -> Folder:
        parent = await locked_folder(inside, Act.FILE, parent_id)
        await require_free(inside, parent, name)
        new = await _make(inside, parent, name)
        await inside.record(EventKind.FOLDER_CREATED, folder_id=new.id)
        return new

    return await database.write(create)


async def _make(inside: Inside, parent: Folder, name: str) -> Folder:
    if len(await way(inside, parent.id)) > DEPTH:
        raise Invalid(
            name=_("There are %(depth)d folders within each other already.") % {"depth": DEPTH}
        )
    return await inside.create(
        Folder,
        parent_id=parent.id,
        name=name,
        name_key=document_names.key(name),
        person_id=inside.person.id,
        created_at=clock.now(),
    )


async def below(inside: Inside, folder_id: int, names: Sequence[str]) -> Folder:
    """Within a write: return the folder that lies there, and make what is missing of the way.

    Raises NotFound, or Invalid (``name``) when a document stands in the way.
    """
    at = await locked_folder(inside, Act.FILE, folder_id)
    for name in names:
        key = document_names.key(name)
        next_one = await inside.folders.get_or_none(parent_id=at.id, name_key=key)
        if next_one is None:
            await require_free(inside, at, name)
            at = await _make(inside, at, name)
        else:
            # Held each: whoever comes straight to it must not take a name meanwhile.
            at = await locked_folder(inside, Act.FILE, next_one.id)
    return at


async def change_folder(inside: Inside, folder_id: int, *, name: str, parent_id: int) -> None:
    """Rename a folder, or move it with all that is in it.

    Raises NotFound, Forbidden, or Invalid (``name`` or ``folder``).
    """
    inside.require(Act.FILE)
    name = document_names.checked(name)

    async def change() -> None:
        moved, parent = await locked_tree(inside, Act.FILE, folder_id, parent_id)
        if folder_id in {one.id for one in await way(inside, parent_id)}:
            raise Invalid(folder=_("A folder cannot lie within itself. Choose another."))
        if await _depth(inside, folder_id) + len(await way(inside, parent_id)) > DEPTH + 1:
            raise Invalid(
                folder=_("There would be more than %(depth)d folders within each other.")
                % {"depth": DEPTH}
            )
        key = document_names.key(name)
        if (moved.parent_id, moved.name_key) != (parent.id, key):
            await require_free(inside, parent, name)
        await inside.folders.filter(id=folder_id).update(
            name=name, name_key=key, parent_id=parent.id
        )
        await inside.record(EventKind.FOLDER_CHANGED, folder_id=folder_id)

    await database.write(change)


async def locked_tree(inside: Inside, act: Act, *folder_ids: int) -> list[Folder]:
    """Within a write: hold these folders, and the tree as it is; return them.

    Of two who move folders into each other, one must see what the other has done: whoever changes
    the tree holds the network's own folder first. That one itself is none to move: NotFound, when
    it stands first.
    """
    top = await root(inside)
    if folder_ids[0] == top.id:
        raise door.NotFound
    held = {top.id: await locked_folder(inside, act, top.id)}
    for one in sorted(set(folder_ids) - {top.id}):
        held[one] = await locked_folder(inside, act, one)
    return [held[one] for one in folder_ids]


_TREE = """
    WITH RECURSIVE tree (id, down) AS (
        SELECT id, 1 FROM folder WHERE network_id = :network_id AND id = :folder_id
        UNION ALL
        SELECT f.id, tree.down + 1 FROM folder f JOIN tree ON f.parent_id = tree.id
        WHERE f.network_id = :network_id AND f.trash_id IS NULL
    )
    SELECT id, down FROM tree ORDER BY down, id
"""


async def tree(inside: Inside, folder_id: int) -> list[int]:
    """Return the ids of a folder and of all within it, a folder before what lies in it."""
    return [row["id"] for row in await inside.read(_TREE, folder_id=folder_id)]


async def _depth(inside: Inside, folder_id: int) -> int:
    rows = await inside.read(_TREE, folder_id=folder_id)
    return max((row["down"] for row in rows), default=0)
