"""The door: who is let in, what she may do there, and that it is asked again at the write."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from forum import areas, discussions, marks, members, networks
from forum.new_threads import NewThread
from storage import clock, database, door, operators
from storage.discussions import Mention, ThreadKind
from storage.door import Archived, Forbidden, Inside, NotFound
from storage.networks import Area, Function, Membership, Network, NetworkState
from storage.organisations import Organisation
from storage.people import Person
from storage.readers import ReadMark
from storage.roles import IN_ARCHIVE, MAY, Act, Role, may
from tests.world import World, ask


async def ann(world: World) -> Inside:
    return await door.enter(world["ann"], world.network.slug)


async def bob(world: World) -> Inside:
    return await door.enter(world["bob"], world.network.slug)


async def membership_from(world: World, name: str, first: int, last: int | None) -> None:
    """Let a membership begin and end so many days from today."""
    day = clock.today() + timedelta(days=first)
    until = None if last is None else clock.today() + timedelta(days=last)
    inside = await ann(world)
    await inside.memberships.filter(person_id=world[name].id).update(starts_on=day, ends_on=until)


# Who is let in


@pytest.mark.parametrize(
    ("name", "role"), [("ann", Role.COORDINATOR), ("bob", Role.MEMBER), ("gus", Role.GUEST)]
)
async def test_a_member_is_let_in_as_what_she_is(world: World, name: str, role: Role) -> None:
    inside = await door.enter(world[name], world.network.slug)
    assert (inside.person, inside.network, inside.role) == (world[name], world.network, role)


@pytest.mark.parametrize("name", ["charlie", "eva", "olga"])
async def test_strangers_and_those_who_have_left_find_nothing(world: World, name: str) -> None:
    with pytest.raises(NotFound) as there:
        await door.enter(world[name], world.network.slug)
    with pytest.raises(NotFound) as nowhere:
        await door.enter(world[name], "finns-inte")
    assert there.value.args == nowhere.value.args == ()


@pytest.mark.parametrize("slug", ["", "BOENDESTOD", "boendestod ", "boendestod'--", "%", "1"])
async def test_a_network_has_one_name_at_the_door(world: World, slug: str) -> None:
    with pytest.raises(NotFound):
        await door.enter(world["ann"], slug)


@pytest.mark.parametrize(
    ("first", "last", "current"),
    [
        (0, None, True),
        (-9, 0, True),
        (0, 0, True),
        (-9, -1, False),
        (1, None, False),
        (1, 9, False),
    ],
)
async def test_a_membership_lets_in_from_its_first_day_through_its_last(
    world: World, first: int, last: int | None, current: bool
) -> None:
    await membership_from(world, "bob", first, last)
    everywhere = await door.enter_all(world["bob"])
    assert [inside.network.id for inside in everywhere] == [world.network.id] * current
    if current:
        assert (await bob(world)).person == world["bob"]
    else:
        with pytest.raises(NotFound):
            await bob(world)


async def test_a_deactivated_person_is_let_in_nowhere(world: World) -> None:
    await Person.filter(id=world["bob"].id).update(active=False)
    gone = await Person.get(id=world["bob"].id)
    with pytest.raises(NotFound):
        await door.enter(gone, world.network.slug)
    assert await door.enter_all(gone) == []


@pytest.mark.parametrize(("name", "count"), [("ann", 1), ("charlie", 1), ("eva", 0), ("olga", 0)])
async def test_one_is_let_into_all_of_ones_networks_and_no_other(
    world: World, name: str, count: int
) -> None:
    assert len(await door.enter_all(world[name])) == count


# What she may do


@pytest.mark.parametrize("act", Act)
async def test_the_table_of_roles_decides_and_each_act_is_in_it(world: World, act: Act) -> None:
    for name in ("ann", "bob", "gus"):
        inside = await door.enter(world[name], world.network.slug)
        assert inside.may(act) is (inside.role in MAY[act])
        if inside.may(act):
            inside.require(act)
        else:
            with pytest.raises(Forbidden) as refused:
                inside.require(act)
            assert not isinstance(refused.value, Archived)


def test_an_act_that_is_not_in_the_table_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MAY, Act.READ)
    assert [role for role in Role if may(role, Act.READ)] == []


async def test_nothing_is_written_in_an_archived_network(world: World) -> None:
    inside = await ann(world)
    await networks.change_network(inside, name="Boendestöd", description="", archived=True)
    inside = await ann(world)
    assert inside.network.state == NetworkState.ARCHIVED
    for act in set(Act) - IN_ARCHIVE:
        with pytest.raises(Archived):
            inside.require(act)
    for act in IN_ARCHIVE:
        inside.require(act)
    with pytest.raises(Forbidden) as refused:
        (await door.enter(world["gus"], world.network.slug)).require(Act.ASK)
    assert not isinstance(refused.value, Archived), "her role would not allow it anyway"


async def test_a_guest_reaches_nobodys_membership(world: World) -> None:
    guest = await door.enter(world["gus"], world.network.slug)
    with pytest.raises(Forbidden):
        _ = guest.memberships


async def test_everything_that_is_reached_is_of_this_network(world: World) -> None:
    there = await door.enter(world["charlie"], world.elsewhere.slug)
    area = (await there.areas)[0]
    thread = await ask(there, "Fråga", "Text.", area.id)
    await discussions.post_reply(there, thread.id, "Svar.", "svar")
    for inside in (there, await ann(world)):
        for rows in (
            inside.threads,
            inside.replies,
            inside.mentions,
            inside.areas,
            inside.events,
            inside.my_read_marks,
            inside.memberships,
        ):
            assert {row.network_id for row in await rows} <= {inside.network.id}
        assert await inside.threads.count() == 1


# What happens between the door and the transaction

Write = Callable[[Inside, World, "Spare"], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Spare:
    """What may be removed: an empty subject area, and a guest's membership."""

    area_id: int
    membership_id: int


async def spare(world: World) -> Spare:
    inside = await ann(world)
    area = await areas.add_area(inside, "Reserv")
    guest = await inside.memberships.get(person_id=world["gus"].id)
    return Spare(area.id, guest.id)


def _draft(world: World, kind: ThreadKind = ThreadKind.QUESTION) -> NewThread:
    return NewThread(kind, "Vem har en mall?", world.area_id, "Vi söker en.", clock.today())


#: Everything that somebody can write in a network for others to see.
WRITES: dict[str, Write] = {
    "ask": lambda me, world, _: discussions.create_thread(me, _draft(world), "asked"),
    "give notice": lambda me, world, _: discussions.create_thread(
        me, _draft(world, ThreadKind.NOTICE), "noticed"
    ),
    "reply": lambda me, world, _: discussions.post_reply(me, world.thread.id, "Ja.", "replied"),
    "mark": lambda me, world, _: marks.mark_helpful(me, world.reply.id, helpful=True),
    "solve": lambda me, world, _: marks.mark_solved(me, world.thread.id, solved=True),
    "add a member": lambda me, world, _: members.add_member(me, world["charlie"], 1),
    "change a member": lambda me, _, spare: members.change_member(
        me,
        spare.membership_id,
        organisation_id=1,
        function=Function.OTHER,
        role=Role.MEMBER,
        ends_on=None,
    ),
    "end a member": lambda me, _, spare: members.end_member(me, spare.membership_id),
    "add an area": lambda me, *_: areas.add_area(me, "Ekonomi"),
    "change an area": lambda me, _, spare: areas.change_area(
        me, spare.area_id, name="Annat", description=""
    ),
    "move an area": lambda me, _, spare: areas.move_area(me, spare.area_id, -1),
    "remove an area": lambda me, _, spare: areas.remove_area(me, spare.area_id),
    "change the network": lambda me, *_: networks.change_network(
        me, name="Annat", description="", archived=True
    ),
}
WRITTEN = ("thread", "reply", "mention", "membership", "area", "event", "network", "job")


async def written() -> dict[str, list[dict[str, Any]]]:
    return {
        table: await database.read(f"SELECT * FROM {table} ORDER BY id", {}) for table in WRITTEN
    }


@pytest.mark.parametrize("write", WRITES)
async def test_a_membership_that_ended_after_the_door_writes_nothing(
    world: World, write: str
) -> None:
    await membership_from(world, "bob", -9, None)
    others = (await ann(world)).memberships
    await others.filter(person_id=world["bob"].id).update(role=Role.COORDINATOR)
    entered = await bob(world)
    entered.require(Act.MANAGE_MEMBERS)
    things = await spare(world)
    await membership_from(world, "bob", -9, -1)
    before = await written()
    with pytest.raises(NotFound):
        await WRITES[write](entered, world, things)
    assert await written() == before


@pytest.mark.parametrize("write", sorted(set(WRITES) - {"reply"}))
async def test_a_role_that_was_taken_after_the_door_writes_nothing(
    world: World, write: str
) -> None:
    entered, things = await ann(world), await spare(world)
    await entered.memberships.filter(person_id=world["ann"].id).update(role=Role.GUEST)
    before = await written()
    with pytest.raises(Forbidden):
        await WRITES[write](entered, world, things)
    assert await written() == before


@pytest.mark.parametrize("write", sorted(set(WRITES) - {"change the network"}))
async def test_a_network_that_was_archived_after_the_door_takes_nothing(
    world: World, write: str
) -> None:
    entered, things = await ann(world), await spare(world)
    await Network.filter(id=world.network.id).update(state=NetworkState.ARCHIVED)
    before = await written()
    with pytest.raises(Archived):
        await WRITES[write](entered, world, things)
    assert await written() == before


@pytest.mark.parametrize("write", WRITES)
async def test_each_of_these_writes_otherwise(world: World, write: str) -> None:
    """Otherwise the three tests above would prove nothing."""
    things = await spare(world)
    before = await written()
    await WRITES[write](await ann(world), world, things)
    assert await written() != before


# What the door makes


async def test_what_is_made_inside_belongs_to_the_network(world: World) -> None:
    inside = await ann(world)
    area = await inside.create(Area, name="Ekonomi")
    rows = [{"thread_id": world.thread.id, "person_id": person.id} for person in (world["bob"],)]
    await inside.create_many(Mention, rows)
    await inside.create_many(Mention, [])
    values = {"number": 1, "at": clock.now()}
    key = {"thread_id": world.thread.id, "person_id": world["gus"].id}
    mark, made = await inside.get_or_create(ReadMark, values, **key)
    again, made_again = await inside.get_or_create(ReadMark, values, **key)
    assert (made, made_again, mark.id) == (True, False, again.id)
    assert area.network_id == mark.network_id == world.network.id
    assert await inside.areas.filter(id=area.id).exists()
    assert [mention.person_id for mention in await inside.mentions] == [world["bob"].id]


async def test_nobody_says_which_network_a_row_is_made_in(world: World) -> None:
    inside = await ann(world)
    other: dict[str, Any] = {"network_id": world.elsewhere.id}
    before = await written()
    with pytest.raises(TypeError):
        await inside.create(Area, name="Ekonomi", **other)
    with pytest.raises(TypeError):
        await inside.create_many(Area, [{"name": "Ekonomi", **other}])
    with pytest.raises(TypeError):
        await inside.get_or_create(Area, {}, name="Allmänt", **other)
    assert await written() == before


async def test_sql_reads_as_this_network_whatever_it_is_given(world: World) -> None:
    inside = await ann(world)
    sql = "SELECT :network_id AS network, :person_id AS person, :role AS role"
    rows = await inside.read(sql, network_id=world.elsewhere.id, person_id=0, role="guest")
    assert rows == [{"network": world.network.id, "person": world["ann"].id, "role": "coordinator"}]


async def test_sql_changes_this_network_alone_and_only_within_a_write(world: World) -> None:
    inside = await ann(world)
    name = "UPDATE area SET name = :name WHERE network_id = :network_id"
    await database.write(lambda: inside.change(name, name="Ekonomi", network_id=0))
    there = await door.enter(world["charlie"], world.elsewhere.slug)
    assert [area.name for area in await inside.areas] == ["Ekonomi"]
    assert "Ekonomi" not in [area.name for area in await there.areas]
    with pytest.raises(RuntimeError, match="outside a write"):
        await inside.change(name, name="Teknik")
    with pytest.raises(ValueError, match="every network"):
        await database.write(lambda: inside.change("UPDATE area SET name = 'Teknik'"))
    assert [area.name for area in await inside.areas] == ["Ekonomi"]


async def test_an_operator_seats_a_coordinator_and_nobody_else_does(world: World) -> None:
    home = await Organisation.get(name="Habo")
    seat = (world.network, world["bob"], home)
    seated, came = await operators.seat_coordinator(world["olga"], *seat)
    assert (seated.person_id, seated.role, came) == (world["bob"].id, Role.COORDINATOR, False)
    with pytest.raises(Forbidden):
        await operators.seat_coordinator(world["ann"], *seat)


def test_who_is_inside_is_not_changed_afterwards() -> None:
    inside = Inside(Person(id=1), Network(id=1), Membership(network_id=1, role=Role.GUEST))
    with pytest.raises(AttributeError):
        inside.network = Network(id=2)  # type: ignore[misc]
    assert replace(inside, network=Network(id=2)).network.id == 2
