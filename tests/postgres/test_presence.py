"""Who is here, on PostgreSQL, where the processes of one database tell each other."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from forum import sessions
from forum.settings import Settings
from realtime import presence
from storage import database
from storage.people import Person
from tests.faults.serving import Serving
from tests.http.test_live import Opening, Tab, dial
from tests.http.test_presence import *  # noqa: F403
from tests.http.test_presence import is_told_nobody_else, reads, say, told, want
from tests.world import World

pytestmark = pytest.mark.postgres


@pytest.fixture
def other(chosen: Settings, tmp_path: Path) -> Iterator[Serving]:
    """Another process that serves from this test's database."""
    data = tmp_path / "other" / "data"
    data.mkdir(parents=True)
    with Serving(data, DATABASE_URL=chosen.database_url) as started:
        yield started


@asynccontextmanager
async def tab_at(server: Serving, chosen: Settings, person: Person) -> AsyncIterator[Tab]:
    token = await sessions.start(person, "tests", remember=False)
    there = replace(chosen, port=server.port, base_url=server.url)
    async with dial(there, token) as socket:
        one = Tab(socket)
        await say(one, since={})
        assert (await one.hear())["type"] == "state"
        yield one


async def test_who_is_served_by_another_process_is_seen_and_sees(
    world: World, tab: Opening, other: Serving, chosen: Settings
) -> None:
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann, tab_at(other, chosen, world["bob"]) as bob:
        for one in (ann, bob):
            await reads(one, world, thread=world.thread.id)
        await told(ann, here=["Bob Berg"])
        await told(bob, here=["Ann Alm"])
        await say(bob, typing=True)
        await told(ann, typing=["Bob Berg"])
        await told(ann, typing=[])
        await say(ann, typing=True)
        await told(bob, typing=["Ann Alm"])
        await bob.socket.close()
        await told(ann, here=[])


async def test_a_process_that_is_killed_is_not_believed_for_long(
    world: World, tab: Opening, other: Serving, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "BELIEVED_SECONDS", 12.0)
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann, tab_at(other, chosen, world["bob"]):
        await reads(ann, world)
        await told(ann, here=["Bob Berg"])
        # As long as it lives, it says so again and again.
        for _again in range(20):
            await is_told_nobody_else(ann, ["Bob Berg"])
        other.kill()
        await told(ann, here=[])


async def test_it_goes_on_when_the_connection_that_listens_was_cut(
    world: World, tab: Opening, other: Serving, chosen: Settings
) -> None:
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann:
        await reads(ann, world)
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        assert await database.read(cut, {})
        await asyncio.sleep(2)
        async with tab_at(other, chosen, world["bob"]):
            await told(ann, here=["Bob Berg"])
