"""Changing, hiding, moderating and removing, with the keyboard alone; two changes at once."""

import pytest
from playwright.async_api import Page, expect

from forum.language import gettext as _
from forum.language import pgettext
from tests.browser.conftest import Visitors
from tests.browser.steps import (
    bodies,
    button,
    composer,
    link,
    thread_of,
    untold,
    with_and_without_script,
)
from tests.browser.test_keyboard import at_both_widths, enter, tab_to
from tests.world import SECRET_REPLY, World
from web import flash

pytestmark = pytest.mark.browser


async def choose(page: Page, summary: str, choice: str, *, within: str = "main") -> None:
    """Open a menu and press something in it."""
    menu = page.locator(f"{within} details.menu").filter(
        has=page.locator("summary", has_text=summary)
    )
    await tab_to(page, menu.locator("summary"))
    await page.keyboard.press("Enter")
    await tab_to(page, menu.locator("a, button").filter(has_text=choice))
    await enter(page)


async def confirmed(page: Page, code: str) -> None:
    await expect(page.locator(".flash")).to_contain_text(flash.words(code))


@at_both_widths
async def test_an_author_changes_hides_and_shows_her_post_with_the_keyboard(
    page_of: Visitors, world: World, width: int
) -> None:
    page = await page_of(world["bob"], width=width)
    await page.goto(thread_of(world))
    await choose(page, _("More"), pgettext("button", "Change"), within="#post-2")
    await tab_to(page, composer(page))
    await page.keyboard.press("Control+End")
    await page.keyboard.type(" Och **tre** på helgen.")
    await tab_to(page, button(page, _("Save the change")))
    await enter(page)
    await confirmed(page, "edited")
    await expect(page.locator("#post-2 strong")).to_have_text("tre")
    await tab_to(page, link(page.locator("#post-2"), _("Changed")))
    await enter(page)
    await expect(page.locator("ins")).to_contain_text("Och **tre** på helgen.")
    await page.go_back()
    await choose(page, _("More"), pgettext("button", "Hide"), within="#post-2")
    await confirmed(page, "hidden")
    await expect(page.locator("#post-2")).not_to_contain_text("helgen")
    await tab_to(page, button(page.locator("#post-2"), _("Undo")))
    await enter(page)
    await confirmed(page, "shown")
    await expect(page.locator("#post-2")).to_contain_text("helgen")


@at_both_widths
async def test_a_coordinator_pins_closes_and_moves_a_thread_with_the_keyboard(
    page_of: Visitors, world: World, width: int
) -> None:
    page = await page_of(world["ann"], width=width)
    await page.goto(thread_of(world))
    menu = _("For the coordinator")
    for choice, code, other, back in (
        (_("Pin on top"), "pinned", _("Unpin"), "unpinned"),
        (_("Close the thread"), "closed", _("Open the thread"), "opened"),
    ):
        await choose(page, menu, choice)
        await confirmed(page, code)
        await choose(page, menu, other)
        await confirmed(page, back)
    await choose(page, menu, _("Move to another subject area"))
    await tab_to(page, page.get_by_label(_("Subject area")))
    await tab_to(page, button(page, _("Move")))
    await enter(page)
    await confirmed(page, "moved")


@at_both_widths
async def test_a_coordinator_makes_a_reply_a_thread_with_the_keyboard(
    page_of: Visitors, world: World, width: int
) -> None:
    page = await page_of(world["ann"], width=width)
    await page.goto(thread_of(world))
    await choose(page, _("More"), _("Make it a thread of its own"), within="#post-2")
    await tab_to(page, page.get_by_label(_("Title")))
    await page.keyboard.type("Hur många grupper har ni?")
    await tab_to(page, button(page, _("Make it a thread")))
    await enter(page)
    await confirmed(page, "split")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Hur många grupper har ni?")
    await tab_to(page, link(page, _("To that thread")))
    await enter(page)
    await tab_to(page, link(page.locator("#post-2"), _("To the thread")))
    await enter(page)
    await expect(page.locator("#post-1")).to_contain_text(SECRET_REPLY)


@at_both_widths
async def test_a_coordinator_removes_something_for_good_with_the_keyboard(
    page_of: Visitors, world: World, width: int
) -> None:
    page = await page_of(world["ann"], width=width)
    await page.goto(thread_of(world))
    await choose(page, _("More"), _("Remove something for good"), within="#post-2")
    await tab_to(page, page.get_by_role("checkbox", name=_("The present text")))
    await page.keyboard.press("Space")
    await tab_to(page, page.get_by_label(_("Why is it removed?")))
    await page.keyboard.type("Berättade om en person.")
    await tab_to(page, button(page, _("Remove for good")))
    await enter(page)
    await confirmed(page, "erased")
    await expect(page.locator("#post-2 .post-note")).to_be_visible()
    assert SECRET_REPLY not in await page.content()
    assert await bodies(world) == [""]


@with_and_without_script
async def test_what_was_changed_on_two_devices_is_shown_and_chosen(
    page_of: Visitors, world: World, script: bool
) -> None:
    office = await page_of(world["bob"], script=script, expected=(409,))
    phone = await page_of(world["bob"], script=script, width=320)
    for page in (office, phone):
        await page.goto(f"{thread_of(world)}/posts/2/edit")
    await composer(phone).fill("Skrivet på telefonen.")
    await button(phone, _("Save the change")).click()
    await confirmed(phone, "edited")
    await composer(office).fill("Skrivet på kontoret.")
    await button(office, _("Save the change")).click()
    summary = office.get_by_role("alert")
    await expect(summary).to_contain_text(_("The post has been changed since you began"))
    await expect(summary).to_be_focused()
    now = office.get_by_role("region", name=_("What it says now"))
    await expect(now).to_contain_text("Skrivet på telefonen.")
    await expect(composer(office)).to_have_value("Skrivet på kontoret.")
    await expect(office.locator("ins")).to_contain_text("kontoret")
    assert await bodies(world) == ["Skrivet på telefonen."]
    await button(office, _("Save my text instead")).click()
    await confirmed(office, "edited")
    assert await bodies(world) == ["Skrivet på kontoret."]
    # Both are there for everybody to read.
    ann = await page_of(world["ann"], script=script)
    await ann.goto(f"{thread_of(world)}/posts/2/revisions")
    await expect(ann.locator("main")).to_contain_text("telefonen")


async def test_who_was_writing_when_the_thread_was_closed_keeps_her_text(
    page_of: Visitors, world: World
) -> None:
    bob = await page_of(world["bob"], expected=(422,))
    await untold(bob)
    await bob.goto(thread_of(world))
    await composer(bob).fill("Det här hann jag inte skicka.")
    ann = await page_of(world["ann"])
    await ann.goto(thread_of(world))
    await choose(ann, _("For the coordinator"), _("Close the thread"))
    await button(bob, _("Send the answer")).click()
    await expect(bob.get_by_label(_("Your text, which was not sent"))).to_have_value(
        "Det här hann jag inte skicka."
    )
