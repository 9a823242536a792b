"""The toolbar over what one writes: by keyboard, and everything it does can be undone."""

import pytest
from playwright.async_api import Locator, Page, expect

from forum.language import gettext as _
from forum.language import pgettext
from tests.browser.conftest import Visitors
from tests.browser.steps import button, composer, thread_of
from tests.browser.test_keyboard import tab, tab_to
from tests.world import World

pytestmark = pytest.mark.browser


def bar(page: Page) -> Locator:
    return page.get_by_role("toolbar", name=_("Format the text"))


def tool(page: Page, name: str) -> Locator:
    return button(bar(page), pgettext("button", name))


async def written(page: Page, text: str, selected: str = "") -> None:
    """Type a text and select a passage of it, with the keyboard's own undo to go back by."""
    await composer(page).click()
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text)
    at = text.index(selected) if selected else len(text)
    await composer(page).evaluate(
        "(field, [from, to]) => field.setSelectionRange(from, to)", [at, at + len(selected)]
    )


async def selection(page: Page) -> str:
    chosen: str = await composer(page).evaluate(
        "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    )
    return chosen


@pytest.mark.parametrize(
    ("name", "text", "selected", "after", "then"),
    [
        ("Bold", "Hos oss delar vi.", "delar", "Hos oss **delar** vi.", "delar"),
        ("Bold", "Hos oss delar vi.", " delar ", "Hos oss **delar** vi.", "delar"),
        ("Bold", "Hos oss ", "", "Hos oss ****", ""),
        ("Italics", "Hos oss delar vi.", "delar", "Hos oss *delar* vi.", "delar"),
        ("Italics", "Hos **oss** delar vi.", "oss", "Hos ***oss*** delar vi.", "oss"),
        ("List", "Ett\nTvå\nTre", "tt\nTv", "- Ett\n- Två\nTre", "- Ett\n- Två"),
        ("List", "Ett", "", "- Ett", ""),
        ("Quotation", "Ett\nTvå", "Två", "Ett\n> Två", ""),
        ("Link", "Se lagen.", "lagen", "Se [lagen](https://).", "https://"),
        ("Link", "Se ", "", "Se [text](https://)", "https://"),
        ("Link", "Se https://rjl.se", "https://rjl.se", "Se [text](https://rjl.se)", "text"),
    ],
)
async def test_a_tool_writes_its_mark_and_control_z_takes_it_back(
    page_of: Visitors, world: World, name: str, text: str, selected: str, after: str, then: str
) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    await written(page, text, selected)
    await tool(page, name).click()
    await expect(composer(page)).to_have_value(after)
    await expect(composer(page)).to_be_focused()
    assert await selection(page) == then
    while await composer(page).input_value() != text:
        before = await composer(page).input_value()
        await page.keyboard.press("Control+Z")
        assert await composer(page).input_value() != before, "nothing more to undo"


@pytest.mark.parametrize(
    ("name", "text", "selected"),
    [
        ("Bold", "Vi delar.", "delar"),
        ("Italics", "Vi delar.", "delar"),
        ("List", "Ett\nTvå", "t\nT"),
    ],
)
async def test_a_tool_pressed_again_takes_its_mark_away(
    page_of: Visitors, world: World, name: str, text: str, selected: str
) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    await written(page, text, selected)
    for _time in range(2):
        await tool(page, name).click()
    await expect(composer(page)).to_have_value(text)


@pytest.mark.parametrize("width", [1280, 320])
async def test_it_is_one_stop_and_the_arrows_go_within_it(
    page_of: Visitors, world: World, width: int
) -> None:
    page = await page_of(world["bob"], width=width)
    await page.goto(thread_of(world))
    names = ["Bold", "Italics", "List", "Quotation", "Link"]
    await tab_to(page, tool(page, "Bold"))
    for name in [*names[1:], names[0]]:
        await page.keyboard.press("ArrowRight")
        await expect(tool(page, name)).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await expect(tool(page, "Link")).to_be_focused()
    await page.keyboard.press("Home")
    await expect(tool(page, "Bold")).to_be_focused()
    await page.keyboard.press("End")
    await expect(tool(page, "Link")).to_be_focused()
    await tab(page)
    await expect(composer(page)).to_be_focused()
    await page.keyboard.type("Se lagen")
    # The way back leads to where one was.
    await tab(page, "Shift+Tab")
    await expect(tool(page, "Link")).to_be_focused()
    await page.keyboard.press("Home")
    await page.keyboard.press("Enter")
    await expect(composer(page)).to_be_focused()
    await page.keyboard.type("nu")
    await expect(composer(page)).to_have_value("Se lagen**nu**")
    assert await bar(page).get_attribute("aria-controls") == "body"


async def test_control_b_and_control_i(page_of: Visitors, world: World) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    await written(page, "Vi delar.", "delar")
    await page.keyboard.press("Control+b")
    await page.keyboard.press("Control+i")
    await expect(composer(page)).to_have_value("Vi ***delar***.")
    await page.keyboard.press("Control+i")
    await expect(composer(page)).to_have_value("Vi **delar**.")


async def test_without_script_there_is_no_toolbar_but_the_same_is_told(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"], script=False)
    await page.goto(thread_of(world))
    await expect(bar(page)).to_have_count(0)
    await expect(page.get_by_text(_("Bold text, lists, quotations and links"))).to_be_visible()
