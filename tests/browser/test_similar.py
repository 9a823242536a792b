"""Similar threads are shown while one types a title, told once, and never in one's way."""

import pytest
from playwright.async_api import expect

from forum.language import gettext as _
from tests.browser.conftest import Visitors
from tests.browser.steps import link
from tests.browser.test_drafts import LISTEN
from tests.browser.test_keyboard import tab_to
from tests.world import SECRET_TITLE, World

pytestmark = pytest.mark.browser


async def test_they_come_as_one_types_and_are_told_once(page_of: Visitors, world: World) -> None:
    page = await page_of(world["bob"])
    await page.goto(f"/n/{world.network.slug}/threads/new")
    await page.evaluate(LISTEN)
    title = page.get_by_label(_("Title"))
    alike = page.get_by_role("region", name="1 liknande tråd")
    await title.press_sequentially("Hur fördelar ni timmarna")
    await expect(link(alike, SECRET_TITLE)).to_be_visible()
    await expect(title).to_be_focused()
    await title.press_sequentially(" på kvällen")
    await page.wait_for_timeout(1000)
    await expect(title).to_have_value("Hur fördelar ni timmarna på kvällen")
    heard = [one for one in await page.evaluate("window.heard") if "liknande" in one]
    assert heard == ["1 liknande tråd"]
    await tab_to(page, link(alike, SECRET_TITLE))
    await title.fill("Något helt annat")
    await expect(alike).to_have_count(0)
