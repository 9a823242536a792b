"""What opens strangers' files has no network, and nor have the programs that it starts."""

import asyncio
import platform
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum import confinement
from forum.render_pool import JobFailedError, RenderPool, TooSlowError
from tests import pool_jobs
from tests.unit.test_render_pool import gone

FAMILIES = [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK]


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[RenderPool]:
    pool = RenderPool("tests.pool_jobs", workers=1, seconds=20.0)
    yield pool
    await pool.close()


async def test_a_worker_says_how_it_is_held(pool: RenderPool) -> None:
    assert await pool.call(confinement.held) == confinement.Held.SECCOMP
    assert confinement.held() == confinement.Held.NOT  # this process goes on as it was
    with socket.socket() as own:
        assert own.fileno() >= 0


@pytest.mark.parametrize("family", FAMILIES)
async def test_a_worker_can_open_no_socket(pool: RenderPool, family: int) -> None:
    with pytest.raises(JobFailedError, match="PermissionError"):
        await pool.call("socket:socket", family, socket.SOCK_STREAM)


@pytest.mark.parametrize("family", FAMILIES)
async def test_nor_can_what_it_starts(pool: RenderPool, family: int) -> None:
    code = f"import socket; socket.socket({int(family)}, 1)"
    assert "PermissionError" in await pool.call(pool_jobs.run, [sys.executable, "-c", code])


async def test_a_socket_that_it_is_handed_leads_nowhere(pool: RenderPool) -> None:
    # A pair within a process is no network, and is let be; it cannot be made one either.
    assert await pool.call(pool_jobs.use_a_pair) == ["connect", "bind", "listen", "sendto"]


async def test_the_filter_cannot_be_gone_round_by_other_numbers(pool: RenderPool) -> None:
    if platform.machine() != "x86_64":
        pytest.skip("only there do calls have two numbers")
    assert await pool.call(pool_jobs.raw_call, 0x40000000 | 41) == "EPERM"
    assert await pool.call(pool_jobs.raw_call, 425) == "EPERM"  # io_uring_setup
    assert await pool.call(pool_jobs.raw_call, 101) == "EPERM"  # ptrace


async def test_what_a_worker_has_started_ends_with_it(tmp_path: Path) -> None:
    pool = RenderPool("tests.pool_jobs", workers=1, seconds=1.0, written=100)
    try:
        with pytest.raises(TooSlowError):
            await pool.call(pool_jobs.wait_for_sleep, str(tmp_path / "pid"))
        assert await gone(int((tmp_path / "pid").read_text()), 10)
    finally:
        await pool.close()


async def test_a_program_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    starter = (
        "import subprocess, sys, time; from forum import confinement;"
        "one = subprocess.Popen(['sleep', '60'], preexec_fn=confinement.end_with_parent);"
        "print(one.pid, flush=True); time.sleep(60)"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", starter, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    pid = int(await process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert await gone(pid, 10)


async def test_where_there_is_no_seccomp_a_namespace_is_tried() -> None:
    code = (
        "import socket, sys; from forum import confinement;"
        "confinement._MACHINES.clear(); confinement.confine(); print(confinement.held());"
        "one = socket.socket(); one.settimeout(5);"
        "print(one.connect_ex(('127.0.0.1', int(sys.argv[1]))))"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, port, stdout=asyncio.subprocess.PIPE
        )
        said, _nothing = await process.communicate()
    held, reached = said.decode().split()
    # Not every machine lets its users make one; it says so, and `samverkan check` does.
    assert (held == confinement.Held.NAMESPACE) == (reached != "0")
