"""What an operator may do in a network that she may not read: two things."""

from tortoise.queryset import QuerySet

from storage import clock
from storage.arrivals import Quota, used
from storage.door import Forbidden
from storage.networks import Function, Membership, Network
from storage.organisations import Organisation
from storage.people import Person
from storage.roles import Role


async def seat_coordinator(
    operator: Person, network: Network, person: Person, organisation: Organisation
) -> tuple[Membership, bool]:
    """Make somebody coordinator for an operator, and say whether she came by it (back) in.

    Call it within a write. Raises Forbidden for others than operators.
    """
    _require(operator)
    membership = (
        await QuerySet(Membership)
        .filter(network_id=network.id, person_id=person.id)
        .select_for_update()
        .get_or_none()
    )
    came = membership is None or not membership.present
    if membership is None:
        membership = Membership(network_id=network.id, person_id=person.id, function=Function.OTHER)
    if came:
        membership.starts_on = clock.today()
    membership.organisation_id = organisation.id
    membership.role, membership.ends_on = Role.COORDINATOR, None
    await membership.save()
    return membership, came


async def set_quota(operator: Person, network: Network, size: int | None) -> None:
    """Within a write: let a network keep so many bytes; None: as many as there is room for.

    Raises Forbidden for others than operators.
    """
    _require(operator)
    await QuerySet(Quota).filter(network_id=network.id).delete()
    if size is not None:
        await Quota.create(network_id=network.id, bytes=size)


async def quota(operator: Person, network: Network) -> tuple[int, int | None]:
    """Return how many bytes a network keeps, and may keep. Raises Forbidden."""
    _require(operator)
    own = await QuerySet(Quota).filter(network_id=network.id).get_or_none()
    return await used(network.id), own.bytes if own else None


def _require(operator: Person) -> None:
    if not operator.operator:
        raise Forbidden("manage networks")
