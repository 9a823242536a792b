"""Networks and their subject areas: creating, changing, archiving."""

from forum.language import gettext as _
from forum.language import swedish_key
from forum.refusals import Invalid
from forum.text import folded, one_line
from storage import database, door
from storage.door import Inside
from storage.events import EventKind
from storage.networks import Area, Network, NetworkKind, NetworkState
from storage.organisations import Organisation
from storage.people import Person
from storage.roles import Act

SLUG_LIMIT = 60
DESCRIPTION_LIMIT = 2000
AREA_DESCRIPTION_LIMIT = 300
RESERVED = frozenset({"new"})


async def create_network(
    operator: Person,
    name: str,
    coordinator: Person,
    organisation: Organisation,
    *,
    kind: NetworkKind = NetworkKind.NETWORK,
    description: str = "",
    slug: str = "",
    parent_id: int | None = None,
) -> Network:
    """Create a network with its first coordinator. The operator gets no way in by it.

    Raises Forbidden when she is no operator, Invalid for a taken name or address.
    """
    _require_operator(operator)
    name = one_line(name)
    if not 1 <= len(name) <= 120:
        raise Invalid(name=_("Write a name of 1 to 120 characters."))
    if parent_id is not None and kind == NetworkKind.NETWORK:
        raise Invalid(parent=_("Only a work group or a project may belong to a network."))
    address = folded(slug or name)[:SLUG_LIMIT].strip("-")
    if not address or address in RESERVED:
        raise Invalid(slug=_("Write an address with letters, such as lss-handlaggare."))

    async def create() -> Network:
        if await Network.exists(slug=address):
            raise Invalid(slug=_("Another network already has this address."))
        network = await Network.create(
            name=name,
            slug=address,
            kind=kind,
            description=_described(description, DESCRIPTION_LIMIT),
            parent_id=parent_id,
        )
        await _name_coordinator(operator, network, coordinator, organisation)
        return network

    return await database.write(create)


async def name_coordinator(
    operator: Person, network: Network, person: Person, organisation: Organisation
) -> None:
    """Let an operator make somebody coordinator of a network that she may not read herself."""
    _require_operator(operator)
    if person.id == operator.id:
        # Otherwise an operator could read every network by naming herself.
        raise Invalid(person=_("You cannot name yourself. Ask a coordinator to add you."))
    await database.write(lambda: _name_coordinator(operator, network, person, organisation))


async def _name_coordinator(
    operator: Person, network: Network, person: Person, organisation: Organisation
) -> None:
    membership, came = await door.seat_coordinator(operator, network, person, organisation)
    kind = EventKind.MEMBER_JOINED if came else EventKind.MEMBER_CHANGED
    await door.record(network.id, kind, operator.id, membership_id=membership.id)


async def every(operator: Person) -> list[Network]:
    """Return every network's row, for an operator: its name, not what is in it."""
    _require_operator(operator)
    return sorted(await Network.all(), key=lambda one: swedish_key(one.name))


async def by_id(operator: Person, network_id: int) -> Network | None:
    """Return one network's row, for an operator."""
    _require_operator(operator)
    return await Network.get_or_none(id=network_id)


def _require_operator(person: Person) -> None:
    if not person.operator:
        raise door.Forbidden("manage networks")


async def parent_of(inside: Inside) -> Network | None:
    """Return the network that this one belongs to, to those who are in that one as well."""
    if inside.network.parent_id is None:
        return None
    mine = [one.network for one in await door.enter_all(inside.person)]
    return next((one for one in mine if one.id == inside.network.parent_id), None)


async def change_network(inside: Inside, *, name: str, description: str, archived: bool) -> None:
    """Change what the network is called and says of itself, or archive it or bring it back.

    Raises Forbidden unless one is a coordinator, Invalid for an empty name.
    """
    name = one_line(name)
    if not 1 <= len(name) <= 120:
        raise Invalid(name=_("Write a name of 1 to 120 characters."))
    state = NetworkState.ARCHIVED if archived else NetworkState.ACTIVE

    async def change() -> None:
        await inside.recheck(Act.MANAGE_NETWORK)
        await Network.filter(id=inside.network.id).update(
            name=name, description=_described(description, DESCRIPTION_LIMIT), state=state
        )
        await inside.record(EventKind.NETWORK_CHANGED)

    await database.write(change)


async def areas_of(inside: Inside) -> list[Area]:
    """Return the subject areas in the coordinators' order."""
    return await inside.areas.order_by("position", "id")


async def add_area(inside: Inside, name: str, description: str = "") -> Area:
    """Add a subject area last. Raises Forbidden, or Invalid for an empty or taken name."""
    name = _area_name(name)

    async def add() -> Area:
        await inside.recheck(Act.MANAGE_AREAS)
        await inside.hold()
        await _refuse_taken(inside, name, None)
        last = await inside.areas.order_by("-position").first()
        area = await inside.create(
            Area,
            name=name,
            description=_described(one_line(description), AREA_DESCRIPTION_LIMIT),
            position=last.position + 1 if last else 1,
        )
        await inside.record(EventKind.AREAS_CHANGED)
        return area

    return await database.write(add)


async def change_area(inside: Inside, area_id: int, *, name: str, description: str) -> None:
    """Rename or describe a subject area. Raises NotFound, Forbidden or Invalid."""
    name = _area_name(name)

    async def change() -> None:
        await inside.recheck(Act.MANAGE_AREAS)
        await inside.hold()
        await _refuse_taken(inside, name, area_id)
        changed = await inside.areas.filter(id=area_id).update(
            name=name, description=_described(one_line(description), AREA_DESCRIPTION_LIMIT)
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


def _described(text: str, limit: int) -> str:
    text = text.strip()
    if len(text) > limit:
        raise Invalid(
            description=_("The description may have at most %(limit)d characters.")
            % {"limit": limit}
        )
    return text


def _area_name(name: str) -> str:
    name = one_line(name)
    if not 1 <= len(name) <= 80:
        raise Invalid(name=_("Write a name of 1 to 80 characters."))
    return name


async def _refuse_taken(inside: Inside, name: str, area_id: int | None) -> None:
    others = await inside.areas.exclude(id=area_id or 0)
    if name.casefold() in {area.name.casefold() for area in others}:
        raise Invalid(name=_("There is already a subject area with this name."))
