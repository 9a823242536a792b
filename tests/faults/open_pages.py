"""Who is there while something breaks: writers, plain sockets, and pages open in a browser.

Afterwards nothing that was acknowledged is lost, and everybody knows what a fresh page says.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from playwright.async_api import Browser, Page
from websockets.exceptions import WebSocketException

from tests.browser.live import caught_up
from tests.faults.serving import Serving
from tests.faults.test_ending import live
from tests.faults.test_restart import _log_in, _there
from tests.world import World

#: Longer than anything here takes on a busy machine.
PATIENCE = 90.0
SOCKETS = 12
#: So many posts at a time go to a thread that is to stay on one page.
CALM = 2

#: The texts of the replies by their ids, as the database has them.
Replies = Callable[[], Awaitable[dict[int, str]]]

# What a page says of what others write: posts, rows of lists, and how many there are.
SHOWN = r"""
() => {
    const words = element => {
        const copy = element.cloneNode(true)
        for (const time of copy.querySelectorAll('time')) time.remove()
        return copy.textContent.replace(/\s+/g, ' ').trim()
    }
    const all = selector => [...document.querySelectorAll(`main ${selector}`)]
    const part = (post, selector) => words(post.querySelector(selector))
    return {
        posts: all('article.post').map(one => [one.id, part(one, '.by'), part(one, '.body')]),
        rows: all('li:has(a[href*="/threads/"])').map(words),
        counts: all('.page-head p').map(one => words(one).match(/\d+ svar/)?.[0]),
        heads: all('.posts > .count, .pager').map(words),
    }
}
"""


@dataclass
class Writers:
    """Several who post over HTTP whatever happens, and what they were told has been posted."""

    calm: str
    busy: str
    acknowledged: list[str] = field(default_factory=list)
    #: How often the answer was that it did not work, and how often there was none.
    refused: int = 0
    unanswered: int = 0
    _done: bool = False
    _calm_left: int = 0

    async def write(self, http: httpx.AsyncClient, texts: Iterator[int]) -> None:
        """Post one after the other until told to stop."""
        while not self._done:
            number = next(texts)
            calm, self._calm_left = self._calm_left > 0, max(0, self._calm_left - 1)
            form = {"form_key": "k", "body": f"Svar nummer {number}."}
            try:
                answer = await http.post(f"{self.calm if calm else self.busy}/replies", data=form)
            except httpx.TransportError:
                self.unanswered += 1
                await asyncio.sleep(0.5)
            else:
                self._note(answer, form["body"])
            await asyncio.sleep(0.05)

    def _note(self, answer: httpx.Response, text: str) -> None:
        if answer.status_code == 303:
            self.acknowledged.append(text)
        else:
            assert answer.status_code == 500, answer.text
            self.refused += 1

    async def go_on(self, posts: int) -> None:
        """Wait until so many more have been acknowledged."""
        self._calm_left = CALM
        enough = len(self.acknowledged) + posts
        await soon(lambda: len(self.acknowledged) >= enough)

    def stop(self) -> None:
        """Begin no more."""
        self._done = True


@dataclass
class Ear:
    """A socket without a browser that comes back as one does, with how far it has heard."""

    server: Serving
    http: httpx.AsyncClient
    network: str
    replies: Replies
    #: The ids of the replies it knows of: those at the start, and those it was told.
    known: set[int] = field(default_factory=set)
    #: From where it has listened, and the numbers of what it has heard; anew after each "reload".
    runs: list[tuple[int, list[int]]] = field(default_factory=list)
    opened: int = 0
    reached: int | None = None

    async def listen(self) -> None:
        """Listen, and come back whenever the line is cut."""
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with live(self.server, self.http) as socket:
                    since = {} if self.reached is None else {self.network: self.reached}
                    await socket.send(json.dumps({"since": since}))
                    async for said in socket:
                        await self._take(json.loads(said))
            await asyncio.sleep(random.uniform(0.1, 0.5))

    async def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "state":
            self.opened += 1
            if self.reached is None:
                await self._begin(frame["networks"][self.network])
        elif frame["type"] == "reload":
            await self._begin(frame["to"])
        elif frame["type"] == "events":
            for event in frame["events"]:
                self.runs[-1][1].append(event["seq"])
                self.known |= {event["reply"]} if "reply" in event else set()
            self.reached = frame["to"]

    async def _begin(self, reached: int) -> None:
        self.runs.append((reached, []))
        self.reached = reached
        self.known |= set(await self.replies())

    def has_heard_each_once(self) -> bool:
        """Say whether nothing was left out and nothing told twice."""
        return all(
            seqs == list(range(start + 1, start + 1 + len(seqs))) for start, seqs in self.runs
        )


@dataclass
class Company:
    """All of them together."""

    writers: Writers
    ears: list[Ear]
    pages: list[Page]
    replies: Replies
    writing: list[asyncio.Task[None]] = field(default_factory=list)

    async def have_come_back(self) -> None:
        """Wait until every socket is open once more than now."""
        before = [ear.opened for ear in self.ears]
        both = list(zip(self.ears, before, strict=True))
        await soon(lambda: all(ear.opened > so_far for ear, so_far in both))

    async def know_it_all(self) -> None:
        """Write no more; fail if something is lost, or anybody knows another thing than is so."""
        self.writers.stop()
        await asyncio.gather(*self.writing)
        written = await self.replies()
        times = Counter(written.values())
        amiss = {text: times[text] for text in self.writers.acknowledged if times[text] != 1}
        assert amiss == {}, amiss
        for page in self.pages:
            await _is_as_if_loaded_anew(page)
        await soon(lambda: all(ear.known == set(written) for ear in self.ears))
        wrong = [ear.runs for ear in self.ears if not ear.has_heard_each_once()]
        assert not wrong, wrong


async def soon(what: Callable[[], bool]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if what():
                return
            await asyncio.sleep(0.05)


async def _is_as_if_loaded_anew(page: Page) -> None:
    fresh = await page.context.new_page()
    await fresh.goto(page.url)
    expected = await fresh.evaluate(SHOWN)
    await fresh.close()
    give_up = time.monotonic() + PATIENCE
    while (shown := await page.evaluate(SHOWN)) != expected and time.monotonic() < give_up:
        await page.wait_for_timeout(200)
    differing = [part for part in expected if shown[part] != expected[part]]
    assert not differing, [(shown[part], expected[part]) for part in differing]
    assert expected["posts"] or expected["rows"]
    # Nothing but scripts has changed it.
    assert await page.evaluate("() => window.sameSinceTheBeginning") is True


async def open_page(browser: Browser, http: httpx.AsyncClient, address: str) -> Page:
    """Open a page as whoever the client is logged in as, and wait until it has its socket."""
    context = await browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")
    context.set_default_timeout(1000 * PATIENCE)
    url = str(http.base_url)
    await context.add_cookies(
        [{"name": name, "value": value, "url": url} for name, value in http.cookies.items()]
    )
    page = await context.new_page()
    async with page.expect_response(caught_up):
        await page.goto(url + address)
    await page.evaluate("() => { window.sameSinceTheBeginning = true }")
    return page


@asynccontextmanager
async def company(
    server: Serving, browser: Browser, world: World, replies: Replies
) -> AsyncIterator[Company]:
    """Three writers, a dozen sockets, a page of each of two threads and one that lists them."""
    async with server.browser() as ann, server.browser() as bob, server.browser() as gus:
        everybody = {"ann": ann, "bob": bob, "gus": gus}
        for name, http in everybody.items():
            await _log_in(http, world, name)
        calm, busy = _there(world), await _another_thread(ann, world)
        addresses = {"ann": calm, "bob": busy, "gus": f"/n/{world.network.slug}/threads"}
        pages = [await open_page(browser, everybody[who], at) for who, at in addresses.items()]
        clients = [*everybody.values()] * (SOCKETS // len(everybody))
        ears = [Ear(server, http, str(world.network.id), replies) for http in clients]
        together = Company(Writers(calm, busy), ears, pages, replies)
        async with asyncio.TaskGroup() as tasks:
            listening = [tasks.create_task(ear.listen()) for ear in ears]
            await soon(lambda: all(ear.runs for ear in ears))
            texts = iter(range(1_000_000))
            together.writing = [
                tasks.create_task(together.writers.write(http, texts)) for http in (ann, bob, bob)
            ]
            yield together
            for one in (*listening, *together.writing):
                one.cancel()
        for page in pages:
            await page.context.close()


async def _another_thread(http: httpx.AsyncClient, world: World) -> str:
    """Return the address of a thread that most of them write in."""
    form = {"form_key": "k", "kind": "question", "title": "Vad händer när det går sönder?"}
    form |= {"area": str(world.area_id), "body": "Vi prövar."}
    answer = await http.post(f"/n/{world.network.slug}/threads", data=form)
    assert answer.status_code == 303, answer.text
    address: str = answer.headers["location"].partition("#")[0]
    return address
