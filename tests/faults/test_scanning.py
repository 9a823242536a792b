"""Files are looked through by a real clamd; what it has not said is never taken for a yes."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from forum import scanning
from forum.clamd import Address, ScannerDown
from forum.scanning import Found, Verdict, scan
from tests.clamd import MOST, SIGNATURE, VIRUS, Clamd, lacking
from tests.conftest import lacking as refuse

CLEAN, TOO_LARGE = Verdict(Found.CLEAN), Verdict(Found.TOO_LARGE)
INFECTED = Verdict(Found.INFECTED, SIGNATURE)
#: Less than what clamd looks at of a file.
MEGABYTE = 1024 * 1024 - 100


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    """One that is well."""
    refuse("clamd", lacking())
    with Clamd(tmp_path_factory.mktemp("clamd")) as started:
        yield started


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Clamd]:
    """One that a test may do away with."""
    refuse("clamd", lacking())
    with Clamd(tmp_path / "clamd") as started:
        yield started


@pytest.fixture(params=["unix", "tcp"])
def address(request: pytest.FixtureRequest, clamd: Clamd) -> Address:
    return clamd.unix if request.param == "unix" else clamd.tcp


async def scanned(address: Address, folder: Path, content: bytes) -> Verdict:
    path = folder / "file"
    path.write_bytes(content)
    return await scan(address, path)


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (b"", CLEAN),
        (b"En karta.", CLEAN),
        (b"x" * MEGABYTE, CLEAN),
        (VIRUS, INFECTED),
        (b"x" * 1000 + VIRUS, INFECTED),
        (b"x" * (MEGABYTE - 100) + VIRUS, INFECTED),
        # It has hung up before the end of it.
        (b"x" * MOST * 10, TOO_LARGE),
        (VIRUS + b"x" * MOST * 10, TOO_LARGE),
        # It takes it, but does not look at it: that is no yes.
        (b"x" * (MOST - 100), TOO_LARGE),
    ],
    ids=["nothing", "small", "large", "virus", "within", "late", "far too large", "both", "passed"],
)
async def test_a_file_is_clean_infected_or_more_than_it_takes(
    address: Address, tmp_path: Path, content: bytes, verdict: Verdict
) -> None:
    assert await scanned(address, tmp_path, content) == verdict


async def test_it_answers_and_many_files_at_once(clamd: Clamd, tmp_path: Path) -> None:
    await scanning.ping(clamd.unix)
    contents = [os.urandom(50_000) + (VIRUS if number % 3 == 0 else b"") for number in range(30)]
    for number, content in enumerate(contents):
        (tmp_path / str(number)).write_bytes(content)
    found = await asyncio.gather(*(scan(clamd.unix, tmp_path / str(n)) for n in range(30)))
    assert found == [INFECTED if number % 3 == 0 else CLEAN for number in range(30)]


async def test_where_nobody_listens_nothing_is_said(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        for nowhere in (
            Address(path=str(tmp_path / "clamd.ctl")),
            Address(host="127.0.0.1", port=taken.getsockname()[1]),
            Address(host="no-such-host.invalid", port=3310),
        ):
            with pytest.raises(ScannerDown, match=nowhere.path or nowhere.host):
                await scanned(nowhere, tmp_path, b"x")
            with pytest.raises(ScannerDown):
                await scanning.ping(nowhere)


async def test_one_that_is_killed_midway_has_said_nothing(mortal: Clamd, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * MOST)
    mortal.stall()
    going = asyncio.create_task(scan(mortal.unix, tmp_path / "file"))
    await asyncio.sleep(0.3)
    assert not going.done()
    mortal.kill()
    with pytest.raises(ScannerDown):
        await going


async def test_one_that_stalls_is_waited_for_so_long_and_no_longer(
    mortal: Clamd, tmp_path: Path
) -> None:
    mortal.stall()
    for content in (b"small", b"x" * MOST):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(ScannerDown, match="does not answer"):
            await scan(mortal.unix, tmp_path / "file", stalled=0.2, verdict=0.2)
    with pytest.raises(ScannerDown):
        await scanning.ping(mortal.unix, 0.2)


@pytest.mark.parametrize(
    "said", [b"", b"stream: OK", b"OK\0", b"stream: \0", b"x" * 10_000, b"stream: no ERROR\0"]
)
async def test_what_is_no_verdict_is_not_taken_for_one(tmp_path: Path, said: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(bytes(4))
        writer.write(said)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_unix_server(answer, tmp_path / "ctl")
    async with server:
        with pytest.raises(ScannerDown):
            await scanned(Address(path=str(tmp_path / "ctl")), tmp_path, b"x")


async def test_a_file_that_is_not_there_is_no_matter_of_the_scanners(
    clamd: Clamd, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        await scan(clamd.unix, tmp_path / "nothing")
