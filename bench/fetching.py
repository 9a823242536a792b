"""A thousand open pages of one thread that fetch what they hear of, while others post."""

import asyncio
import json
import multiprocessing
import random
import time
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from urllib.parse import urlencode

from bench import texts
from bench.client import ask, request
from bench.figures import Figure, Goal
from bench.live import GIVE_UP, SOCKETS, allow_sockets, browsers_of, in_ms, percentile
from bench.replies import CHARACTERS, written
from bench.servers import Serving
from bench.sites import Site, Visitor
from bench.sockets import Tab, opened

#: Replies a second to other threads, by which it is seen how long a reply takes.
PROBES = 10
#: A thread's own posts, one a second. It has 12 to begin with, and 20 fill its page.
POSTS = 8
#: So many threads one after the other: of fewer answers the 99th in a hundred is but the slowest.
ROUNDS = 3
_GZIP = 16 + zlib.MAX_WBITS


async def measure(site: Site, _seconds: float) -> list[Figure]:
    """Measure replies beside open pages at rest, and then beside pages that fetch."""
    allow_sockets()
    headers = (await browsers_of(site))[:SOCKETS]
    with (
        Serving("forum", "serve", port=site.port, environment=site.environment) as forum,
        # Who answers must not wait for what a thousand pages do with theirs.
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as another,
    ):
        crowd = Crowd(site, headers)
        async with opened(site.port, "/live", headers, crowd.heard) as tabs:
            for tab in tabs:
                tab.say(b'{"since":{}}')
            # The first of them load what renders texts.
            await probed(another, site, site.visitors[3], 1)
            idle = await probed(another, site, site.visitors[0], ROUNDS * POSTS)
            busy = list[float]()
            # A visitor who came again would write the same again, which is not posted twice.
            for visitor in site.visitors[4 : 4 + ROUNDS]:
                await crowd.visit()
                posting = asyncio.create_task(crowd.posts())
                busy += await probed(another, site, visitor, POSTS)
                await posting
                await crowd.settled()
            crowd.leave()
        memory = forum.memory()
    seen = crowd.seen
    note = f"{len(seen):,} of {ROUNDS * SOCKETS * POSTS:,} seen; p50 {in_ms(seen, 50)}; {memory}"
    times = f"p99 {in_ms(busy, 99)} and {in_ms(idle, 99)}"
    ratio = percentile(busy, 99) / percentile(idle, 99)
    return [
        Figure(site.dialect, "from poke to content", percentile(seen, 95), "s", Goal("≤", 2), note),
        Figure(site.dialect, "replies’ p99 meanwhile / idle", ratio, "times", Goal("≤", 2), times),
    ]


def threads(site: Site) -> list[int]:
    """Return the numbers of the threads that the crowd looks at."""
    those = (n for n in range(2, site.size.threads) if site.size.answers(n) == 12)
    return list(islice(those, ROUNDS))


async def probed(
    another: ProcessPoolExecutor, site: Site, visitor: Visitor, seconds: float
) -> list[float]:
    """Post replies to threads at random at a steady pace; return how long each took, in s."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(another, _probing, site, visitor, seconds)


def _probing(site: Site, visitor: Visitor, seconds: float) -> list[float]:
    return asyncio.run(_asked(site, visitor, seconds))


async def _asked(site: Site, visitor: Visitor, seconds: float) -> list[float]:
    lasted, until = list[float](), time.perf_counter() + seconds
    crowded = tuple(f"POST {site.thread(one)}/".encode() for one in threads(site))
    for post in written(site, visitor):
        if post.startswith(crowded):
            continue
        began = time.perf_counter()
        if began >= until:
            break
        answer = await ask(site.port, post)
        if answer.status != 303:
            raise RuntimeError(f"a reply was answered {answer.status}")
        lasted.append(time.perf_counter() - began)
        await asyncio.sleep(max(0, began + 1 / PROBES - time.perf_counter()))
    return lasted


class Crowd:
    """Open pages of a thread: each fetches it again when it hears of a reply there."""

    def __init__(self, site: Site, headers: list[Mapping[str, str]]) -> None:
        self._site = site
        self._headers = headers
        self._threads = iter(threads(site))
        self._thread = 0
        self._asking: list[bytes] = []
        self._streams: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._fetching: dict[int, asyncio.Task[None]] = {}
        #: Which posts of its thread a page has heard of and not shown yet, and since when.
        self._wanted: list[dict[int, float]] = [{} for _ in headers]
        self._numbers: dict[int, int] = {}
        #: What each frame says: a thousand pages are told the same.
        self._told: dict[bytes, tuple[int, list[int]]] = {}
        #: How long after it was told of each page showed it, in s.
        self.seen: list[float] = []

    async def visit(self) -> None:
        """Open every page, of the next thread."""
        self._stop()
        self._thread = next(self._threads)
        self._numbers.clear()
        self._told.clear()
        there = self._site.thread(self._thread)
        said = {"Accept-Encoding": "gzip", "X-Fragment": "live"}
        self._asking = [request("GET", there, {**one, **said}) for one in self._headers]
        for number in range(len(self._asking)):
            if number == len(self._streams):
                self._streams.append(await asyncio.open_connection("127.0.0.1", self._site.port))
            await self._page(number)

    async def posts(self) -> None:
        """Post to the thread once a second."""
        for post in self._posts():
            began = time.perf_counter()
            await ask(self._site.port, post)
            await asyncio.sleep(max(0, began + 1 - time.perf_counter()))

    def _posts(self) -> Iterator[bytes]:
        visitor, known = self._site.visitors[2], texts.sentences()
        for number in range(POSTS):
            body = f"{number}. {texts.written(random.Random(number), known, CHARACTERS)}"
            form = {"page": "1", "form_key": visitor.form_key, "body": body[:CHARACTERS]}
            there = f"{self._site.thread(self._thread)}/replies"
            yield visitor.post(there, urlencode(form).encode())

    def heard(self, tab: Tab, payload: bytes, now: float) -> None:
        """Note what a page is told, and have it fetch within the time that it is given."""
        told = self._told.get(payload)
        if told is None:
            told = self._told[payload] = self._understood(payload)
        spread, numbers = told
        if not numbers:
            return
        self._wanted[tab.number].update(dict.fromkeys(numbers, now))
        if tab.number not in self._fetching:
            wait = random.uniform(0, spread) / 1000
            self._fetching[tab.number] = asyncio.create_task(self._fetch(tab.number, wait))

    def _understood(self, payload: bytes) -> tuple[int, list[int]]:
        """Return how long to spread, and the numbers of the thread's replies that it tells of."""
        said = json.loads(payload)
        if said["type"] != "events":
            return 0, []
        here = [event for event in said["events"] if event.get("thread") == self._thread]
        return said["spread_ms"], [self._number(event["seq"]) for event in here]

    def _number(self, seq: int) -> int:
        """Return the number of the reply that an event tells of: they come in order."""
        return self._numbers.setdefault(seq, 12 + 2 + len(self._numbers))

    async def _fetch(self, number: int, spread: float) -> None:
        await asyncio.sleep(spread)
        wanted = self._wanted[number]
        page, now = await self._page(number), time.perf_counter()
        del self._fetching[number]
        for post in [post for post in wanted if f'id="post-{post}"'.encode() in page]:
            self.seen.append(now - wanted.pop(post))
        if wanted:
            self._fetching[number] = asyncio.create_task(self._fetch(number, 0.05))

    async def _page(self, number: int) -> bytes:
        """Fetch a page on the connection that its browser keeps."""
        reader, writer = self._streams[number]
        if reader.at_eof():
            # The server hangs up on who has asked for nothing for some seconds.
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", self._site.port)
            self._streams[number] = reader, writer
        writer.write(self._asking[number])
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
        return zlib.decompress(await reader.readexactly(length), _GZIP)

    async def settled(self) -> None:
        """Wait until every page has fetched what it has heard of."""
        until = time.perf_counter() + GIVE_UP
        while self._fetching and time.perf_counter() < until:
            await asyncio.sleep(0.05)

    def leave(self) -> None:
        """Close every page."""
        self._stop()
        for _reader, writer in self._streams:
            writer.close()

    def _stop(self) -> None:
        for task in self._fetching.values():
            task.cancel()
        self._fetching.clear()
