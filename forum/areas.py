"""The subject areas of a network: adding, changing, ordering and removing them."""

from forum import names
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import one_line
from storage import database, door
from storage.door import Inside
from storage.events import EventKind
from storage.networks import Area
from storage.roles import Act

NAME_LIMIT = 80
DESCRIPTION_LIMIT = 300


async def areas_of(inside: Inside) -> list[Area]:
    """Return the subject areas in the coordinators' order."""
    return await inside.areas.order_by("position", "id")


async def add_area(inside: Inside, name: str, description: str = "") -> Area:
    """Add a subject area last. Raises Forbidden, or Invalid for an empty or taken name."""
    name = names.checked(name, NAME_LIMIT)

    async def add() -> Area:
        await inside.recheck(Act.MANAGE_AREAS)
        await inside.hold()
        await _refuse_taken(inside, name, None)
        last = await inside.areas.order_by("-position").first()
        area = await inside.create(
            Area,
            name=name,
            description=names.described(one_line(description), DESCRIPTION_LIMIT),
            position=last.position + 1 if last else 1,
        )
        await inside.record(EventKind.AREAS_CHANGED)
        return area

    return await database.write(add)


async def change_area(inside: Inside, area_id: int, *, name: str, description: str) -> None:
    """Rename or describe a subject area. Raises NotFound, Forbidden or Invalid."""
    name = names.checked(name, NAME_LIMIT)

    async def change() -> None:
        await inside.recheck(Act.MANAGE_AREAS)
        await inside.hold()
        await _refuse_taken(inside, name, area_id)
        changed = await inside.areas.filter(id=area_id).update(
            name=name, description=names.described(one_line(description), DESCRIPTION_LIMIT)
        )
        if not changed:
            raise door.NotFound
        await inside.record(EventKind.AREAS_CHANGED)

    await database.write(change)


async def move_area(inside: Inside, area_id: int, steps: int) -> None:
    """Move a subject area up (-1) or down (+1) in the order. Raises NotFound or Forbidden."""

    async def move() -> None:
        await inside.recheck(Act.MANAGE_AREAS)
        await inside.hold()
        ids = [area.id for area in await areas_of(inside)]
        if area_id not in ids:
            raise door.NotFound
        place = ids.index(area_id)
        ids.insert(max(0, place + steps), ids.pop(place))
        for position, moved in enumerate(ids, 1):
            await inside.areas.filter(id=moved).update(position=position)
        await inside.record(EventKind.AREAS_CHANGED)

    await database.write(move)


async def remove_area(inside: Inside, area_id: int) -> None:
    """Remove an empty subject area. Raises NotFound, Forbidden, or Invalid when it has threads."""

    async def remove() -> None:
        await inside.recheck(Act.MANAGE_AREAS)
        await inside.hold()
        if await inside.threads.filter(area_id=area_id).exists():
            raise Invalid(area=_("The subject area has threads and cannot be removed."))
        if not await inside.areas.filter(id=area_id).delete():
            raise door.NotFound
        await inside.record(EventKind.AREAS_CHANGED)

    await database.write(remove)


async def _refuse_taken(inside: Inside, name: str, area_id: int | None) -> None:
    others = await inside.areas.exclude(id=area_id or 0)
    if name.casefold() in {area.name.casefold() for area in others}:
        raise Invalid(name=_("There is already a subject area with this name."))
