"""A trap in a page: springs when a payload is executed, and tells foreign markup from our own."""

from pathlib import Path

from playwright.async_api import Page

_INJECTED = (Path(__file__).parent / "trap.js").read_text()


async def trapped(page: Page) -> list[str]:
    """Lay the trap in every page that this browser opens; return where it will be told of."""
    sprung: list[str] = []
    await page.context.expose_function("trap", lambda *found: sprung.append(f"{page.url} {found}"))
    return sprung


async def injected(page: Page) -> list[str]:
    """Return what stands in the page that no page of ours has."""
    found: list[str] = await page.evaluate(_INJECTED)
    return [f"{page.url}: {one}" for one in found]
