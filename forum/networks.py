"""Networks: creating them, naming their coordinators, changing and archiving them."""

from forum import names
from forum.language import gettext as _
from forum.language import swedish_key
from forum.refusals import Invalid
from forum.text import folded
from storage import database, door, events
from storage.documents import make_root
from storage.door import Inside
from storage.events import EventKind
from storage.networks import Network, NetworkKind, NetworkState
from storage.operators import seat_coordinator
from storage.organisations import Organisation
from storage.people import Person
from storage.roles import Act

SLUG_LIMIT = 60
DESCRIPTION_LIMIT = 2000
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
    name = names.checked(name)
    if parent_id is not None and kind == NetworkKind.NETWORK:
        raise Invalid(parent=_("Only a work group or a project may belong to a network."))
    address = _address(slug or name)

    async def create() -> Network:
        if await Network.exists(slug=address):
            raise Invalid(slug=_("Another network already has this address."))
        network = await Network.create(
            name=name,
            slug=address,
            kind=kind,
            description=names.described(description, DESCRIPTION_LIMIT),
            parent_id=parent_id,
        )
        await make_root(network.id)
        await _name_coordinator(operator, network, coordinator, organisation)
        return network

    return await database.write(create)


def _address(text: str) -> str:
    address = folded(text)[:SLUG_LIMIT].strip("-")
    if not address or address in RESERVED:
        raise Invalid(slug=_("Write an address with letters, such as lss-handlaggare."))
    return address


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
    membership, came = await seat_coordinator(operator, network, person, organisation)
    kind = EventKind.MEMBER_JOINED if came else EventKind.MEMBER_CHANGED
    await events.record(network.id, kind, operator.id, membership_id=membership.id)


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
    name = names.checked(name)
    state = NetworkState.ARCHIVED if archived else NetworkState.ACTIVE

    async def change() -> None:
        await inside.recheck(Act.MANAGE_NETWORK)
        await Network.filter(id=inside.network.id).update(
            name=name, description=names.described(description, DESCRIPTION_LIMIT), state=state
        )
        await inside.record(EventKind.NETWORK_CHANGED)

    await database.write(change)
