"""Processes die, are renewed, and lose their database, while others write: open pages go on."""

import asyncio
import os
import signal

import asyncpg
import pytest
from playwright.async_api import Browser

from forum.settings import Settings
from tests.browser.conftest import chromium
from tests.faults.open_pages import Replies, company
from tests.faults.serving import Serving
from tests.faults.test_restart import told
from tests.postgres.server import Server
from tests.postgres.test_processes import WORKERS, _until, serving, workers
from tests.world import World

__all__ = ["chromium", "serving", "told"]

pytestmark = [pytest.mark.postgres, pytest.mark.browser]


@pytest.fixture
def replies(chosen: Settings) -> Replies:
    """Return what reads the replies that have been committed."""

    async def read() -> dict[int, str]:
        connection = await asyncpg.connect(chosen.database_url)
        try:
            rows = await connection.fetch("SELECT id, body FROM reply")
        finally:
            await connection.close()
        return {row["id"]: row["body"] for row in rows}

    return read


async def _replaced(server: Serving, before: set[int]) -> None:
    """Wait until there are as many as ever, and none of those."""
    await asyncio.to_thread(
        _until, lambda: len(workers(server)) == WORKERS and not workers(server) & before
    )


async def test_one_process_after_the_other_is_killed(
    serving: Serving, told: World, chromium: Browser, replies: Replies, long: bool
) -> None:
    posts = 100 if long else 15
    async with company(serving, chromium, told, replies) as everybody:
        for _ in range(3 if long else 1):
            opened = [ear.opened for ear in everybody.ears]
            # Each page was told by one of them.
            for pid in workers(serving):
                await everybody.writers.go_on(posts)
                os.kill(pid, signal.SIGKILL)
                await _replaced(serving, {pid})
            await everybody.writers.go_on(posts)
            cut = zip(everybody.ears, opened, strict=True)
            assert all(ear.opened > before for ear, before in cut)
        await everybody.know_it_all()


async def test_all_processes_are_renewed(
    serving: Serving, told: World, chromium: Browser, replies: Replies, long: bool
) -> None:
    posts = 100 if long else 15
    async with company(serving, chromium, told, replies) as everybody:
        for _ in range(3 if long else 1):
            await everybody.writers.go_on(posts)
            before = workers(serving)
            back = asyncio.create_task(everybody.have_come_back())
            os.kill(serving.pid, signal.SIGHUP)
            await _replaced(serving, before)
            await back
            await everybody.writers.go_on(posts)
        await everybody.know_it_all()


async def test_the_database_crashes_and_is_started_again(
    serving: Serving,
    server: Server,
    chosen: Settings,
    told: World,
    chromium: Browser,
    replies: Replies,
    long: bool,
) -> None:
    posts = 100 if long else 15
    await _made_to_keep(chosen)
    async with company(serving, chromium, told, replies) as everybody:
        for _ in range(4 if long else 1):
            await everybody.writers.go_on(posts)
            await asyncio.to_thread(server.stop, signal.SIGQUIT)
            await asyncio.sleep(1)
            await asyncio.to_thread(server.start)
            await everybody.writers.go_on(posts)
        await everybody.know_it_all()
        assert everybody.writers.refused


async def _made_to_keep(chosen: Settings) -> None:
    """Have commits wait for the log, as they do everywhere but in tests."""
    connection = await asyncpg.connect(chosen.database_url)
    try:
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on')
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
