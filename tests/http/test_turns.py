"""Of a thousand open pages that hear of a post one is made after the other; nobody else waits."""

import asyncio

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from storage import database, quiet
from tests.world import World
from web import turns
from web.turns import Turns

LIVE = {"X-Fragment": "live"}


class Slow:
    """A site whose pages are finished when the test says so."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go: dict[str, asyncio.Event] = {}
        self.sent: dict[str, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        self.begun.append(path)
        if path == "/broken":
            raise RuntimeError("broken")
        await self.go.setdefault(path, asyncio.Event()).wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if path == "/long":
            await self.sent.setdefault(path, asyncio.Event()).wait()
        await send({"type": "http.response.body", "body": path.encode()})

    def let(self, path: str) -> None:
        self.go.setdefault(path, asyncio.Event()).set()


def opened(site: Slow, at_once: int) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=Turns(site, at_once), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_pages_that_ask_by_themselves_wait_in_their_order_and_others_do_not() -> None:
    site = Slow()
    async with opened(site, 2) as http, asyncio.TaskGroup() as tasks:
        for number in range(5):
            tasks.create_task(http.get(f"/{number}", headers=LIVE))
            await settled()
        assert site.begun == ["/0", "/1"]
        site.let("/person")
        assert (await http.get("/person")).text == "/person"
        assert (await http.post("/person", headers={"X-Fragment": "none"})).text == "/person"
        # A form may never end, so it never takes a turn, whatever it says it is.
        assert (await http.post("/person", headers=LIVE)).text == "/person"
        site.let("/1")
        await settled()
        assert site.begun == ["/0", "/1", *["/person"] * 3, "/2"]
        for number in range(5):
            site.let(f"/{number}")
        await settled()
    assert site.begun[-2:] == ["/3", "/4"]


async def test_a_turn_ends_when_the_answer_begins_or_fails() -> None:
    site = Slow()
    site.let("/long")
    site.let("/next")
    async with opened(site, 1) as http, asyncio.TaskGroup() as tasks:
        long = tasks.create_task(http.get("/long", headers=LIVE))
        await settled()
        # Somebody whose line is slow takes her time; the next page does not wait for her.
        assert (await http.get("/next", headers=LIVE)).text == "/next"
        assert (await http.get("/broken", headers=LIVE)).status_code == 500
        assert (await http.get("/next", headers=LIVE)).text == "/next"
        assert not long.done()
        site.sent.setdefault("/long", asyncio.Event()).set()


async def test_who_hangs_up_while_she_waits_takes_no_turn() -> None:
    site = Slow()
    sent: list[Message] = []
    inner = Turns(site, 1)

    async def ask(path: str) -> None:
        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "headers": [(b"x-fragment", b"live")],
        }
        await inner(scope, receive, send)

    first, second, third = (asyncio.create_task(ask(path)) for path in ("/1", "/2", "/3"))
    await settled()
    second.cancel()
    site.let("/1")
    site.let("/3")
    await first
    await third
    assert site.begun == ["/1", "/3"]


async def test_a_page_lets_who_writes_go_first_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = Slow()
    site.let("/page")
    async with opened(site, 1) as http:
        monkeypatch.setattr(turns, "PATIENCE_SECONDS", 60)
        with quiet.writing():
            with quiet.writing():
                waiting = asyncio.create_task(http.get("/page", headers=LIVE))
                await settled()
            await settled()
            assert site.begun == []
            # Somebody who sits there waits for nobody.
            assert (await http.get("/page")).status_code == 200
        assert (await waiting).status_code == 200
        monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.01)
        with quiet.writing():
            assert (await http.get("/page", headers=LIVE)).status_code == 200
    assert site.begun == ["/page"] * 3


async def test_a_write_is_one_until_it_is_done_or_has_failed(world: World) -> None:
    during: list[bool] = []

    async def waited() -> bool:
        """Say whether somebody writes, by whether one has to wait."""
        before = asyncio.get_running_loop().time()
        await quiet.wait(0.01)
        return asyncio.get_running_loop().time() - before > 0.005

    async def work() -> None:
        during.append(await waited())

    async def fail() -> None:
        await database.write(work)
        raise ValueError("no")

    assert not await waited()
    await database.write(work)
    with pytest.raises(ValueError, match="no"):
        await database.write(fail)
    assert during == [True, True]
    assert not await waited()
