"""Nothing that somebody sends is executed where it is shown to her again: errors and previews."""

import re

import pytest
from playwright.async_api import expect

from forum import accounts, kept_forms
from forum.language import gettext as _
from forum.settings import Settings
from storage import door
from storage.blobs import Store
from storage.people import View
from tests.browser.conftest import Visitors
from tests.browser.hostile import FORMS
from tests.browser.states import SEND
from tests.browser.steps import button, composer
from tests.browser.trap import injected, trapped
from tests.filing import filed, revised
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
    chosen: Settings,
    who: str | None,
    address: str,
    fields: dict[str, str],
    status: int,
) -> None:
    name, _comma, view = (who or "").partition(", ")
    if view:
        await accounts.prefer(world[name], view=View(view))
    if "/documents/" in address:
        await _document(world, Store(chosen.data / "blobs"))
    page = await page_of(world[name] if name else None, expected=(status,) if status > 400 else ())
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
    # A field for a date says of a payload that it is none
    trouble = page_of.watch(page).trouble
    trouble[:] = [line for line in trouble if "does not conform to the required" not in line]


async def _document(world: World, store: Store) -> None:
    """Have a document with two versions be the first."""
    ann = await door.enter(world["ann"], world.network.slug)
    document = await filed(ann, store)
    await revised(ann, store, document, b"Vi ses i Habo.")
    assert document.id == 1


async def test_nothing_is_executed_where_what_was_kept_is_given_back(
    page_of: Visitors, world: World
) -> None:
    text = "\n".join(TEXTS)
    fields = (*kept_forms.WRITTEN, kept_forms.LOST_FILE, "alt-1", text[:200])
    path = f"/n/{world.network.slug}/threads"
    token = await kept_forms.keep(world["bob"].id, path, [(name, text) for name in fields])
    page = await page_of(world["bob"])
    sprung = await trapped(page)
    await page.goto(f"/kept/{token}")
    await expect(page.locator("textarea").first).to_have_value(re.compile("trap"))
    assert await injected(page) + sprung == []


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
