"""Files into a folder in a real browser: dropped, by keyboard, on a bad network, without script."""

from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from forum.language import gettext as _
from storage import door
from tests.browser import live
from tests.browser.conftest import Visitors
from tests.browser.steps import button, link
from tests.browser.test_files import GIVE
from tests.browser.test_keyboard import enter, tab_to
from tests.world import World

pytestmark = pytest.mark.browser

MEGABYTE = 1024 * 1024


def here(world: World) -> str:
    return f"/n/{world.network.slug}/documents"


async def sent(page: Page, files: int) -> None:
    """Wait until so many files are on the server."""
    await expect(page.locator("[data-sending] [data-state=done]")).to_have_count(files)


async def test_what_one_drops_on_a_folder_appears_on_the_other_ones_page(
    page_of: Visitors, world: World, tmp_path: Path
) -> None:
    ann, bob = await page_of(world["ann"]), await page_of(world["bob"])
    async with ann.expect_response(live.caught_up), ann.expect_websocket():
        await ann.goto(here(world))
    await bob.goto(here(world))
    names = ["Kallelse.txt", "Åtgärder.txt", "Budget.txt"]
    assert not await bob.evaluate(GIVE, ["form[data-filing]", "drop", names, ""])
    whole = tmp_path / "Möte"
    (whole / "Bilagor").mkdir(parents=True)
    (whole / "Bilagor" / "Karta.txt").write_text("En karta.")
    await bob.get_by_label(_("Or a whole folder")).set_input_files(whole)
    await sent(bob, 4)
    await button(bob, _("Add to the folder")).click()
    for name in ("Kallelse", "Åtgärder", "Budget", "Möte"):
        await expect(link(ann, name).first).to_be_visible()
    inside = await door.enter(world["ann"], world.network.slug)
    assert await inside.documents.all().count() == 4


async def test_an_upload_goes_on_by_itself_when_the_network_is_back(
    page_of: Visitors, world: World, tmp_path: Path
) -> None:
    content = bytes(range(256)) * (3 * MEGABYTE // 256)
    (tmp_path / "Film.bin").write_bytes(content)
    page = await page_of(world["bob"])
    tried: list[str] = []

    async def away(route: Route) -> None:
        tried.append(route.request.method)
        await (route.abort("internetdisconnected") if len(tried) <= 3 else route.continue_())

    await page.route("**/arrivals/*", away)
    await page.goto(here(world))
    await page.get_by_label(_("Choose files")).set_input_files(tmp_path / "Film.bin")
    await sent(page, 1)
    assert tried[0] == "PATCH"
    assert "HEAD" in tried
    await button(page, _("Add to the folder")).click()
    await expect(link(page, "Film").first).to_be_visible()
    page_of.watch(page).trouble.clear()
    inside = await door.enter(world["bob"], world.network.slug)
    [version] = await inside.versions.all()
    assert version.size == len(content)


async def test_files_are_added_by_keyboard(page_of: Visitors, world: World, tmp_path: Path) -> None:
    (tmp_path / "Karta.txt").write_text("En karta.")
    page = await page_of(world["bob"])
    page.on("filechooser", lambda _chooser: None)
    await page.goto(here(world))
    await tab_to(page, page.get_by_label(_("Choose files")))
    async with page.expect_file_chooser() as opening:
        await page.keyboard.press("Space")
    await (await opening.value).set_files(tmp_path / "Karta.txt")
    await sent(page, 1)
    await tab_to(page, button(page, _("Add to the folder")))
    await enter(page)
    await expect(link(page, "Karta").first).to_be_visible()


async def test_two_files_are_added_without_script(
    page_of: Visitors, world: World, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("Karta.txt", "Plan.txt")]
    for file in files:
        file.write_text(file.name)
    page = await page_of(world["bob"], script=False)
    await page.goto(here(world))
    await page.get_by_label(_("Choose files")).set_input_files(files)
    await button(page, _("Add to the folder")).click()
    for name in ("Karta", "Plan"):
        await expect(link(page, name).first).to_be_visible()
