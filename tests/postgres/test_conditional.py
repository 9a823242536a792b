"""Pages that are given again while nothing has been written, on PostgreSQL."""

import asyncio
import logging
import os
import signal

import asyncpg
import pytest

from forum.settings import Settings
from storage.snapshots import Snapshots
from tests.http.test_conditional import *  # noqa: F403
from tests.postgres.server import Server
from tests.world import World

pytestmark = pytest.mark.postgres

SOMETHING = "UPDATE person SET name = name WHERE id = 1"


async def test_a_snapshot_is_another_when_something_is_committed_and_not_before(
    chosen: Settings, world: World
) -> None:
    snapshots = Snapshots(chosen.database_url)
    other = await asyncpg.connect(chosen.database_url)
    try:
        before = await snapshots.present()
        assert before is not None
        await other.fetch("SELECT * FROM person")
        assert await snapshots.present() == before
        writing = other.transaction()
        await writing.start()
        await other.execute(SOMETHING)
        assert await snapshots.present() == before
        await writing.commit()
        assert await snapshots.present() != before
    finally:
        await other.close()
        await snapshots.close()


async def test_another_connection_never_finds_the_same_state(
    chosen: Settings, world: World
) -> None:
    # A server that has crashed gives numbers again that nothing had been written with.
    snapshots = Snapshots(chosen.database_url)
    try:
        before = await snapshots.present()
        assert await snapshots.present() == before
        assert snapshots._connection is not None
        snapshots._connection.terminate()
        assert await snapshots.present() not in {before, None}
    finally:
        await snapshots.close()


async def test_who_asks_while_an_answer_is_coming_shares_the_next_one(
    chosen: Settings, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "storage.snapshots")
    snapshots = Snapshots(chosen.database_url)
    other = await asyncpg.connect(chosen.database_url)
    try:
        first = asyncio.create_task(snapshots.present())
        # Its question is on its way.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await other.execute(SOMETHING)
        others = await asyncio.gather(*(snapshots.present() for _ in range(50)))
        assert len(set(others)) == 1
        assert await first is not None
        assert len(caplog.messages) == 2
        assert await snapshots.present() == others[0]
    finally:
        await other.close()
        await snapshots.close()


async def test_there_is_no_telling_while_the_server_is_gone(
    server: Server, chosen: Settings, world: World
) -> None:
    snapshots = Snapshots(chosen.database_url)
    try:
        assert await snapshots.present() is not None
        await asyncio.to_thread(server.restart, signal.SIGINT)
        # The connection that has been cut may be heard of first.
        await snapshots.present()
        assert await snapshots.present() is not None
    finally:
        await snapshots.close()


async def test_who_asks_a_database_that_does_not_answer_is_told_so_and_asks_it_anew(
    chosen: Settings, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.snapshots.SECONDS", 0.5)
    snapshots = Snapshots(chosen.database_url)
    try:
        before = await snapshots.present()
        assert snapshots._connection is not None
        pid = snapshots._connection.get_server_pid()
        os.kill(pid, signal.SIGSTOP)
        try:
            assert await snapshots.present() is None
            # By another connection, which never says that nothing has been written since.
            assert await snapshots.present() not in {before, None}
        finally:
            os.kill(pid, signal.SIGCONT)
    finally:
        await snapshots.close()
