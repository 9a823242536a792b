"""Processes die, are renewed, and lose their database, while others write: open pages go on."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser

from forum.settings import Settings
from tests.browser.conftest import chromium
from tests.faults.open_pages import SHOWN, Ear, Replies, company, open_page, soon
from tests.faults.serving import Serving
from tests.faults.test_restart import _log_in, _there, told
from tests.postgres.server import Server
from tests.postgres.test_processes import WORKERS, _until, serving, workers
from tests.world import World

__all__ = ["chromium", "serving", "told"]

pytestmark = [pytest.mark.postgres, pytest.mark.browser]


@pytest.fixture
async def chosen(chosen: Settings) -> Settings:
    """Have commits wait for the log, as they do everywhere but in tests.

    Before the server connects: who has connected goes on as it was.
    """
    connection = await asyncpg.connect(chosen.database_url)
    try:
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on')
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
    return chosen


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
    told: World,
    chromium: Browser,
    replies: Replies,
    long: bool,
) -> None:
    posts = 100 if long else 15
    async with company(serving, chromium, told, replies) as everybody:
        for _ in range(4 if long else 1):
            await everybody.writers.go_on(posts)
            await asyncio.to_thread(server.stop, signal.SIGQUIT)
            await asyncio.sleep(1)
            await asyncio.to_thread(server.start)
            await everybody.writers.go_on(posts)
        await everybody.know_it_all()
        assert everybody.writers.refused


async def test_a_removed_member_hears_nothing_more_in_either_process(
    serving: Serving, told: World, chromium: Browser, replies: Replies, chosen: Settings
) -> None:
    async with serving.browser() as ann, serving.browser() as bob, asyncio.TaskGroup() as tasks:
        await _log_in(ann, told, "ann")
        await _log_in(bob, told, "bob")
        hers = Ear(serving, ann, str(told.network.id), replies)
        his: list[Ear] = []
        listening = [tasks.create_task(hers.listen())]
        # Each process has some of his tabs.
        while _holding(serving) != workers(serving):
            his.append(Ear(serving, bob, str(told.network.id), replies))
            listening.append(tasks.create_task(his[-1].listen()))
            await soon(lambda: all(ear.runs for ear in (hers, *his)))
        page = await open_page(chromium, bob, _there(told))
        shown = await page.evaluate(SHOWN)
        membership = await _membership(chosen, told)
        gone = await ann.post(f"/n/{told.network.slug}/members/{membership}/ending")
        assert gone.status_code == 303
        for number in range(5):
            form = {"form_key": "k", "body": f"Utan Bob, {number}."}
            assert (await ann.post(f"{_there(told)}/replies", data=form)).status_code == 303
        await soon(lambda: len(hers.runs[0][1]) == 6 and all(ear.opened > 1 for ear in his))
        await page.wait_for_timeout(1500)
        assert [seqs for ear in his for _start, seqs in ear.runs] == [[]] * len(his)
        assert await page.evaluate(SHOWN) == shown
        for one in listening:
            one.cancel()
        await page.context.close()


def _holding(server: Serving) -> set[int]:
    """Return those processes that have a connection with somebody."""
    established = "01"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    here = f":{server.port:04X}"
    inodes = {line[9] for line in lines if line[1].endswith(here) and line[3] == established}
    files = {pid: Path(f"/proc/{pid}/fd").iterdir() for pid in workers(server)}
    names = {f"socket:[{inode}]" for inode in inodes}
    return {pid for pid, opened in files.items() if names & {_named(one) for one in opened}}


def _named(file: Path) -> str:
    try:
        return str(file.readlink())
    except FileNotFoundError:
        return ""


async def _membership(chosen: Settings, world: World) -> int:
    connection = await asyncpg.connect(chosen.database_url)
    try:
        found: int = await connection.fetchval(
            "SELECT id FROM membership WHERE network_id = $1 AND person_id = $2",
            world.network.id,
            world["bob"].id,
        )
    finally:
        await connection.close()
    return found
