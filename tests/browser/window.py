"""One window that many tests look out of, one after the other.

A window of one's own is a new process: it fetches our scripts anew, and compiles the checkers', of
2 MB, for each page. The window stays in its process as long as the address's port is the same.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page

from storage.people import Person
from tests.browser.conftest import PATIENCE, Visitors, Watch


@dataclass(frozen=True, slots=True)
class Window:
    """A page, and the watch that is kept over it."""

    page: Page
    watch: Watch

    async def enter(
        self, visitors: Visitors, person: Person | None, expected: tuple[int, ...] = ()
    ) -> Page:
        """Return the page as a new browser has it, logged in as ``person``, or as nobody."""
        page = self.page
        self.watch.expected = frozenset(expected)
        await page.set_viewport_size({"width": 1280, "height": 800})
        # A colour halfway between two schemes is nobody's colour
        await page.emulate_media(color_scheme="light", reduced_motion="reduce")
        if person is not None:
            await visitors.log_in(page.context, person)
        return page

    async def leave(self) -> list[str]:
        """Leave nothing behind for the next one; return what the page complained of."""
        trouble = self.watch.trouble.copy()
        page, left = self.page, urlsplit(self.page.url)
        await page.goto("about:blank")
        await page.context.clear_cookies()
        if left.netloc:
            debugger = await page.context.new_cdp_session(page)
            all_of_it = {"origin": f"{left.scheme}://{left.netloc}", "storageTypes": "all"}
            await debugger.send("Storage.clearDataForOrigin", all_of_it)
            await debugger.detach()
        self.watch.trouble.clear()
        return trouble


@asynccontextmanager
async def opened(browser: Browser) -> AsyncIterator[Window]:
    """Open the window."""
    context = await browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")
    context.set_default_timeout(PATIENCE)
    watch = Watch(frozenset())
    watch.over(context)
    yield Window(await context.new_page(), watch)
    await context.close()
