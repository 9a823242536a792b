"""Several processes behind one port: a death is nobody's trouble, and their numbers are one sum."""

import asyncio
import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import httpx
import pytest

from forum import health
from forum.settings import Settings
from tests.faults.serving import Serving
from tests.faults.test_ending import SECONDS, live
from tests.faults.test_restart import _log_in, _there, told
from tests.http.test_operations import TOKEN, numbers
from tests.postgres.server import Server
from tests.world import World

__all__ = ["told"]

pytestmark = pytest.mark.postgres

WORKERS = 2


@pytest.fixture
def serving(chosen: Settings, tmp_path: Path) -> Iterator[Serving]:
    """``samverkan serve --workers 2``."""
    data = tmp_path / "data"
    data.mkdir()
    database = {"DATABASE_URL": chosen.database_url, "METRICS_TOKEN": TOKEN}
    with Serving(data, "--workers", str(WORKERS), **database) as started:
        _until(lambda: len(workers(started)) == WORKERS)
        yield started
        for pid in descendants(started.pid):
            os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> set[int]:
    """Return the processes that it has started, and those that they have."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return set()
    children = {int(child) for child in found.split()}
    return children.union(*(descendants(child) for child in children))


def workers(server: Serving) -> set[int]:
    """Return the processes that serve."""
    serve = set()
    for pid in descendants(server.pid):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except FileNotFoundError:
            continue
        if b"spawn_main" in command:
            serve.add(pid)
    return serve


def running(pids: set[int]) -> set[int]:
    """Return those that have not ended."""
    return {pid for pid in pids if Path(f"/proc/{pid}/cmdline").exists() and not _dead(pid)}


def _dead(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _until(what: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 60
    while not what():
        assert time.monotonic() < give_up
        time.sleep(0.05)


async def _answered(server: Serving) -> float:
    """Return how often the help page has been answered, as the process that is asked says."""
    async with server.browser() as http:
        answer = await http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    return numbers(answer).get(("samverkan_requests_total", ("GET", "/help", "200")), 0)


async def test_whichever_process_is_asked_tells_the_numbers_of_all(serving: Serving) -> None:
    before = await _answered(serving)
    async with serving.browser() as http:
        await asyncio.gather(*(http.get("/help") for _ in range(40)))
    assert {await _answered(serving) for _ in range(10)} == {before + 40}
    # What has died is not forgotten: a counter that falls looks like a new beginning.
    os.kill(min(workers(serving)), signal.SIGKILL)
    _until(lambda: serving.log().count("Application startup complete") == WORKERS + 1)
    assert {await _answered(serving) for _ in range(10)} == {before + 40}


async def _sockets(server: Serving) -> float:
    """Return how many sockets are open, as the process that is asked says."""
    async with server.browser() as http:
        answer = await http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    return numbers(answer)["samverkan_sockets", ()]


async def test_only_sockets_that_are_open_are_counted(serving: Serving, told: World) -> None:
    async with serving.browser() as http:
        await _log_in(http, told, "bob")
        tabs = [await live(serving, http) for _ in range(12)]
    for tab in tabs:
        await tab.send('{"since": {}}')
        await tab.recv()
    assert {await _sockets(serving) for _ in range(6)} == {12}
    os.kill(min(workers(serving)), signal.SIGKILL)
    _until(lambda: serving.log().count("Application startup complete") == WORKERS + 1)
    # Those of the process that died are gone with it.
    await asyncio.sleep(0.5)
    left = [tab for tab in tabs if tab.close_code is None]
    assert {await _sockets(serving) for _ in range(6)} == {len(left)}
    for tab in left:
        await tab.close()


async def _replies(settings: Settings) -> set[str]:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return {row["body"] for row in await connection.fetch("SELECT body FROM reply")}
    finally:
        await connection.close()


async def _post(
    http: httpx.AsyncClient, world: World, texts: Iterator[str], until: asyncio.Event
) -> tuple[set[str], int]:
    """Post until told to stop; return what was acknowledged, and how often nobody answered."""
    acknowledged, unanswered = set(), 0
    while not until.is_set():
        text = next(texts)
        try:
            form = {"form_key": "k", "body": text}
            answer = await http.post(f"{_there(world)}/replies", data=form)
        except httpx.TransportError:
            unanswered += 1
            continue
        assert answer.status_code == 303, answer.text
        acknowledged.add(text)
    return acknowledged, unanswered


async def test_a_process_that_is_killed_is_replaced_while_the_others_go_on(
    serving: Serving, chosen: Settings, told: World
) -> None:
    texts = (f"Svar {number}." for number in itertools.count())
    enough = asyncio.Event()
    async with serving.browser() as ann, serving.browser() as bob:
        await _log_in(ann, told, "ann")
        await _log_in(bob, told, "bob")
        going = [asyncio.create_task(_post(http, told, texts, enough)) for http in (ann, bob) * 2]
        first = workers(serving)
        await asyncio.sleep(0.5)
        os.kill(min(first), signal.SIGKILL)
        # What another has accepted of the shared port is answered by nobody else.
        await asyncio.to_thread(
            _until, lambda: len(workers(serving)) == WORKERS and workers(serving) != first
        )
        await asyncio.sleep(0.5)
        enough.set()
        results = await asyncio.gather(*going)
    acknowledged = set().union(*(told for told, _ in results))
    assert acknowledged <= await _replies(chosen)
    assert len(acknowledged) > 10
    # At most what each was waiting for when it died.
    assert sum(unanswered for _, unanswered in results) <= len(going)
    assert max(first) in workers(serving)


async def test_all_are_renewed_one_by_one_while_posts_are_taken(
    serving: Serving, chosen: Settings, told: World
) -> None:
    texts = (f"Svar {number}." for number in itertools.count())
    enough = asyncio.Event()
    before = workers(serving)
    async with serving.browser() as ann:
        await _log_in(ann, told, "ann")
        going = [asyncio.create_task(_post(ann, told, texts, enough)) for _ in range(2)]
        os.kill(serving.pid, signal.SIGHUP)
        await asyncio.to_thread(
            _until, lambda: len(workers(serving)) == WORKERS and not workers(serving) & before
        )
        enough.set()
        results = await asyncio.gather(*going)
    acknowledged = set().union(*(told for told, _ in results))
    assert acknowledged
    assert acknowledged <= await _replies(chosen)


async def test_all_end_soon_and_nothing_that_was_acknowledged_is_lost(
    serving: Serving, chosen: Settings, told: World
) -> None:
    texts = (f"Svar {number}." for number in itertools.count())
    enough = asyncio.Event()
    everybody = descendants(serving.pid)
    async with serving.browser() as ann:
        await _log_in(ann, told, "ann")
        going = [asyncio.create_task(_post(ann, told, texts, enough)) for _ in range(4)]
        await asyncio.sleep(1)
        assert await asyncio.to_thread(serving.stop) <= SECONDS
        enough.set()
        results = await asyncio.gather(*going)
    # Those that render texts end when nobody is left to ask them.
    _until(lambda: running(everybody) == set())
    assert set().union(*(told for told, _ in results)) <= await _replies(chosen)
    assert serving.ended_by == 0
    with pytest.raises(httpx.TransportError):
        httpx.get(serving.url)


async def test_a_process_that_hangs_does_not_hold_up_the_end(serving: Serving) -> None:
    everybody = descendants(serving.pid)
    os.kill(min(workers(serving)), signal.SIGSTOP)
    assert await asyncio.to_thread(serving.stop) <= SECONDS
    # Those that render texts end when nobody is left to ask them.
    _until(lambda: running(everybody) == set())


async def test_a_database_that_hangs_does_not_hold_up_the_end(
    serving: Serving, server: Server, told: World
) -> None:
    everybody = descendants(serving.pid)
    async with serving.browser() as http:
        await _log_in(http, told, "ann")
        # A look counts for a second.
        await asyncio.sleep(health.ONCE_IN_SECONDS)
        frozen = {server.pid, *descendants(server.pid)}
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        try:
            asking = asyncio.create_task(http.get(_there(told)))
            ready = await http.get("/health/ready")
            assert (ready.status_code, ready.text) == (503, "database")
            assert (await http.get("/health/live")).text == "ok"
            assert await asyncio.to_thread(serving.stop) <= SECONDS
            with suppress(httpx.TransportError):
                assert (await asking).status_code == 500
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
    # Those that render texts end when nobody is left to ask them.
    _until(lambda: running(everybody) == set())


async def test_no_process_outlives_the_one_that_watches_it(serving: Serving) -> None:
    everybody = descendants(serving.pid)
    serving.kill()
    await asyncio.to_thread(_until, lambda: running(everybody) == set())
