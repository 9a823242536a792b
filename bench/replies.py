"""How many replies a second are kept for good, and what a reply's time goes to."""

import asyncio
import itertools
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from bench import texts
from bench.figures import Figure, Goal
from bench.servers import Serving
from bench.sites import Site, Visitor, served

CHARACTERS = 500
ENOUGH = {"sqlite": 120, "postgres": 250}


async def measure(site: Site, seconds: float) -> list[Figure]:
    """Measure 16 visitors who answer threads at random, then where one visitor's time goes."""
    with Serving("forum", "serve", port=site.port, environment=site.environment) as forum:
        writers = [written(site, visitor) for visitor in site.visitors]
        await served(site, forum, writers, 0.5, status=303)
        seen = await served(site, forum, writers, 2 * seconds, status=303)
        memory = forum.memory()
    middle, late = seen.percentile(50), seen.percentile(99)
    times = f"p50 {1000 * middle:.1f} ms, p99 {1000 * late:.1f} ms; {memory}"
    cost = f"{1e6 * seen.cost:,.0f} µs of the core"
    if seen.database:
        cost += f", {1e6 * seen.database_cost:,.0f} of them the database’s"
    return [
        Figure(site.dialect, "replies", seen.rate, "a second", _enough(site), f"{cost}; {times}"),
        Figure(site.dialect, "replies: p99 / p50", late / middle, "times", Goal("≤", 3)),
        *await _shares(site, seconds),
    ]


def _enough(site: Site) -> Goal:
    return Goal("≥", ENOUGH[site.dialect])


def written(site: Site, visitor: Visitor) -> Iterator[bytes]:
    """Yield replies by one visitor, each another text in a thread at random."""
    random, known = Random(visitor.form_key), texts.sentences()
    for number in itertools.count(1):
        body = f"{number}. {texts.written(random, known, CHARACTERS)}"[:CHARACTERS]
        form = {"page": "1", "form_key": visitor.form_key, "body": body}
        there = f"{site.thread(random.randint(1, site.size.threads))}/replies"
        yield visitor.post(there, urlencode(form).encode())


async def _shares(site: Site, seconds: float) -> list[Figure]:
    """Say what one visitor's replies spend their time on, one after the other."""
    file = site.folder / "times.json"
    arguments = ("bench.timed", str(file))
    with Serving(*arguments, port=site.port, environment=site.environment) as forum:
        writer = written(site, site.visitors[0])
        await served(site, forum, [writer], 0.5, status=303)
        await _told(forum, file)
        seen = await served(site, forum, [writer], seconds, status=303)
        told = await _told(forum, file)
    whole, count = sum(seen.times), len(seen.times)
    spent = told["seconds"] | {"the rest": whole - sum(told["seconds"].values())}
    statements = f"{told['times']['SQL'] / count:.1f} statements a reply"
    notes = {"SQL": statements, "the rest": "HTTP, door, forms, the visitor’s own turn"}
    return [
        Figure(
            site.dialect,
            f"one reply at a time: {part}",
            1000 * spent[part] / count,
            "ms",
            beside="; ".join(filter(None, (f"{100 * spent[part] / whole:.0f} %", notes.get(part)))),
        )
        for part in ("markup", "SQL", "commit", "the rest")
    ]


async def _told(forum: Serving, file: Path) -> dict[str, Any]:
    """Ask the server for its stopwatch, which begins anew."""
    file.unlink(missing_ok=True)
    forum.signal(signal.SIGUSR1)
    while not file.exists():
        await asyncio.sleep(0.01)
    told: dict[str, Any] = json.loads(file.read_text())
    return told
