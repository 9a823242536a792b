"""Events: numbered without a gap, told after the commit, and only to whom they are for."""

import asyncio
from functools import partial
from typing import Any

import pytest

from forum import areas, discussions, login_links, marks
from forum.refusals import Invalid
from storage import database, door, events
from storage.door import Inside
from storage.events import Audience, EventKind
from storage.jobs import Job
from storage.networks import Area, Network
from tests.world import World, ask


async def ann(world: World) -> Inside:
    return await door.enter(world["ann"], world.network.slug)


WRITTEN = ("thread", "reply", "mention", "membership", "area", "event", "network", "job")


async def written() -> dict[str, list[dict[str, Any]]]:
    return {
        table: await database.read(f"SELECT * FROM {table} ORDER BY id", {}) for table in WRITTEN
    }


async def _seqs(network: Network) -> list[int]:
    sql = "SELECT seq FROM event WHERE network_id = :id ORDER BY id"
    return [row["seq"] for row in await database.read(sql, {"id": network.id})]


async def test_events_are_numbered_without_a_gap_in_the_order_of_commits(world: World) -> None:
    me = await ann(world)
    before = len(await _seqs(world.network))
    woken: list[tuple[int, int]] = []
    stop = events.on_commit(lambda network_id, seq: woken.append((network_id, seq)))
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    elsewhere = len(await _seqs(world.elsewhere))
    area = await areas.add_area(me, "Ekonomi")
    await areas.move_area(me, area.id, -1)
    await ask(me, "Vem har en mall?", "Vi söker en.", area.id)
    await marks.mark_helpful(me, world.reply.id, helpful=True)
    await marks.mark_solved(me, world.thread.id, solved=True)
    with pytest.raises(Invalid):
        await areas.add_area(me, "Ekonomi")
    with pytest.raises(Invalid):
        await areas.remove_area(me, area.id)
    await asyncio.gather(
        *(discussions.post_reply(me, world.thread.id, f"Svar {n}", f"many {n}") for n in range(20)),
        *(areas.add_area(charlie, f"Område {n}") for n in range(5)),
    )
    stop()
    seqs = await _seqs(world.network)
    assert seqs == list(range(1, before + 5 + 20 + 1))
    assert await _seqs(world.elsewhere) == list(range(1, elsewhere + 5 + 1))
    assert (await Network.get(id=world.network.id)).seq == seqs[-1]
    here = [seq for network_id, seq in woken if network_id == world.network.id]
    # Of several at once, on PostgreSQL each hears of its own commit when it has its turn.
    assert sorted(here) == seqs[before:], "each is told once, when it has been committed"


async def test_of_what_was_rolled_back_nothing_is_kept_and_nobody_is_told(world: World) -> None:
    me = await ann(world)
    woken: list[int] = []
    stop = events.on_commit(lambda _network_id, seq: woken.append(seq))
    before = await written()

    async def breaks() -> None:
        await me.create(Area, name="Ekonomi")
        await me.record(EventKind.AREAS_CHANGED)
        await login_links.ask_for("ann.alm", "192.0.2.7")
        assert await Job.exists(kind=login_links.JOB)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        await database.write(breaks)
    stop()
    assert await written() == before
    assert woken == []


async def test_listeners_are_told_after_the_commit_and_not_before(world: World) -> None:
    me = await ann(world)
    committed: list[int] = []

    async def adds() -> None:
        await me.create(Area, name="Ekonomi")
        await me.record(EventKind.AREAS_CHANGED)
        assert committed == []

    stop = events.on_commit(lambda _network_id, seq: committed.append(seq))
    await database.write(adds)
    stop()
    assert len(committed) == 1


async def test_events_say_who_may_be_told(world: World) -> None:
    me = await ann(world)
    charlie = world["charlie"].id
    for audience in (Audience.MEMBERS, Audience.COORDINATORS):
        await database.write(partial(me.record, EventKind.AREAS_CHANGED, audience=audience))
    for persons in ([world["bob"].id, charlie], [charlie], [charlie * 10 + world["bob"].id]):
        told = partial(me.record, EventKind.AREAS_CHANGED, persons=persons)
        await database.write(partial(told, audience=Audience.PERSONS))

    async def audiences(name: str) -> list[Audience]:
        inside = await door.enter(world[name], world.network.slug)
        return sorted({event.audience for event in await inside.events})

    assert await audiences("ann") == [Audience.COORDINATORS, Audience.MEMBERS]
    assert await audiences("bob") == [Audience.MEMBERS, Audience.PERSONS]
    assert await audiences("gus") == [Audience.MEMBERS]


async def test_what_is_for_persons_is_told_to_those_who_are_named_and_to_no_coordinator(
    world: World,
) -> None:
    me, bob = await ann(world), await door.enter(world["bob"], world.network.slug)
    before = await bob.events.all().count()
    named = [world["bob"].id, world["gus"].id]
    told = partial(me.record, EventKind.THREAD_REMINDED, thread_id=world.thread.id)
    await database.write(partial(told, audience=Audience.PERSONS, persons=named))
    hers = await bob.events.filter(kind=EventKind.THREAD_REMINDED).get()
    assert (hers.thread_id, hers.persons) == (world.thread.id, named)
    assert await bob.events.all().count() == before + 1
    assert not await me.events.filter(kind=EventKind.THREAD_REMINDED).exists()
    assert await bob.events.filter(id=hers.id).update(at=hers.at) == 1


@pytest.mark.parametrize("persons", [None, []])
async def test_an_event_for_persons_names_them_and_no_other_does(
    world: World, persons: list[int] | None
) -> None:
    me = await ann(world)
    told = partial(me.record, EventKind.THREAD_REMINDED, audience=Audience.PERSONS)
    with pytest.raises(ValueError, match="persons"):
        await database.write(partial(told, persons=persons))
    with pytest.raises(ValueError, match="persons"):
        await database.write(partial(me.record, EventKind.THREAD_REMINDED, persons=[1]))
