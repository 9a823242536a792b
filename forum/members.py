"""Memberships: adding members to a network, changing what they are, ending their time."""

from datetime import date, timedelta

from forum.language import gettext as _
from forum.refusals import Invalid
from storage import clock, database, door
from storage.door import Inside
from storage.events import EventKind
from storage.networks import Function, Membership
from storage.people import Person
from storage.roles import Act, Role


async def add_member(
    inside: Inside,
    person: Person,
    organisation_id: int,
    *,
    function: Function = Function.REPRESENTATIVE,
    role: Role = Role.MEMBER,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Make somebody a member, or bring back one whose time had ended.

    Raises Forbidden unless one is a coordinator, Invalid for a member already or wrong dates.
    """
    begins = starts_on or clock.today()
    refuse_wrong_dates(begins, ends_on)
    terms = {
        "organisation_id": organisation_id,
        "function": function,
        "role": role,
        "starts_on": begins,
        "ends_on": ends_on,
    }

    async def add() -> Membership:
        await inside.recheck(Act.MANAGE_MEMBERS)
        membership, made = await inside.get_or_create(Membership, terms, person_id=person.id)
        if not made:
            if membership.ends_on is None or membership.ends_on >= clock.today():
                raise Invalid(person=_("%(name)s is already a member.") % {"name": person.name})
            await membership.update_from_dict(terms).save()
        await inside.record(EventKind.MEMBER_JOINED, membership_id=membership.id)
        return membership

    return await database.write(add)


async def change_member(
    inside: Inside,
    membership_id: int,
    *,
    organisation_id: int,
    function: Function,
    role: Role,
    ends_on: date | None,
) -> None:
    """Change what somebody is in the network and until when.

    Raises Forbidden, NotFound, or Invalid for wrong dates and for the last coordinator.
    """

    async def change() -> None:
        await inside.recheck(Act.MANAGE_MEMBERS)
        membership = await _locked(inside, membership_id)
        kind, today = EventKind.MEMBER_CHANGED, clock.today()
        if ends_on != membership.ends_on:
            refuse_wrong_dates(membership.starts_on, ends_on)
            if membership.ends_on is not None and membership.ends_on < today:
                # Back again: what was written meanwhile is not news to her.
                kind, membership.starts_on = EventKind.MEMBER_JOINED, today
        if role != Role.COORDINATOR or ends_on is not None:
            await _keep_a_coordinator(inside, membership)
        membership.organisation_id = organisation_id
        membership.function, membership.role = function, role
        membership.ends_on = ends_on
        await membership.save()
        await inside.record(kind, membership_id=membership.id)

    await database.write(change)


async def end_member(inside: Inside, membership_id: int) -> None:
    """End somebody's membership now: yesterday was her last day.

    Raises Forbidden, NotFound, or Invalid for the last coordinator.
    """

    async def end() -> None:
        await inside.recheck(Act.MANAGE_MEMBERS)
        membership = await _locked(inside, membership_id)
        if membership.ends_on is not None and membership.ends_on < clock.today():
            return
        await _keep_a_coordinator(inside, membership)
        membership.ends_on = clock.today() - timedelta(days=1)
        await membership.save()
        await inside.record(EventKind.MEMBER_ENDED, membership_id=membership.id)

    await database.write(end)


async def _locked(inside: Inside, membership_id: int) -> Membership:
    membership = await inside.memberships.filter(id=membership_id).select_for_update().get_or_none()
    if membership is None:
        raise door.NotFound
    return membership


async def _keep_a_coordinator(inside: Inside, leaving: Membership) -> None:
    """A coordinator whose membership has an end date does not count: she will be gone.

    Every coordinator's row is locked, in one order, so that two who leave at once cannot both.
    """
    coordinators = (
        await inside.memberships.filter(role=Role.COORDINATOR, ends_on=None)
        .order_by("id")
        .select_for_update()
    )
    today = clock.today()
    others = [one for one in coordinators if one.id != leaving.id and one.starts_on <= today]
    others = [one for one in others if await Person.exists(id=one.person_id, active=True)]
    if leaving.role == Role.COORDINATOR and not others:
        raise Invalid(
            role=_("The network needs a coordinator. Make somebody else coordinator first.")
        )


def refuse_wrong_dates(starts_on: date, ends_on: date | None) -> None:
    """Raise Invalid for a last day that lies before the first day or before today."""
    if ends_on is not None and ends_on < max(starts_on, clock.today()):
        raise Invalid(ends_on=_("The last day cannot be before today or before the first day."))
