"""A document's page in a browser: it is filled in while it is open, and edited by two."""

import pytest
from playwright.async_api import FilePayload, expect

from forum import check_outs
from forum.settings import Settings
from storage import door
from storage.blobs import Store
from tests.browser.conftest import Visitors
from tests.filing import filed, revised
from tests.world import World

pytestmark = pytest.mark.browser


async def test_the_preview_and_who_works_on_it_appear_in_a_page_that_is_open(
    visitors: Visitors, world: World, chosen: Settings
) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    store = Store(chosen.data / "blobs")
    # The name says what is in it to nobody: until it has been read, nothing of it is on the page.
    document = await filed(bob, store, "Minnesanteckningar.txt", "Vikarier på Åsen".encode())
    there = f"/n/{world.network.slug}/documents/{document.id}"
    page = await visitors(world["ann"], width=360)
    await page.goto(there)
    await expect(page.get_by_text("Vikarier på Åsen")).to_be_visible()
    await revised(bob, store, document, "Vikarier i Eksjö".encode())
    await expect(page.get_by_text("Version 2, ")).to_be_visible()
    await expect(page.get_by_text("Vikarier i Eksjö")).to_be_visible()
    await check_outs.begin(bob, document.id)
    await expect(page.get_by_text("Bob Berg redigerar dokumentet sedan")).to_be_visible()
    await check_outs.end(bob, document.id)
    await expect(page.get_by_text("Bob Berg redigerar dokumentet sedan")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
async def test_one_press_fetches_the_file_and_says_so_and_a_version_comes_back(
    visitors: Visitors, world: World, chosen: Settings, script: bool
) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    document = await filed(bob, Store(chosen.data / "blobs"), "Åsens plan.txt", b"ett")
    there = f"/n/{world.network.slug}/documents/{document.id}"
    page = await visitors(world["ann"], script=script)
    await page.goto(there)
    async with page.expect_download() as begun:
        await page.get_by_role("button", name="Hämta och redigera").click()
    assert (await begun.value).suggested_filename == "Åsens plan.txt"
    if not script:
        await page.reload()
    await expect(page.get_by_text("Du redigerar dokumentet sedan")).to_be_visible()
    await page.get_by_role("link", name="Lämna in ny version").click()
    changed = FilePayload(name="Åsens plan (1).txt", mimeType="text/plain", buffer=b"tva")
    await page.get_by_label("Fil", exact=True).set_input_files(changed)
    await page.get_by_label("Vad har du ändrat?").fill("Siffrorna")
    await page.get_by_role("button", name="Lämna in").click()
    await expect(page.get_by_text("Din version är inlämnad.")).to_be_visible()
    await expect(page.get_by_text("Siffrorna")).to_be_visible()
    await expect(page.get_by_text("Du redigerar dokumentet sedan")).to_have_count(0)
