"""Members of a network: adding them, changing what they are, ending their time."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from forum.language import gettext as _
from forum.language import swedish_key
from forum.refusals import Invalid
from storage import clock, database, door
from storage.door import Inside
from storage.events import EventKind
from storage.networks import Function, Membership
from storage.organisations import Organisation
from storage.people import Person
from storage.roles import Act, Role


@dataclass(frozen=True, slots=True)
class Member:
    """A member as colleagues see her."""

    id: int
    person_id: int
    name: str
    username: str
    title: str
    email: str | None
    phone: str
    picture: str | None
    organisation_id: int
    organisation: str
    function: Function
    role: Role
    starts_on: date
    ends_on: date | None
    present: bool


_MEMBERS = """
    SELECT m.id, m.person_id, p.name, p.username, p.title, p.email, p.phone, p.picture,
        m.organisation_id, o.name AS organisation, m.function, m.role, m.starts_on, m.ends_on,
        CASE WHEN p.active AND m.starts_on <= :today AND (m.ends_on IS NULL OR m.ends_on >= :today)
            THEN 1 ELSE 0 END AS present
    FROM membership m JOIN person p ON p.id = m.person_id
        JOIN organisation o ON o.id = m.organisation_id
    WHERE m.network_id = :network_id
"""


def _member(row: dict[str, Any]) -> Member:
    row |= {
        "function": Function(row["function"]),
        "role": Role(row["role"]),
        "present": bool(row["present"]),
    }
    return Member(**row)


async def members_of(inside: Inside, *, ended: bool = False) -> list[Member]:
    """Return the members in Swedish order of their names; with ``ended``, those of the past too.

    Raises Forbidden for a guest.
    """
    inside.require(Act.LIST_MEMBERS)
    members = [_member(row) for row in await inside.read(_MEMBERS)]
    shown = [member for member in members if member.present or ended]
    return sorted(shown, key=lambda member: (not member.present, swedish_key(member.name)))


async def member(inside: Inside, membership_id: int) -> Member:
    """Return one member. Raises Forbidden for a guest, NotFound for no such member here."""
    inside.require(Act.LIST_MEMBERS)
    rows = await inside.read(_MEMBERS + " AND m.id = :membership_id", membership_id=membership_id)
    if not rows:
        raise door.NotFound
    found = _member(rows[0])
    if found.present or inside.may(Act.MANAGE_MEMBERS):
        return found
    # How to reach her is for those whom she still works with.
    return replace(found, email=None, phone="", picture=None)


@dataclass(frozen=True, slots=True)
class Written:
    """A post of hers, by its thread's title."""

    thread_id: int
    number: int
    title: str
    created_at: datetime


_WRITTEN = """
    SELECT t.id AS thread_id, 1 AS number, t.title, t.created_at FROM thread t
    WHERE t.network_id = :network_id AND t.author_id = :author_id AND t.hidden_at IS NULL
    UNION ALL
    SELECT r.thread_id, r.number, t.title, r.created_at
    FROM reply r JOIN thread t ON t.id = r.thread_id
    WHERE r.network_id = :network_id AND r.author_id = :author_id
        AND r.hidden_at IS NULL AND t.hidden_at IS NULL
    ORDER BY created_at DESC, thread_id DESC LIMIT :most
"""


async def latest_of(inside: Inside, person_id: int, most: int = 5) -> list[Written]:
    """Return what a member has written here last. Raises Forbidden for a guest."""
    inside.require(Act.LIST_MEMBERS)
    rows = await inside.read(_WRITTEN, author_id=person_id, most=most)
    return [Written(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class Seat:
    """What somebody is in one of her networks."""

    network: str
    slug: str
    organisation: str
    function: Function
    role: Role


async def seats_of(person: Person) -> list[Seat]:
    """Return what somebody is in each of her networks, in Swedish order of their names."""
    entered = await door.enter_all(person)
    homes = {
        one.id: one.name
        for one in await Organisation.filter(
            id__in=[inside.membership.organisation_id for inside in entered]
        )
    }
    seats = [
        Seat(
            network=inside.network.name,
            slug=inside.network.slug,
            organisation=homes[inside.membership.organisation_id],
            function=inside.membership.function,
            role=inside.role,
        )
        for inside in entered
    ]
    return sorted(seats, key=lambda seat: swedish_key(seat.network))


async def count_members(inside: Inside) -> int:
    """Return how many members the network has today; a number that a guest may see too."""
    rows = await inside.read(
        "SELECT COUNT(*) AS n FROM membership m JOIN person p ON p.id = m.person_id"
        " WHERE m.network_id = :network_id AND p.active"
        " AND m.starts_on <= :today AND (m.ends_on IS NULL OR m.ends_on >= :today)"
    )
    return int(rows[0]["n"])


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

    async def add() -> Membership:
        await inside.recheck(Act.MANAGE_MEMBERS)
        membership, made = await inside.get_or_create(
            Membership,
            {
                "organisation_id": organisation_id,
                "function": function,
                "role": role,
                "starts_on": begins,
                "ends_on": ends_on,
            },
            person_id=person.id,
        )
        if not made:
            if membership.ends_on is None or membership.ends_on >= clock.today():
                raise Invalid(person=_("%(name)s is already a member.") % {"name": person.name})
            membership.organisation_id = organisation_id
            membership.function, membership.role = function, role
            membership.starts_on, membership.ends_on = begins, ends_on
            await membership.save()
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
