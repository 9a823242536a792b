"""The socket, on PostgreSQL, which tells other processes by NOTIFY and may be restarted."""

import asyncio
import signal

import pytest
from tortoise.connection import get_connection

from forum import discussions
from forum.settings import Settings
from tests.http.test_live import *  # noqa: F403
from tests.http.test_live import Opening, elsewhere, inside
from tests.postgres.server import Server
from tests.world import World

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restarted", "crashed"])
async def test_nothing_is_missed_while_the_database_is_restarted(
    server: Server, world: World, tab: Opening, served: Settings, how: signal.Signals
) -> None:
    ann = await inside(world, "ann")
    async with tab(world["bob"]) as one:
        await discussions.post_reply(ann, world.thread.id, "Före.", "f")
        assert len(await one.events()) == 1
        await database_is_safe()
        await asyncio.to_thread(server.restart, how)
        for n in range(3):
            verb = f'discussions.post_reply(ann, {world.thread.id}, "Efter {n}.", "e{n}")'
            await elsewhere(served, world, verb)
        seqs: list[int] = []
        while len(seqs) < 3:
            seqs += [event["seq"] for event in await one.events()]
        first = one.heard[0]["networks"][str(world.network.id)]
        assert seqs == [first + 2, first + 3, first + 4]


async def database_is_safe() -> None:
    """Have what was committed on disk: the tests' server, unlike a real one, does not wait."""
    await get_connection("default").execute_query("CHECKPOINT")
