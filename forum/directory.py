"""The directory of a network's members, as their colleagues see them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from forum.language import swedish_key
from storage import door
from storage.door import Inside
from storage.networks import PRESENT, Function
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


_MEMBERS = f"""
    SELECT m.id, m.person_id, p.name, p.username, p.title, p.email, p.phone, p.picture,
        m.organisation_id, o.name AS organisation, m.function, m.role, m.starts_on, m.ends_on,
        CASE WHEN {PRESENT} THEN 1 ELSE 0 END AS present
    FROM membership m JOIN person p ON p.id = m.person_id
        JOIN organisation o ON o.id = m.organisation_id
    WHERE m.network_id = :network_id
"""  # noqa: S608 (put together from constants)


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
class Coordinator:
    """Somebody who coordinates networks of one's own, and how to reach her."""

    name: str
    organisation: str
    email: str | None
    phone: str
    networks: list[str]


async def coordinators_for(person: Person) -> list[Coordinator]:
    """Return who coordinates somebody's networks, except herself, in Swedish order of their names.

    Of a network in which she is a guest, who may not list members, it says nothing.
    """
    found: dict[int, Coordinator] = {}
    for inside in await door.enter_all(person):
        if not inside.may(Act.LIST_MEMBERS):
            continue
        for row in await inside.read(_MEMBERS + " AND m.role = 'coordinator'"):
            one = _member(row)
            if one.present and one.person_id != person.id:
                known = found.setdefault(
                    one.person_id,
                    Coordinator(one.name, one.organisation, one.email, one.phone, []),
                )
                known.networks.append(inside.network.name)
    for one_known in found.values():
        one_known.networks.sort(key=swedish_key)
    return sorted(found.values(), key=lambda one: swedish_key(one.name))


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
        f"""
        SELECT COUNT(*) AS n FROM membership m JOIN person p ON p.id = m.person_id
        WHERE m.network_id = :network_id AND {PRESENT}
        """  # noqa: S608 (put together from constants)
    )
    return int(rows[0]["n"])
