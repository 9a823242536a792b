"""What a first visit loads, what a thread weighs without its text, and what the server takes."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from playwright.async_api import Browser

from bench.client import ask
from bench.figures import Figure, Goal
from bench.servers import Serving
from bench.sites import Site
from forum import settings
from forum.addresses import POSTS_ON_A_PAGE
from storage import database
from tests.browser import chromium

KILOBYTE = 1000


async def measure(site: Site, _seconds: float) -> list[Figure]:
    """Start the server, look at it before anybody has come, and load pages as a new browser."""
    with Serving("forum", "serve", port=site.port, environment=site.environment) as forum:
        idle, starting = forum.memory(), forum.starting_seconds
        bare = await _without_its_text(site)
        figures = [
            Figure(site.dialect, "start", starting, "s", Goal("≤", 1.5), "to the first answer"),
            Figure(site.dialect, "idle memory", idle.resident, "MB", Goal("≤", 120), str(idle)),
            Figure(site.dialect, "thread without its text", bare, "kB", Goal("≤", 40), "raw HTML"),
        ]
        if reason := chromium.lacking():
            return [*figures, Figure(site.dialect, "first load", None, "kB", None, reason)]
        async with chromium.launch() as browser:
            for name, path in {"start page": "/", "thread": site.thread(site.hot_thread)}.items():
                figures += await _first_load(site, browser, name, path)
    return figures


async def _without_its_text(site: Site) -> float:
    """Return the kB of a full page of a thread, less its posts' own."""
    thread_id = site.hot_thread
    plain = {"Accept-Encoding": "identity"}
    page = await ask(site.port, site.visitors[0].get(site.thread(thread_id), **plain))
    async with database.opened(settings.from_environment(site.environment).database_url):
        rows = await database.read(
            "SELECT body_html FROM thread WHERE id = :thread_id UNION ALL"
            " SELECT body_html FROM reply WHERE thread_id = :thread_id AND number <= :last",
            {"thread_id": thread_id, "last": POSTS_ON_A_PAGE + 1},
        )
    texts = [row["body_html"].encode() for row in rows]
    if len(texts) != POSTS_ON_A_PAGE + 1 or not all(text in page.body for text in texts):
        raise RuntimeError("the page does not show its posts as they are stored")
    return (len(page.body) - sum(map(len, texts))) / KILOBYTE


async def _first_load(site: Site, browser: Browser, name: str, path: str) -> list[Figure]:
    """Load a page in a browser that has seen nothing yet, and count what comes over the wire."""
    context = await browser.new_context(base_url=f"http://127.0.0.1:{site.port}", locale="sv-SE")
    cookie, _, token = site.visitors[0].headers["Cookie"].partition("=")
    await context.add_cookies(
        [{"name": cookie, "value": token, "domain": "127.0.0.1", "path": "/"}]
    )
    page = await context.new_page()
    kinds: dict[str, str] = {}
    sizes: Counter[str] = Counter()

    def sent(event: Mapping[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            kinds[event["requestId"]] = event.get("type", "Other").lower()

    def finished(event: Mapping[str, Any]) -> None:
        if event["requestId"] in kinds:
            sizes[kinds[event["requestId"]]] += int(event["encodedDataLength"])

    devtools = await context.new_cdp_session(page)
    devtools.on("Network.requestWillBeSent", sent)
    devtools.on("Network.loadingFinished", finished)
    await devtools.send("Network.enable")
    await page.goto(path, wait_until="networkidle")
    await context.close()
    what = f"first load of the {name}"
    told = ", ".join(f"{kind} {size / KILOBYTE:.1f}" for kind, size in sizes.most_common())
    return [
        Figure(site.dialect, what, sizes.total() / KILOBYTE, "kB", Goal("≤", 90), told),
        Figure(site.dialect, what, len(kinds), "requests", Goal("≤", 12)),
    ]
