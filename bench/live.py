"""How soon a thousand open pages hear of a post, beside a bare broadcast to as many."""

import asyncio
import json
import resource
import time
from collections.abc import Mapping
from functools import lru_cache
from statistics import median

from bench.client import ask
from bench.figures import Figure, Goal
from bench.filling import PERSONS
from bench.replies import written
from bench.servers import Serving, free_port
from bench.sites import Site
from bench.sockets import Tab, Tally, opened
from forum import sessions, settings
from storage import database
from storage.people import Person
from web.cookies import name_of

SOCKETS = 1000
POSTS_A_SECOND = 10
DEAF = 100
DROPPED = 2000
#: Nobody waits longer than that for anything.
GIVE_UP = 30.0


async def measure(site: Site, seconds: float) -> list[Figure]:
    """Measure sockets that listen, some that never read, and many that are dropped at once."""
    allow_sockets()
    browsers = await browsers_of(site)
    with Serving("forum", "serve", port=site.port, environment=site.environment) as forum:
        before = forum.memory()
        ours, missed = await _posted(site, browsers[:SOCKETS], 2 * seconds)
        deaf, _ = await _posted(site, browsers[:SOCKETS], seconds, deaf=DEAF)
        memory = forum.memory()
        back, caught_up = await _dropped(site, browsers[:DROPPED])
        each = f"{1000 * (memory.own - before.own) / (SOCKETS + DEAF):.0f} kB for a socket"
    bare = await _bare(seconds)
    rate = f"{SOCKETS:,} sockets, {POSTS_A_SECOND} posts a second"
    middle, floor = median(ours), median(bare)
    spread = f"{in_ms(ours, 50)}, p99 {in_ms(ours, 99)}; bare {in_ms(bare, 50)}"
    return [
        Figure(site.dialect, "last poke / bare", middle / floor, "times", Goal("≤", 1.5),
               f"{rate}: p50 {spread}; {each}"),
        Figure(site.dialect, "pokes missed or doubled", missed, "", Goal("≤", 0), rate),
        Figure(site.dialect, "last poke, some never read", 1000 * percentile(deaf, 99), "ms",
               Goal("≤", 250), f"p99; {DEAF} of them never read"),
        Figure(site.dialect, "back after a drop", back, "s", Goal("≤", 20),
               f"{DROPPED:,} sockets at once; {caught_up} have caught up"),
    ]  # fmt: skip


def allow_sockets() -> None:
    """Let this process and those it starts have as many files open as they may."""
    _soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def browsers_of(site: Site) -> list[Mapping[str, str]]:
    """Return what the browsers of everybody send, several of each person's."""
    chosen = settings.from_environment(site.environment)
    name, headers = name_of(chosen, "session"), list[Mapping[str, str]]()
    async with database.opened(chosen.database_url):
        for number in range(max(SOCKETS + DEAF, DROPPED)):
            person = await Person.get(id=number % PERSONS + 1)
            token = await sessions.start(person, "bench", remember=False)
            shown = {"Host": f"127.0.0.1:{site.port}", "Cookie": f"{name}={token}"}
            headers.append(shown | {"Origin": f"http://127.0.0.1:{site.port}"})
    return headers


@lru_cache(maxsize=64)
def events_in(payload: bytes) -> tuple[int, ...]:
    """Return the numbers of the events that a frame tells; a thousand tabs hear the same."""
    said = json.loads(payload)
    return tuple(event["seq"] for event in said["events"]) if said["type"] == "events" else ()


async def _posted(
    site: Site, headers: list[Mapping[str, str]], seconds: float, *, deaf: int = 0
) -> tuple[list[float], int]:
    """Post through the forum; return how long each took to reach the last, in s, and the missed."""
    tally, lasted, sent = Tally(len(headers)), list[float](), 0
    told: asyncio.Queue[int] = asyncio.Queue()
    greeted, all_there = set[int](), asyncio.Event()

    def heard(tab: Tab, payload: bytes, now: float) -> None:
        if payload.startswith(b'{"type":"state"'):
            greeted.add(tab.number)
            if len(greeted) == len(headers):
                all_there.set()
        for seq in events_in(payload):
            tally.hear(seq, now)
            if tab.number == 0:
                told.put_nowait(seq)

    async with (
        opened(site.port, "/live", headers, heard) as tabs,
        opened(site.port, "/live", headers[:deaf], lambda *_heard: None) as others,
    ):
        for tab in (*tabs, *others):
            tab.say(b'{"since":{}}')
        async with asyncio.timeout(GIVE_UP):
            await all_there.wait()
        await asyncio.sleep(1)
        for tab in others:
            tab.transport.pause_reading()
        # Each time another visitor: the same text in the same form would be the same post.
        writer = site.visitors[1 if deaf else 0]
        posts, until = written(site, writer), time.perf_counter() + seconds
        while time.perf_counter() < until:
            began = time.perf_counter()
            answer = await ask(site.port, next(posts))
            if answer.status != 303:
                raise RuntimeError(f"a reply was answered {answer.status}")
            sent += 1
            seq = await asyncio.wait_for(told.get(), GIVE_UP)
            await tally.everybody(seq, GIVE_UP)
            lasted.append(tally.last[seq] - began)
            await asyncio.sleep(max(0, began + 1 / POSTS_A_SECOND - time.perf_counter()))
        await asyncio.sleep(0.5)
    wrong = sum(abs(tally.listeners - times) for times in tally.heard.values())
    return lasted, wrong + abs(sent - len(tally.heard)) * tally.listeners


async def _dropped(site: Site, headers: list[Mapping[str, str]]) -> tuple[float, int]:
    """Drop all sockets, post, and open them again; return how long until all have caught up."""
    reached: dict[int, int] = {}

    def note(tab: Tab, payload: bytes, _now: float) -> None:
        said = json.loads(payload)
        if said["type"] == "state":
            reached[tab.number] = next(iter(said["networks"].values()))
            network.append(next(iter(said["networks"])))

    network: list[str] = []
    async with opened(site.port, "/live", headers, note) as tabs:
        for tab in tabs:
            tab.say(b'{"since":{}}')
        while len(reached) < len(headers):
            await asyncio.sleep(0.05)
    for post, _ in zip(written(site, site.visitors[2]), range(5), strict=False):
        await ask(site.port, post)
    caught: dict[int, list[int]] = {}

    def catch(tab: Tab, payload: bytes, _now: float) -> None:
        caught.setdefault(tab.number, []).extend(events_in(payload))

    began = time.perf_counter()
    async with opened(site.port, "/live", headers, catch) as tabs:
        for tab in tabs:
            tab.say(json.dumps({"since": {network[0]: reached[tab.number]}}).encode())
        while sum(len(seqs) for seqs in caught.values()) < 5 * len(headers):
            if time.perf_counter() - began > GIVE_UP:
                break
            await asyncio.sleep(0.02)
        lasted = time.perf_counter() - began
    right = [
        number for number, seqs in caught.items()
        if seqs == [reached[number] + more for more in range(1, 6)]
    ]  # fmt: skip
    return lasted, len(right)


async def _bare(seconds: float) -> list[float]:
    """Return how long a bare broadcast takes to reach the last of as many, in s."""
    tally, lasted, port = Tally(SOCKETS), list[float](), free_port()

    def heard(_tab: Tab, payload: bytes, now: float) -> None:
        tally.hear(int(payload.partition(b" ")[0]), now)

    headers = [{"Host": f"127.0.0.1:{port}"}] * SOCKETS
    with Serving("bench.broadcast", str(port), port=port, environment={}):
        async with opened(port, "/", headers, heard) as tabs:
            for number in range(int(seconds * POSTS_A_SECOND)):
                began = time.perf_counter()
                tabs[0].say(f"{number} {'x' * 110}".encode())
                await tally.everybody(number, GIVE_UP)
                lasted.append(tally.last[number] - began)
                await asyncio.sleep(max(0, began + 1 / POSTS_A_SECOND - time.perf_counter()))
    return lasted


def percentile(seconds: list[float], percent: float) -> float:
    """Return the time within which so many of them lie."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def in_ms(seconds: list[float], percent: float) -> str:
    """Return that in milliseconds."""
    return f"{1000 * percentile(seconds, percent):.1f} ms"
