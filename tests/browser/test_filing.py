"""Files into a folder in a real browser: by keyboard, and without script."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from forum.language import gettext as _
from tests.browser.conftest import Visitors
from tests.browser.steps import button, link
from tests.browser.test_keyboard import enter, tab_to
from tests.world import World

pytestmark = pytest.mark.browser


def here(world: World) -> str:
    return f"/n/{world.network.slug}/documents"


async def sent(page: Page, files: int) -> None:
    """Wait until so many files are on the server."""
    await expect(page.locator("[data-sending] [data-state=done]")).to_have_count(files)


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
