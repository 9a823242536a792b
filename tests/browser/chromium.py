"""The Chromium that browser tests drive: the machine's own, no download of Playwright's."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_FLAGS = (
    "--no-sandbox",  # it refuses to start as root with one, and sees none but our own pages
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # No calls home: where the network is closed they are refused, many at a time.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def lacking() -> str | None:
    """Say why no browser can be started here, or None when one can."""
    if _program() is None:
        return "Chromium was not found (Debian: chromium; or SAMVERKAN_CHROMIUM)"
    return None


@asynccontextmanager
async def launch() -> AsyncIterator[Browser]:
    """Run a browser without a window: 0.4 s. It dies with the process. Ask `lacking` first.

    It belongs to the event loop that it was started in. A test takes a context of its own from it
    (`browser.new_context()`), which is as good as a new browser and costs milliseconds.
    """
    program = _program()
    if program is None:
        raise RuntimeError(lacking())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=_FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


def _program() -> str | None:
    if named := os.environ.get("SAMVERKAN_CHROMIUM"):
        return shutil.which(named)
    on_path = (shutil.which(name) for name in _NAMES)
    return next((path for path in (*on_path, *_MAC) if path and Path(path).exists()), None)
