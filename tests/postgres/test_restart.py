"""PostgreSQL is restarted, or vanishes, under a running application."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import asyncpg
import httpx
import pytest
from tortoise.connection import get_connection

from forum import worker
from forum.settings import Settings
from storage import clock, database
from storage.jobs import Job
from storage.people import Person
from tests.conftest import Browser
from tests.postgres.server import Server
from tests.world import World

pytestmark = pytest.mark.postgres

Browsers = Callable[..., Browser]
HOW = [
    pytest.param(signal.SIGINT, id="restarted"),
    pytest.param(signal.SIGQUIT, id="crashed"),
]


async def _ready_for_a_crash() -> None:
    """Fill the pool, so that the crash cuts more than one connection.

    And have what was committed on disk: the tests' server, unlike a real one, does not wait for it.
    """
    await get_connection("default").execute_query("CHECKPOINT")
    await asyncio.gather(
        *(get_connection("default").execute_query("SELECT pg_sleep(0.05)") for _ in range(10))
    )


async def _asked(http: httpx.AsyncClient, path: str) -> int:
    # A task of its own, as the server makes for each request.
    answer = await asyncio.create_task(http.get(path))
    return answer.status_code


@pytest.mark.parametrize("how", HOW)
async def test_pages_and_posts_work_again_after_a_restart(
    server: Server, world: World, browser: Browsers, how: signal.Signals
) -> None:
    there = f"/n/{world.network.slug}/threads/{world.thread.id}"
    async with browser(world["bob"]) as http:
        assert await _asked(http, there) == 200
        await _ready_for_a_crash()
        await asyncio.to_thread(server.restart, how)
        # Each connection may fail once before it is known to be gone.
        answers = [await _asked(http, there) for _ in range(11)]
        assert answers[-1] == 200
        form = {"form_key": "k", "body": "Är vi tillbaka?"}
        posted = await asyncio.create_task(http.post(f"{there}/replies", data=form))
        assert posted.status_code == 303
        assert (await http.get(there)).text.count("Är vi tillbaka?") == 1


async def test_requests_fail_while_it_is_gone_and_leave_no_connection_behind(
    server: Server, world: World, browser: Browsers
) -> None:
    there = f"/n/{world.network.slug}/threads/{world.thread.id}"
    form = {"form_key": "k", "body": "Hör ni mig?"}
    async with browser(world["bob"]) as http:
        await _ready_for_a_crash()
        await asyncio.to_thread(server.stop, signal.SIGQUIT)
        try:
            gone = await asyncio.gather(
                *(http.post(f"{there}/replies", data=form) for _ in range(30))
            )
        finally:
            await asyncio.to_thread(server.start)
        assert {answer.status_code for answer in gone} == {500}
        assert all("<h1" in answer.text for answer in gone)
        back = await asyncio.gather(*(http.post(f"{there}/replies", data=form) for _ in range(30)))
        assert {answer.headers.get("location") for answer in back} == {f"{there}#post-3"}


async def test_a_task_whose_transaction_cannot_begin_can_write_again(world: World) -> None:
    """A worker or a socket lives on in the same task, and the pool has its connection back."""
    for attempt in range(12):
        _number, rows = await get_connection("default").execute_query("SELECT pg_backend_pid()")
        os.kill(rows[0]["pg_backend_pid"], signal.SIGTERM)
        time.sleep(0.05)  # not asyncio's: the connection must not notice before it is used
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await database.write(partial(_entitled, "förlorat"))
        async with asyncio.timeout(60):
            await database.write(partial(_entitled, f"försök {attempt}"))
        assert (await Person.get(id=world["bob"].id)).title == f"försök {attempt}"


async def _entitled(title: str) -> None:
    await Person.all().update(title=title)


async def test_a_request_that_is_cancelled_gives_its_connection_back(world: World) -> None:
    """Otherwise the pool would be empty after ten of them, and every page would wait for ever."""
    for turns in range(60):
        doomed = asyncio.create_task(database.write(_touched))
        for _ in range(turns % 20):
            await asyncio.sleep(0.0003)
        doomed.cancel()
        await asyncio.wait([doomed])
    async with asyncio.timeout(60):
        await asyncio.gather(*(database.write(_touched) for _ in range(20)))


async def _touched() -> None:
    await Person.all().update(phone="0123")


async def test_the_worker_goes_on_after_a_restart(
    server: Server, world: World, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = asyncio.Event()

    async def work(_job: Job, _settings: Settings) -> None:
        done.set()

    monkeypatch.setitem(worker.WORK, "test", work)
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.05)
    running = asyncio.create_task(worker.run(chosen))
    for _ in range(2):
        await Job.create(kind="test", run_at=clock.now())
        async with asyncio.timeout(60):
            await done.wait()
        await _ready_for_a_crash()
        await asyncio.to_thread(server.restart, signal.SIGQUIT)
        done.clear()
        await _connected_again()
    await Job.create(kind="test", run_at=clock.now())
    async with asyncio.timeout(60):
        await done.wait()
    running.cancel()
    await asyncio.wait([running])


async def _connected_again() -> None:
    """Each connection may fail once before it is known to be gone."""
    for _ in range(11):
        with suppress(OSError, asyncpg.PostgresError):
            await asyncio.create_task(_touched())
