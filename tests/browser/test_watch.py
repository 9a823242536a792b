"""The watch over every page that the tests open sees what goes wrong on it."""

import pytest
from playwright.async_api import Page

from tests.browser.conftest import Visitors
from tests.world import World

pytestmark = pytest.mark.browser


async def test_the_watch_over_the_pages_sees_what_goes_wrong(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    await page.goto("/help")
    await page.evaluate("document.body.setAttribute('style', 'color: red')")
    await page.evaluate("document.body.append(document.createElement('img'))")
    await page.evaluate("document.querySelector('img').src = '/nowhere.png'")
    await page.evaluate("setTimeout(() => { throw new Error('broken') })")
    watch = page_of.watch(page)
    for sign in ("Content Security Policy", "404", "broken"):
        await expect_trouble(page, watch.trouble, sign)
    watch.trouble.clear()


async def expect_trouble(page: Page, trouble: list[str], sign: str) -> None:
    for _again in range(100):
        if any(sign in line for line in trouble):
            return
        await page.wait_for_timeout(50)
    pytest.fail(f"nothing was said of {sign}: {trouble}")
