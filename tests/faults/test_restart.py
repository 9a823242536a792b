"""What was acknowledged is there after kill -9, and a full disk spoils nothing."""

import asyncio
import itertools
import pickle
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.faults.serving import Serving
from tests.world import PASSWORD, World

Row = tuple[int, str]
# Less than what is rendered in a process of its own, more than fits beside others on a page.
LONG_TEXT = "Det här är en mening som tar plats på disken. " * 40


@pytest.fixture(scope="session")
def told(template: Path) -> World:
    """What is in the world, for whoever reaches it over the network."""
    made: World = pickle.loads((template / "world.pickle").read_bytes())  # noqa: S301
    return made


@pytest.fixture
def data(template: Path, tmp_path: Path) -> Path:
    """A data folder with the world in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(template / "samverkan.sqlite", folder)
    return folder


async def _log_in(http: httpx.AsyncClient, world: World, name: str) -> None:
    form = {"username": world[name].username, "password": PASSWORD}
    assert (await http.post("/login", data=form)).status_code == 303


def _there(world: World) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}"


def _written(data: Path) -> list[Row]:
    """The replies as the next server finds them, after proving that the file is sound."""
    with closing(sqlite3.connect(data / "samverkan.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = connection.execute("SELECT number, body FROM reply ORDER BY number").fetchall()
        assert [number for number, _body in rows] == list(range(2, len(rows) + 2))
        assert connection.execute("SELECT last_number FROM thread").fetchall() == [(len(rows) + 1,)]
        seqs = connection.execute(
            "SELECT e.seq, n.seq FROM event e JOIN network n ON n.id = e.network_id"
            " WHERE n.slug = 'boendestod' ORDER BY e.seq"
        ).fetchall()
        assert [seq for seq, _last in seqs] == list(range(1, seqs[0][1] + 1))
    return rows


def _number(answer: httpx.Response) -> int:
    return int(answer.headers["location"].rpartition("-")[2])


async def test_replies_that_were_acknowledged_survive_kill_9(
    data: Path, told: World, long: bool
) -> None:
    acknowledged: list[Row] = []
    many = asyncio.Event()
    texts = (f"Svar nummer {number}." for number in itertools.count())
    for _ in range(5 if long else 1):
        many.clear()
        with Serving(data) as server:

            async def post(http: httpx.AsyncClient) -> None:
                while True:
                    form = {"form_key": "k", "body": next(texts)}
                    try:
                        answer = await http.post(f"{_there(told)}/replies", data=form)
                    except httpx.TransportError:
                        return
                    assert answer.status_code == 303, answer.text
                    acknowledged.append((_number(answer), form["body"]))
                    if len(acknowledged) % (200 if long else 30) == 0:
                        many.set()

            async with server.browser() as ann, server.browser() as bob:
                await _log_in(ann, told, "ann")
                await _log_in(bob, told, "bob")
                posting = [asyncio.create_task(post(http)) for http in (ann, bob) * 3]
                async with asyncio.timeout(300):
                    await many.wait()
                server.kill()
                await asyncio.gather(*posting)
        assert set(acknowledged) <= set(_written(data))
    with Serving(data) as server:
        async with server.browser() as http:
            await _log_in(http, told, "bob")
            last = max(acknowledged)
            page = await http.get(f"{_there(told)}/posts/{last[0]}", follow_redirects=True)
            assert page.status_code == 200
            assert last[1] in page.text


Full = Callable[[Serving], AbstractContextManager[None]]


@pytest.fixture(params=["a full file system", "a limit on files"])
def full(request: pytest.FixtureRequest, data: Path) -> Iterator[Full]:
    """Return what makes the disk full for a server, while it lasts."""
    if request.param == "a limit on files":
        if not hasattr(resource, "prlimit"):
            pytest.skip("only Linux limits another process's files")
        yield _limited
        return
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "samverkan-tests", str(data)]
    kept = (data / "samverkan.sqlite").read_bytes()
    if sys.platform != "linux" or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        (data / "samverkan.sqlite").write_bytes(kept)
        yield _filled
    finally:
        subprocess.run(["umount", "--lazy", str(data)], check=True)


@contextmanager
def _limited(server: Serving) -> Iterator[None]:
    _soft, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (4096, hard))
    yield
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def _filled(server: Serving) -> Iterator[None]:
    ballast = server.data / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                pass
    yield
    ballast.unlink()


async def test_a_full_disk_is_told_and_spoils_nothing(data: Path, told: World, full: Full) -> None:
    acknowledged: dict[str, int] = {}
    refused: list[str] = []
    with Serving(data) as server:
        async with server.browser() as http:
            await _log_in(http, told, "bob")

            async def post(text: str) -> httpx.Response:
                form = {"form_key": "k", "body": text}
                answer = await http.post(f"{_there(told)}/replies", data=form)
                if answer.status_code == 303:
                    acknowledged[text] = _number(answer)
                else:
                    refused.append(text)
                return answer

            await post("Medan det fanns plats.")
            with full(server):
                for number in range(300):
                    answer = await post(f"{LONG_TEXT}{number}")
                    if len(refused) == 3:
                        break
                assert answer.status_code == 500
                assert re.search(r"<h1\b.*<main|<main\b.*<h1", answer.text, re.DOTALL)
                reading = await http.get(_there(told))
                assert reading.status_code == 200
                shown = set(re.findall(r'id="post-(\d+)"', reading.text))
            assert refused
            assert max(map(int, shown)) == min(21, max(acknowledged.values()))
            unsent = list(refused)
            for text in ["Nu finns det plats.", *unsent[:-1]]:
                assert (await post(text)).status_code == 303
    written = _written(data)
    assert [text for _number, text in written[1:]] == list(acknowledged)
    assert unsent[-1] not in {text for _number, text in written}
