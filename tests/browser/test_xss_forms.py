"""Nothing that somebody sends is executed where it is shown to her again: errors and previews."""

import pytest
from playwright.async_api import expect

from forum.language import gettext as _
from tests.browser.conftest import Visitors
from tests.browser.hostile import FORMS
from tests.browser.states import SEND
from tests.browser.steps import button, composer
from tests.browser.trap import injected, trapped
from tests.payloads import PAYLOADS
from tests.world import World

pytestmark = pytest.mark.browser

BATCH = 24  # payloads in one text: with fewer marks in all than a text may have
# A form with NUL is refused as such (400).
TEXTS = [payload.replace("\x00", "") for payload in PAYLOADS]


@pytest.mark.parametrize(("who", "address", "fields", "status"), FORMS)
async def test_nothing_is_executed_where_a_form_is_shown_again(
    page_of: Visitors,
    world: World,
    who: str | None,
    address: str,
    fields: dict[str, str],
    status: int,
) -> None:
    page = await page_of(world[who] if who else None, expected=(status,) if status > 400 else ())
    sprung = await trapped(page)
    found = []
    once = not any("{some}" in value for value in fields.values())
    for start in range(0, 1 if once else len(TEXTS), BATCH):
        texts = {"all": "\n".join(TEXTS), "some": "\n\n".join(TEXTS[start : start + BATCH])}
        await page.goto("/help")
        async with page.expect_navigation() as navigation:
            filled = {name: value.format_map(texts) for name, value in fields.items()}
            await page.evaluate(SEND, [address, filled])
        assert (await navigation.value).status in {status, 200}
        found += await injected(page)
    assert found + sprung == []


async def test_nothing_is_executed_in_a_preview_without_a_new_page(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    sprung = await trapped(page)
    found = []
    for start in range(0, len(TEXTS), BATCH):
        await page.goto(f"/n/{world.network.slug}/threads/{world.thread.id}")
        await composer(page).fill("\n\n".join(TEXTS[start : start + BATCH]))
        await button(page, _("Preview")).click()
        await expect(page.locator("[data-preview-heading]")).to_be_focused()
        found += await injected(page)
        await composer(page).fill("")
    assert found + sprung == []
