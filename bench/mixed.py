"""How long readers wait while others write."""

import asyncio
from statistics import median

from bench.client import Load
from bench.figures import Figure, Goal
from bench.pages import ROUNDS, random_threads
from bench.replies import written
from bench.servers import Serving
from bench.sites import Site, served

WRITERS = 4


async def measure(site: Site, seconds: float) -> list[Figure]:
    """Measure readers of threads at random alone, and beside writers who never rest."""
    length = seconds / ROUNDS
    alone, beside, writing = [], [], []
    with Serving("forum", "serve", port=site.port, environment=site.environment) as forum:
        writers = [written(site, visitor) for visitor in site.visitors[:WRITERS]]
        await _read(site, forum, 0.5)
        for _ in range(ROUNDS):
            alone.append(await _read(site, forum, length))
            read, wrote = await asyncio.gather(
                _read(site, forum, length), served(site, forum, writers, length, status=303)
            )
            beside.append(read)
            writing.append(wrote)
        memory = forum.memory()
    late, later = _late(alone), _late(beside)
    note = (
        f"p99 {1000 * later:.1f} and {1000 * late:.1f} ms; {_rate(beside):,.0f} and"
        f" {_rate(alone):,.0f} pages a second; {_rate(writing):,.0f} replies; {memory}"
    )
    what = "reads’ p99 while writing / without"
    return [Figure(site.dialect, what, later / late, "times", Goal("≤", 3), note)]


async def _read(site: Site, forum: Serving, seconds: float) -> Load:
    readers = [random_threads(site, visitor) for visitor in site.visitors[WRITERS:]]
    return await served(site, forum, readers, seconds)


def _late(seen: list[Load]) -> float:
    return median(one.percentile(99) for one in seen)


def _rate(seen: list[Load]) -> float:
    return median(one.rate for one in seen)
