"""Who has been logged out or removed sends nothing more, whatever her connection had begun with."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from starlette.types import ASGIApp

from forum import sessions
from forum.settings import Settings
from storage import clock, door
from tests.http.records import change, rows
from tests.listening import serving
from tests.world import World
from web import app as web_app
from web import authentication
from web.cookies import name_of


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        yield bound


@pytest.fixture
async def app(chosen: Settings, listening: socket.socket) -> AsyncIterator[ASGIApp]:
    application = web_app.application(chosen)
    async with serving(application, listening):
        yield application


class Line:
    """One connection on which several requests are begun, as a browser's pipeline would."""

    def __init__(self, chosen: Settings, world: World, token: str) -> None:
        self.there = f"/n/{world.network.slug}/threads/{world.thread.id}"
        self._cookie = f"{name_of(chosen, 'session')}={token}"
        self._host = chosen.base_url.removeprefix("http://")

    @asynccontextmanager
    async def opened(self, listening: socket.socket) -> AsyncIterator["Line"]:
        port = listening.getsockname()[1]
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield self
        finally:
            self._writer.close()

    def send(self, raw: bytes) -> None:
        self._writer.write(raw)

    def request(self, method: str, path: str, **form: str) -> bytes:
        body = urlencode(form).encode()
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._host}",
            f"Origin: http://{self._host}",
            f"Cookie: {self._cookie}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body

    async def status(self) -> int:
        """Return the next answer's status."""
        async with asyncio.timeout(20):
            head = await self._reader.readuntil(b"\r\n\r\n")
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    await self._reader.readexactly(int(line.partition(b":")[2]))
            return int(head.split()[1])


async def _late() -> None:
    """Let the form take longer than it may without her being looked up again."""
    await asyncio.sleep(2 * authentication.COMING_SECONDS)


async def test_a_form_that_ends_after_its_sender_has_logged_out_writes_nothing(
    app: ASGIApp, chosen: Settings, world: World, listening: socket.socket
) -> None:
    token = await sessions.start(world["bob"], "tests", remember=False)
    async with Line(chosen, world, token).opened(listening) as line:
        post = line.request("POST", f"{line.there}/replies", body="Efter utloggningen.")
        line.send(post[:-3])
        await _late()
        await sessions.end_all(world["bob"])
        line.send(post[-3:])
        assert await line.status() == 303
    assert "Efter utloggningen." not in [row["body"] for row in await rows("reply")]


async def test_a_form_that_ends_after_its_sender_has_been_removed_shows_nothing(
    app: ASGIApp, chosen: Settings, world: World, listening: socket.socket
) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    token = await sessions.start(world["bob"], "tests", remember=False)
    async with Line(chosen, world, token).opened(listening) as line:
        post = line.request("POST", f"{line.there}/replies", body="Hur ser det ut?", preview="yes")
        line.send(post[:-3])
        await _late()
        ended = clock.today() - timedelta(days=1)
        await change("membership", bob.membership.id, ends_on=ended)
        line.send(post[-3:])
        assert await line.status() == 404


async def test_who_sends_slowly_and_is_still_there_is_answered(
    app: ASGIApp, chosen: Settings, world: World, listening: socket.socket
) -> None:
    token = await sessions.start(world["bob"], "tests", remember=False)
    async with Line(chosen, world, token).opened(listening) as line:
        post = line.request("POST", f"{line.there}/replies", body="Lite långsamt.", form_key="k")
        line.send(post[:-3])
        await _late()
        line.send(post[-3:])
        assert await line.status() == 303
    assert "Lite långsamt." in [row["body"] for row in await rows("reply")]


async def test_what_one_request_knows_is_not_the_next_ones_on_the_same_connection(
    app: ASGIApp, chosen: Settings, world: World, listening: socket.socket
) -> None:
    """A server begins the next request from within the end of the one before it."""
    token = await sessions.start(world["bob"], "tests", remember=False)
    async with Line(chosen, world, token).opened(listening) as line:
        line.send(line.request("GET", line.there))
        first = line.request("POST", f"{line.there}/replies", body="Ett", preview="yes")
        line.send(first[:-3])
        assert await line.status() == 200
        await sessions.end_all(world["bob"])
        second = line.request("POST", f"{line.there}/replies", body="Två", form_key="k")
        line.send(first[-3:] + second + line.request("HEAD", line.there))
        assert [await line.status() for _ in range(3)][1:] == [303, 303]
    assert "Två" not in [row["body"] for row in await rows("reply")]
