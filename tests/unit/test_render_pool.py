"""The worker processes: limited in time and memory, killed when late, and gone with the server."""

import asyncio
import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from forum.render_pool import (
    JobFailedError,
    PoolFullError,
    RenderPool,
    TooSlowError,
    WorkerLostError,
)
from tests import pool_jobs


@pytest.fixture
async def pool() -> AsyncIterator[RenderPool]:
    pool = RenderPool("tests.pool_jobs", workers=2, seconds=2.0, waiting=6)
    yield pool
    await pool.close()


def is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def gone(pid: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while is_there(pid) and time.monotonic() < end:  # noqa: ASYNC110 - nothing tells when
        await asyncio.sleep(0.05)
    return not is_there(pid)


async def has_six_places(pool: RenderPool, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        # Long enough that none is done before the sixth is there.
        calls = (pool.call(time.sleep, 0.05) for _ in range(6))
        if await asyncio.gather(*calls, return_exceptions=True) == [None] * 6:
            return True
    return False


def children() -> set[int]:
    """The processes that this one has started, the dead that nobody has taken care of included."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it is gone
            parent = status.read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid():
                found.add(int(status.parent.name))
    return found


async def test_a_job_is_done_in_another_process(pool: RenderPool) -> None:
    assert await pool.call(len, "åäö 😀") == 5
    assert await pool.call(os.getpid) != os.getpid()


async def test_nothing_starts_before_it_is_needed_and_workers_are_used_again() -> None:
    before, threads = children(), threading.active_count()
    pool = RenderPool("json")
    assert (children(), threading.active_count()) == (before, threads)
    first = await pool.call(os.getpid)
    assert [await pool.call(os.getpid) for _ in range(3)] == [first] * 3
    assert children() == {*before, first}
    await pool.close()
    assert children() == before


async def test_two_jobs_run_at_once_and_no_more(pool: RenderPool) -> None:
    await asyncio.gather(pool.call(time.sleep, 0.1), pool.call(time.sleep, 0.1))
    pids = await asyncio.gather(*(pool.call(os.getpid) for _ in range(6)))
    assert len(set(pids)) <= 2


async def test_an_endless_job_is_killed_and_the_next_one_works(pool: RenderPool) -> None:
    pid = await pool.call(os.getpid)
    started = time.monotonic()
    with pytest.raises(TooSlowError):
        await pool.call(time.sleep, 60)
    assert time.monotonic() - started < 10
    assert await gone(pid, 10)
    assert await pool.call(len, "next") == 4


async def test_a_job_that_holds_the_interpreter_is_killed_too(pool: RenderPool) -> None:
    with pytest.raises(TooSlowError):
        await pool.call(pow, 3, 2**60)  # one C call, deaf to Python's signal handlers
    assert await pool.call(len, "next") == 4


async def test_waiting_in_the_queue_does_not_count_as_working(pool: RenderPool) -> None:
    await asyncio.gather(*(pool.call(time.sleep, 0.8) for _ in range(6)))  # 2.4 s, two at a time


async def test_a_job_beyond_the_queue_is_refused_and_room_comes_back(pool: RenderPool) -> None:
    calls = [asyncio.create_task(pool.call(time.sleep, 0.1)) for _ in range(6)]
    await asyncio.sleep(0)
    with pytest.raises(PoolFullError):
        await pool.call(len, "seventh")
    await asyncio.gather(*calls)
    assert await pool.call(len, "later") == 5


async def test_a_caller_that_gives_up_leaves_its_place_in_the_queue(pool: RenderPool) -> None:
    for _ in range(4):
        calls = [asyncio.create_task(pool.call(time.sleep, 0.1)) for _ in range(6)]
        await asyncio.sleep(0)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        assert await has_six_places(pool, 10)


async def test_a_worker_that_dies_is_replaced_and_the_job_tried_once_more(
    pool: RenderPool, tmp_path: Path
) -> None:
    assert await pool.call(pool_jobs.die, str(tmp_path), 1) == "alive"


async def test_a_job_that_kills_every_worker_is_answered(pool: RenderPool, tmp_path: Path) -> None:
    with pytest.raises(WorkerLostError):
        await pool.call(pool_jobs.die, str(tmp_path), 99)
    assert len(list(tmp_path.iterdir())) == 2
    assert await pool.call(len, "next") == 4


async def test_a_worker_killed_while_idle_is_not_noticed_by_anyone(pool: RenderPool) -> None:
    for _ in range(5):
        os.kill(await pool.call(os.getpid), signal.SIGKILL)
        assert await pool.call(len, "next") == 4


async def test_a_job_that_takes_too_much_memory_takes_its_worker_only(pool: RenderPool) -> None:
    assert await pool.call(pool_jobs.take_memory, 50_000_000) == 50_000_000
    with pytest.raises(WorkerLostError):
        await pool.call(pool_jobs.take_memory, 5_000_000_000)
    assert await pool.call(len, "next") == 4


async def test_what_a_job_raises_and_prints_does_no_harm(pool: RenderPool) -> None:
    with pytest.raises(JobFailedError, match="LookupError: inte här"):
        await pool.call(pool_jobs.refuse, "inte här")
    assert await pool.call(pool_jobs.shout) == "quiet"


async def test_what_libraries_say_reaches_no_log_and_files_cannot_grow_for_ever(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pool = RenderPool("tests.pool_jobs", workers=1, written=100_000)
    assert await pool.call(pool_jobs.flood, str(tmp_path / "file")) == "File too large, 100000"
    assert await pool.call(resource.getrlimit, resource.RLIMIT_CORE) == [0, 0]
    await pool.close()
    assert capfd.readouterr() == ("", "")


async def test_workers_know_no_secrets_of_the_server(
    pool: RenderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMVERKAN_DATABASE_URL", "postgres://secret")
    assert await pool.call(pool_jobs.environment, "SAMVERKAN_DATABASE_URL") is None


async def test_workers_ignore_ctrl_c(pool: RenderPool) -> None:
    pid = await pool.call(os.getpid)
    os.kill(pid, signal.SIGINT)
    assert await pool.call(os.getpid) == pid


async def test_closing_ends_the_workers_and_a_later_call_starts_anew(pool: RenderPool) -> None:
    pid = await pool.call(os.getpid)
    await pool.close()
    assert not is_there(pid)
    assert await pool.call(len, "again") == 5


def test_several_event_loops_can_use_the_pool_one_after_the_other() -> None:
    pool = RenderPool("tests.pool_jobs")
    pids = {asyncio.run(pool.call(os.getpid)) for _ in range(3)}
    asyncio.run(pool.close())
    assert len(pids) == 1


def test_a_program_that_forgets_to_close_the_pool_ends_quietly() -> None:
    script = (
        "import asyncio, os; from forum.render_pool import RenderPool; pool = RenderPool('json'); "
        "print(asyncio.run(pool.call(os.getpid)))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert ended.stderr == ""
    assert not is_there(int(ended.stdout))


@pytest.mark.parametrize("busy", [False, True])
async def test_workers_end_when_the_server_is_killed(busy: bool) -> None:
    script = textwrap.dedent(f"""
        import asyncio, os, sys, time
        from forum.render_pool import RenderPool
        async def main():
            pool = RenderPool("json")
            print(await pool.call(os.getpid), flush=True)
            await (pool.call(time.sleep, 60) if {busy} else asyncio.sleep(60))
        asyncio.run(main())
    """)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    server = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment
    )
    assert server.stdout is not None
    worker = int(await asyncio.to_thread(server.stdout.readline))
    server.kill()
    server.communicate()
    assert await gone(worker, 15)
