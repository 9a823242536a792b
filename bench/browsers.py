"""How soon what one writes in a browser can be read in another's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median

from playwright.async_api import Browser, Page

from bench.figures import Figure, Goal
from bench.servers import Serving, on_all_cores
from bench.sites import Site, Visitor
from tests.browser import chromium

#: In each of so many threads, which have 12 replies to begin with: 20 fill the page.
THREADS, POSTS = 4, 6

# When the text can be read; both pages tell the time by the same clock.
_SEEN = """text => new Promise(resolve => {
    const region = document.querySelector('section.posts')
    const look = () => {
        if (!region.textContent.includes(text)) return
        watch.disconnect()
        requestAnimationFrame(() => resolve(Date.now()))
    }
    const watch = new MutationObserver(look)
    watch.observe(region, { childList: true, subtree: true, characterData: true })
    look()
})"""
_SEND = """text => {
    const form = document.querySelector('form[data-draft]')
    form.querySelector('textarea').value = text
    const now = Date.now()
    form.requestSubmit()
    return now
}"""


async def measure(site: Site, _seconds: float) -> list[Figure]:
    """Post in one page of Chromium and wait for it in another's."""
    if reason := chromium.lacking():
        return [Figure(site.dialect, "from one browser to another", None, "ms", None, reason)]
    found = [await _between(site, 1)]
    if site.dialect == "postgres":
        found.append(await _between(site, 2))
    return found


async def _between(site: Site, workers: int) -> Figure:
    few = [n for n in range(2, site.size.threads) if site.size.answers(n) == 12]
    few = few[workers * THREADS :][:THREADS]
    lasted: list[float] = []
    environment = {**site.environment, "SAMVERKAN_WORKERS": str(workers)}
    with Serving("forum", "serve", port=site.port, environment=environment):
        async with _launched() as browser:
            writes, reads = [await _opened(site, browser, one) for one in site.visitors[1:3]]
            for thread_id in few:
                await reads.goto(site.thread(thread_id))
                await reads.wait_for_timeout(1000)
                for number in range(POSTS):
                    await writes.goto(site.thread(thread_id))
                    text = f"Svar {number} i tråd {thread_id}."
                    seen = asyncio.create_task(reads.evaluate(_SEEN, text))
                    # As persons write: a page that has just been fetched waits half a second.
                    await reads.wait_for_timeout(800)
                    async with writes.expect_navigation():
                        sent = await writes.evaluate(_SEND, text)
                    lasted.append(await seen - sent)
    ordered = sorted(lasted)
    note = f"p90 {ordered[int(len(ordered) * 0.9)]:.0f} ms, {len(ordered)} posts"
    what = "from one browser to another" + (f", {workers} workers" if workers > 1 else "")
    return Figure(site.dialect, what, median(lasted), "ms", Goal("≤", 60), note)


@asynccontextmanager
async def _launched() -> AsyncIterator[Browser]:
    """Run Chromium on all cores: on one its pages wait for each other, as two persons' do not."""
    with on_all_cores():
        async with chromium.launch() as browser:
            yield browser


async def _opened(site: Site, browser: Browser, visitor: Visitor) -> Page:
    context = await browser.new_context(base_url=f"http://127.0.0.1:{site.port}", locale="sv-SE")
    cookie, _, token = visitor.headers["Cookie"].partition("=")
    await context.add_cookies(
        [{"name": cookie, "value": token, "domain": "127.0.0.1", "path": "/"}]
    )
    return await context.new_page()
