"""What an operator may do with memberships, which is one thing."""

from tortoise.queryset import QuerySet

from storage import clock
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
    if not operator.operator:
        raise Forbidden("seat a coordinator")
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
