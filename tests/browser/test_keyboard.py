"""The main tasks without a mouse: every stop is seen, in order, and no stop holds one."""

import pytest
from playwright.async_api import Locator, Page, expect

from forum.language import gettext as _
from forum.language import pgettext
from storage import door
from tests.browser.conftest import Visitors
from tests.browser.steps import BODY, TITLE, button, composer, link, thread_of
from tests.world import PASSWORD, SECRET_TITLE, World
from web import flash

pytestmark = pytest.mark.browser

MOST_STOPS = 120

at_both_widths = pytest.mark.parametrize("width", [1280, 320], ids=["1280 px", "320 px"])

# What has focus now: its words, and what keeps one from seeing that it has
STOP = """() => {
    const element = document.activeElement
    if (!element || element === document.body) return null
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element)
    const outlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
    const box = element.getBoundingClientRect()
    const [x, y] = [box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 20)]
    const on_top = document.elementFromPoint(x, y)
    const wrong = []
    // The button of the calendar in a date field has the ring, which is the browser's own
    const has_it = element.matches(':focus')
    if (has_it && !element.matches(':focus-visible')) wrong.push('not :focus-visible')
    if (has_it && !outlined && boxShadow === 'none') wrong.push('no ring')
    if (outlined && /, 0\\)$/.test(outlineColor)) wrong.push('a ring without a colour')
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) {
        wrong.push('outside the window')
    } else if (!on_top || !(element.contains(on_top) || on_top.contains(element))) {
        wrong.push(`covered by ${on_top?.outerHTML.slice(0, 80)}`)
    }
    const words = (element.innerText || element.labels?.[0]?.innerText || '').trim()
    return { words, place: [...document.querySelectorAll('*')].indexOf(element), wrong }
}"""

# The places, among all elements, of what the Tab key must reach
REACHABLE = """() => {
    const all = [...document.querySelectorAll('*')]
    const stops = `a[href], button, input:not([type=hidden]), select, textarea, summary,
        [tabindex="0"]`
    return all.filter(element => {
        if (!element.matches(stops) || element.tabIndex < 0 || element.disabled) return false
        if (!element.checkVisibility({ visibilityProperty: true })) return false
        // Of a group of radio buttons, one is a stop; the arrow keys do the rest
        if (element.type === 'radio' && !element.checked) return false
        return true
    }).map(element => all.indexOf(element))
}"""


async def tab(page: Page, key: str = "Tab") -> dict[str, object] | None:
    """Press Tab and return the stop, which must be seen; None outside the page."""
    await page.keyboard.press(key)
    stop: dict[str, object] | None = await page.evaluate(STOP)
    if stop is not None:
        assert stop["wrong"] == [], stop
    return stop


async def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has focus. It fails when it cannot be reached so."""
    await expect(wanted).to_be_attached()
    for _stop in range(MOST_STOPS):
        await tab(page)
        if await wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{wanted} is not reached with the Tab key")


async def enter(page: Page) -> None:
    """Press Enter and wait for the page it leads to."""
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


@at_both_widths
async def test_a_question_is_asked_and_answered_with_the_keyboard_alone(
    page_of: Visitors, world: World, width: int
) -> None:
    bob = await page_of(width=width)
    await bob.goto("/login")
    await tab_to(bob, bob.get_by_label(_("Name or e-mail address")))
    await bob.keyboard.type(world["bob"].username)
    await tab_to(bob, bob.get_by_label(_("Password"), exact=True))
    await bob.keyboard.type(PASSWORD)
    await tab_to(bob, bob.get_by_role("checkbox", name=_("Remember me on this device")))
    await bob.keyboard.press("Space")
    await enter(bob)
    await tab_to(bob, bob.get_by_role("main").locator("h2 a"))
    await enter(bob)
    await tab_to(bob, link(bob, _("Ask a question")))
    await enter(bob)
    await tab_to(bob, bob.get_by_label(_("Title")))
    await bob.keyboard.type(TITLE)
    await tab_to(bob, bob.get_by_label(_("Subject area")))
    await bob.keyboard.type("LSS")
    await tab_to(bob, composer(bob))
    await bob.keyboard.type(BODY)
    await tab_to(bob, button(bob, pgettext("button", "Post")))
    await enter(bob)
    await expect(bob.locator(".flash")).to_contain_text(flash.words("asked"))
    address = bob.url

    ann = await page_of(world["ann"], width=width)
    await ann.goto("/")
    await tab_to(ann, link(ann, TITLE))
    await enter(ann)
    await tab_to(ann, composer(ann))
    await ann.keyboard.type("Vi **beviljar** det.")
    await tab_to(ann, button(ann, _("Preview")))
    await ann.keyboard.press("Space")
    heading = ann.get_by_role("heading", name=_("This is what it will look like"))
    await expect(heading).to_be_focused()
    await expect(heading).to_be_in_viewport()
    await tab_to(ann, button(ann, _("Send the answer")))
    await enter(ann)
    await expect(ann.locator("#post-2")).to_be_in_viewport()

    await bob.goto(address)
    await tab_to(bob, bob.locator("#post-2 button[name=helpful]"))
    await enter(bob)
    await tab_to(bob, bob.locator("button[name=solved]"))
    await enter(bob)
    await expect(bob.locator(".flash")).to_contain_text(flash.words("solved"))


@at_both_widths
@pytest.mark.parametrize(
    "place", ["/login", "/", "/account", "network", "new", "thread", "members"]
)
async def test_tab_goes_through_the_whole_page_in_order_and_out_of_it(
    page_of: Visitors, world: World, width: int, place: str
) -> None:
    network = f"/n/{world.network.slug}"
    places = {
        "network": network,
        "new": f"{network}/threads/new",
        "thread": thread_of(world),
        "members": f"{network}/members",
    }
    page = await page_of(None if place == "/login" else world["ann"], width=width)
    await page.goto(places.get(place, place))
    wanted = await page.evaluate(REACHABLE)
    reached: list[object] = []
    while len(reached) < MOST_STOPS and (stop := await tab(page)):
        reached.append(stop["place"])
    assert reached == wanted
    # And the whole way back
    backwards = [await tab(page, "Shift+Tab") for _stop in wanted]
    assert [stop and stop["place"] for stop in backwards] == wanted[::-1]


@at_both_widths
async def test_the_first_stop_skips_to_the_content(
    page_of: Visitors, world: World, width: int
) -> None:
    page = await page_of(world["bob"], width=width)
    await page.goto(f"/n/{world.network.slug}")
    stop = await tab(page)
    assert stop is not None
    assert stop["words"] == _("Skip to the content")
    await expect(page.locator(".skip")).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Enter")
    await tab(page)
    await expect(page.locator("main a").first).to_be_focused()


async def test_the_menu_on_a_phone_opens_and_closes_and_gives_focus_back(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"], width=320)
    await page.goto(thread_of(world))
    opener, menu = button(page, _("Menu")), page.locator("#menu")
    await tab_to(page, opener)
    await expect(menu).to_be_hidden()
    await page.keyboard.press("Enter")
    await expect(menu).to_be_visible()
    await tab(page)
    await expect(link(menu, pgettext("menu", "Start"))).to_be_focused()
    await tab(page)
    await page.keyboard.press("Escape")
    await expect(menu).to_be_hidden()
    await expect(opener).to_be_focused()

    await page.keyboard.press("Space")
    await tab_to(page, button(menu, _("Close the menu")))
    await page.keyboard.press("Enter")
    await expect(menu).to_be_hidden()
    await expect(opener).to_be_focused()

    await page.keyboard.press("Enter")
    await tab_to(page, link(menu, _("Networks")))
    await enter(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text(_("My networks"))


@at_both_widths
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_what_is_wrong_comes_first_and_leads_to_the_fields(
    page_of: Visitors, world: World, width: int, script: bool
) -> None:
    page = await page_of(world["bob"], width=width, script=script, expected=(422,))
    await page.goto(f"/n/{world.network.slug}/threads/new")
    title = page.get_by_label(_("Title"))
    await title.focus()
    await enter(page)
    summary = page.get_by_role("alert")
    await expect(summary).to_be_focused()
    await expect(summary).to_be_in_viewport()
    for field in (title, composer(page)):
        await expect(field).to_have_attribute("aria-invalid", "true")
        problem = page.locator(f"#{await field.get_attribute('id')}-error")
        await summary.focus()
        await page.keyboard.press("Tab")
        way = link(summary, await problem.inner_text())
        while not await way.evaluate("element => element === document.activeElement"):
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(field).to_be_focused()
        await expect(field).to_be_in_viewport()


async def test_without_script_the_preview_is_where_one_comes_to(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"], script=False)
    await page.goto(thread_of(world))
    await composer(page).fill("Så **här**.")
    await button(page, _("Preview")).focus()
    await enter(page)
    heading = page.get_by_role("heading", name=_("This is what it will look like"))
    await expect(heading).to_be_focused()
    await expect(heading).to_be_in_viewport()
    await expect(composer(page)).to_have_value("Så **här**.")


async def test_a_passage_is_quoted_and_a_reply_sent_with_the_keyboard(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["ann"])
    await page.goto(thread_of(world))
    await tab_to(page, link(page.locator("#post-2"), pgettext("button", "Quote")))
    await enter(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text(SECRET_TITLE)
    await expect(composer(page)).to_be_in_viewport()
    await tab_to(page, composer(page))
    await page.keyboard.press("Control+End")
    await page.keyboard.type("Tack!")
    await tab_to(page, button(page, _("Send the answer")))
    await enter(page)
    inside = await door.enter(world["ann"], world.network.slug)
    reply = await inside.replies.filter(thread_id=world.thread.id).order_by("-number").first()
    assert reply is not None
    assert reply.body.endswith("Tack!")
