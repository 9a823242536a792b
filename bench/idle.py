"""What ten thousand open pages take of memory while nothing happens, and how soon all hear."""

import asyncio
import time

from bench.client import ask
from bench.figures import Figure, Goal
from bench.live import GIVE_UP, allow_sockets, browsers_of, events_in
from bench.replies import written
from bench.servers import Serving
from bench.sites import Site
from bench.sockets import Tab, opened

SOCKETS = 10_000


async def measure(site: Site, seconds: float) -> list[Figure]:
    """Open the sockets, several of each session, let them rest, and post once."""
    allow_sockets()
    browsers = await browsers_of(site)
    headers = [browsers[number % len(browsers)] for number in range(SOCKETS)]
    told, last = 0, 0.0

    def heard(_tab: Tab, payload: bytes, now: float) -> None:
        nonlocal told, last
        told += 1 if b'"state"' in payload else len(events_in(payload))
        last = now

    async def everybody(number: int) -> None:
        async with asyncio.timeout(10 * GIVE_UP):
            while told < number:
                await asyncio.sleep(0.05)

    with Serving("forum", "serve", port=site.port, environment=site.environment) as forum:
        # What renders texts is loaded, and is none of the sockets'.
        await ask(site.port, next(written(site, site.visitors[0])))
        before, began = forum.memory(), time.perf_counter()
        async with opened(site.port, "/live", headers, heard) as tabs:
            for tab in tabs:
                tab.say(b'{"since":{}}')
            await everybody(SOCKETS)
            took = time.perf_counter() - began
            await asyncio.sleep(seconds)
            each = 1000 * (forum.memory().own - before.own) / SOCKETS
            posted = time.perf_counter()
            await ask(site.port, next(written(site, site.visitors[1])))
            await everybody(2 * SOCKETS)
    note = f"{SOCKETS:,} sockets, open after {took:.1f} s; the last hears after"
    note = f"{note} {1000 * (last - posted):.0f} ms"
    return [Figure(site.dialect, "an idle socket", each, "kB", Goal("≤", 60), note)]
