"""How fast thread pages are, beside a bare Starlette that gives the same bytes."""

from collections.abc import Callable, Iterator
from random import Random
from statistics import median

from bench import floor
from bench.client import Answer, Load, ask
from bench.figures import Figure, Goal
from bench.servers import Serving, free_port
from bench.sites import Site, Visitor, served

ROUNDS = 5
Asking = Callable[[Visitor], Iterator[bytes]]


async def measure(site: Site, seconds: float) -> list[Figure]:
    """Measure a thread that many read, threads at random, and a page that has not changed."""
    hot = site.thread(site.hot_thread)
    with Serving("forum", "serve", port=site.port, environment=site.environment) as forum:
        page = await ask(site.port, site.visitors[0].get(hot))
        if page.status != 200:
            raise RuntimeError(f"{hot} answered {page.status}")
        again = await _tags(site, hot)
        cold = await _each_once(site, forum)
        asked: dict[str, Asking] = {
            "hot thread page": lambda one: _repeated(one.get(hot)),
            "random thread page": lambda one: random_threads(site, one),
        }
        if again:
            asked["unchanged page (304)"] = lambda one: _repeated(again[one.form_key])
        port = free_port()
        answer = str(floor.write(site.folder, page))
        with Serving("bench.floor", str(port), answer, port=port, environment={}) as bare:
            rounds = await _rounds(site, forum, bare, asked, seconds)
            beside = f"{forum.memory()}; floor {bare.memory()}"
    figures = list(_figures(site, page, rounds, beside))
    ratio = 100 * cold.rate / median(one.rate for one in rounds["floor"])
    rate = f"{cold.rate:,.0f} a second; {_cost([cold])}"
    new = Figure(site.dialect, "thread new to the server", ratio, "% of floor", None, rate)
    return [*figures, new]


async def _tags(site: Site, path: str) -> dict[str, bytes]:
    """Return each visitor's question whether the page has changed, if it says what it is."""
    asked = {}
    for visitor in site.visitors:
        # Twice: the first visit may change what the page says to her.
        for _ in range(2):
            answer = await ask(site.port, visitor.get(path))
        if tag := answer.header("etag"):
            asked[visitor.form_key] = visitor.get(path, **{"If-None-Match": tag})
    return asked


async def _each_once(site: Site, forum: Serving) -> Load:
    """Have every thread visited once, each by one visitor, as in a server that has run a while."""
    threads = list(range(1, site.size.threads + 1))
    Random(4).shuffle(threads)
    shares = [threads[number :: len(site.visitors)] for number in range(len(site.visitors))]
    asked: list[Iterator[bytes]] = [
        (visitor.get(site.thread(one)) for one in share)
        for visitor, share in zip(site.visitors, shares, strict=True)
    ]
    return await served(site, forum, asked, seconds=600)


def _repeated(sent: bytes) -> Iterator[bytes]:
    while True:
        yield sent


def random_threads(site: Site, visitor: Visitor) -> Iterator[bytes]:
    """Yield a visitor's questions for threads at random, for ever."""
    random = Random()
    while True:
        yield visitor.get(site.thread(random.randint(1, site.size.threads)))


async def _rounds(
    site: Site, forum: Serving, bare: Serving, asked: dict[str, Asking], seconds: float
) -> dict[str, list[Load]]:
    """Measure everything in turn, over and over: what disturbs the machine disturbs all alike."""
    some = site.visitors[0]
    floors = {"floor": some.get("/"), "floor (304)": some.get("/unchanged")}
    rounds: dict[str, list[Load]] = {name: [] for name in (*floors, *asked)}
    for turn in range(ROUNDS + 1):
        # The first round warms up and does not count.
        length = seconds / ROUNDS if turn else 0.5
        for name, seen in rounds.items():
            status = 304 if "304" in name else 200
            if name in floors:
                visitors = [_repeated(floors[name]) for _ in site.visitors]
                found = await served(site, bare, visitors, length, status=status)
            else:
                visitors = [asked[name](visitor) for visitor in site.visitors]
                found = await served(site, forum, visitors, length, status=status)
            if turn:
                seen.append(found)
    return rounds


def _figures(
    site: Site, page: Answer, rounds: dict[str, list[Load]], memory: str
) -> Iterator[Figure]:
    limits = {"hot thread page": 20, "random thread page": 4, "unchanged page (304)": 50}
    floors, unchanged = rounds["floor"], rounds["floor (304)"]
    size = f"{len(page.body):,} bytes, {page.header('content-encoding') or 'not compressed'}"
    for name, seen, note in (("floor", floors, size), ("floor of a 304", unchanged, "no bytes")):
        note = f"{note}; {_cost(seen)}; visitors’ core {_busy(seen)}"
        yield Figure(site.dialect, name, median(one.rate for one in seen), "a second", None, note)
    for what, limit in limits.items():
        goal = Goal("≥", limit)
        if what not in rounds:
            yield Figure(site.dialect, what, None, "% of floor", goal, "the page has no ETag")
            continue
        seen = rounds[what]
        ratio = _ratio([one.rate for one in seen], [one.rate for one in floors])
        by_cost = _ratio([one.cost for one in floors], [one.cost for one in seen])
        rate = f"{median(one.rate for one in seen):,.0f} a second"
        note = f"{rate}; {_cost(seen)}, by which {by_cost:.3g} %; {_times(seen)}; {memory}"
        yield Figure(site.dialect, what, ratio, "% of floor", goal, note)


def _ratio(these: list[float], those: list[float]) -> float:
    """Return how many per cent these are of those, round by round, in the middle."""
    return 100 * median(this / that for this, that in zip(these, those, strict=True))


def _cost(seen: list[Load]) -> str:
    return f"{1e6 * median(one.cost for one in seen):,.0f} µs of the core"


def _times(seen: list[Load]) -> str:
    middle, late = (median(1000 * one.percentile(which) for one in seen) for which in (50, 99))
    return f"p50 {middle:.1f} ms, p99 {late:.1f} ms"


def _busy(seen: list[Load]) -> str:
    return f"{100 * max(one.busy for one in seen):.0f} % busy"
