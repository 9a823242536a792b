"""Of a thousand open pages that hear of a post one is made after the other; nobody else waits."""

import asyncio

import httpx
from starlette.types import Message, Receive, Scope, Send

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
    turns = httpx.ASGITransport(app=Turns(site, at_once), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=turns, base_url="http://127.0.0.1")


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
    turns = Turns(site, 1)

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
        await turns(scope, receive, send)

    first, second, third = (asyncio.create_task(ask(path)) for path in ("/1", "/2", "/3"))
    await settled()
    second.cancel()
    site.let("/1")
    site.let("/3")
    await first
    await third
    assert site.begun == ["/1", "/3"]
