"""Asking every municipality, looking for somebody, thanks: two people, and the keyboard alone."""

from datetime import date

import pytest
from playwright.async_api import expect

from forum import language, wanted
from forum.language import gettext as _
from forum.language import pgettext
from storage import clock, door
from tests.browser.conftest import Visitors
from tests.browser.steps import (
    BODY,
    TITLE,
    button,
    composer,
    link,
    thread_of,
    untold,
    with_and_without_script,
)
from tests.browser.test_keyboard import enter, tab_to
from tests.world import World, ask_all, look_for
from web import flash

pytestmark = pytest.mark.browser


@with_and_without_script
async def test_all_are_asked_the_silent_reminded_and_the_answers_summed_up(
    page_of: Visitors, world: World, script: bool
) -> None:
    bob = await page_of(world["bob"], script=script)
    await bob.goto(f"/n/{world.network.slug}/threads/new")
    await bob.get_by_label(_("Title")).fill(TITLE)
    await bob.get_by_label(_("Subject area")).select_option(label="LSS")
    await expect(bob.get_by_label(_("Answer by"))).to_be_hidden()
    await bob.get_by_label(_("Ask every municipality")).check()
    await bob.get_by_label(_("Answer by")).fill(clock.today().isoformat())
    await composer(bob).fill(BODY)
    await button(bob, pgettext("button", "Post")).click()
    section = bob.get_by_role("region", name="Svar från 0 av 2 kommuner")
    await expect(section).to_contain_text("Saknas: Aneby och Mullsjö.")
    await button(section, _("Remind those who have not answered")).click()
    await expect(bob.locator(".flash")).to_contain_text(flash.words("reminded"))

    ann = await page_of(world["ann"], script=script)
    await ann.goto("/")
    await expect(ann.get_by_role("heading", name=_("You are reminded"))).to_be_visible()
    await link(ann, TITLE).first.click()
    await composer(ann).fill("Vi har tre.")
    await button(ann, _("Send the answer")).click()
    await expect(ann.get_by_role("region", name="Svar från 1 av 2 kommuner")).to_be_visible()
    await ann.goto("/")
    await expect(ann.get_by_role("heading", name=_("You are reminded"))).to_have_count(0)

    await bob.reload()
    await link(bob, _("Write a summary of the answers")).click()
    await composer(bob).fill("Alla har **tre**.")
    await button(bob, _("Save the summary")).click()
    await expect(bob.get_by_role("region", name=_("Summary"))).to_be_visible()
    await ann.goto(bob.url)
    summary = ann.get_by_role("region", name=_("Summary"))
    await expect(summary.locator("strong")).to_have_text("tre")


@with_and_without_script
async def test_one_looks_for_somebody_who_joins_and_is_chosen(
    page_of: Visitors, world: World, script: bool
) -> None:
    bob = await page_of(world["bob"], script=script)
    await bob.goto(f"/n/{world.network.slug}/threads/new")
    await bob.get_by_role("radio", name=pgettext("thread", "Wanted")).check()
    await expect(bob.get_by_label(_("Ask every municipality"))).to_be_hidden()
    await bob.get_by_label(_("What are you looking for?")).fill(TITLE)
    await bob.get_by_label(_("Subject area")).select_option(label="LSS")
    await bob.get_by_label(_("Month")).fill(f"{clock.today().year + 1}-02")
    await composer(bob).fill(BODY)
    await button(bob, pgettext("button", "Post")).click()
    # The script may hold it back while a draft is on its way.
    await expect(bob.locator(".flash")).to_contain_text(flash.words("posted"))
    address = bob.url

    ann = await page_of(world["ann"], script=script)
    await ann.goto(f"/n/{world.network.slug}/threads?show=wanted")
    await link(ann, TITLE).click()
    await button(ann, _("I join in")).click()
    await expect(ann.locator(".flash")).to_contain_text(flash.words("joined"))
    await expect(button(ann, _("I cannot any longer"))).to_be_visible()

    await bob.goto(address)
    await bob.get_by_role("checkbox", name="Ann Alm, Aneby").check()
    await button(bob, _("Choose and close")).click()
    together = _("%(organisations)s do this together") % {"organisations": "Habo och Aneby"}
    await expect(bob.get_by_role("heading", name=together)).to_be_visible()
    await ann.reload()
    await expect(ann.get_by_role("heading", name=together)).to_be_visible()
    await expect(button(ann, _("I cannot any longer"))).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 320], ids=["1280 px", "320 px"])
async def test_one_follows_and_thanks_with_the_keyboard_alone(
    page_of: Visitors, world: World, width: int
) -> None:
    page = await page_of(world["gus"], width=width)
    await page.goto(thread_of(world))
    await tab_to(page, button(page, pgettext("button", "Follow")))
    await enter(page)
    await expect(button(page, pgettext("button", "Stop following"))).to_be_visible()
    await tab_to(page, page.locator("#post-2 button[name=thanks]"))
    await enter(page)
    thanked = page.locator("#post-2 .thanked")
    await expect(thanked).to_contain_text("Gus Gäst, Tranås")
    await expect(page.locator("#post-2")).to_be_in_viewport()
    await expect(button(page, pgettext("button", "Take thanks back"))).to_be_visible()


@pytest.mark.parametrize("width", [1280, 320], ids=["1280 px", "320 px"])
async def test_one_joins_chooses_reminds_and_sums_up_with_the_keyboard_alone(
    page_of: Visitors, world: World, width: int
) -> None:
    network = f"/n/{world.network.slug}"
    inside = await door.enter(world["bob"], world.network.slug)
    looking = await look_for(inside, world.area_id)
    asked = await ask_all(inside, world.area_id)
    ann, bob = await page_of(world["ann"], width=width), await page_of(world["bob"], width=width)
    await ann.goto(f"{network}/threads/{looking.id}")
    await tab_to(ann, button(ann, _("I join in")))
    await enter(ann)
    await bob.goto(f"{network}/threads/{looking.id}")
    await tab_to(bob, bob.get_by_role("checkbox", name="Ann Alm, Aneby"))
    await bob.keyboard.press("Space")
    await tab_to(bob, button(bob, _("Choose and close")))
    await enter(bob)
    await expect(bob.locator(".flash")).to_contain_text(flash.words("paired"))

    await bob.goto(f"{network}/threads/{asked.id}")
    await tab_to(bob, button(bob, _("Remind those who have not answered")))
    await enter(bob)
    await ann.goto(network)
    section = ann.get_by_role("region", name=_("You are reminded"))
    await tab_to(ann, link(section, asked.title).first)
    await enter(ann)
    await tab_to(ann, composer(ann))
    await ann.keyboard.type("Tre.")
    await tab_to(ann, button(ann, _("Send the answer")))
    await enter(ann)
    await bob.goto(f"{network}/threads/{asked.id}")
    await tab_to(bob, link(bob, _("Write a summary of the answers")))
    await enter(bob)
    await tab_to(bob, composer(bob))
    await bob.keyboard.type("Alla har tre.")
    await tab_to(bob, button(bob, _("Save the summary")))
    await enter(bob)
    await expect(bob.get_by_role("region", name=_("Summary"))).to_contain_text("Alla har tre.")


@pytest.mark.parametrize("width", [1280, 320], ids=["1280 px", "320 px"])
async def test_one_looks_for_somebody_with_the_keyboard_alone(
    page_of: Visitors, world: World, width: int
) -> None:
    page = await page_of(world["bob"], width=width)
    await page.goto(f"/n/{world.network.slug}/threads/new")
    await tab_to(page, page.get_by_role("radio", name=_("Question")))
    wanted_kind = page.get_by_role("radio", name=pgettext("thread", "Wanted"))
    while not await wanted_kind.is_checked():
        await page.keyboard.press("ArrowRight")
    await tab_to(page, page.get_by_label(_("What are you looking for?")))
    await page.keyboard.type(TITLE)
    await tab_to(page, page.get_by_label(_("Subject area")))
    await page.keyboard.type("LSS")
    await tab_to(page, page.get_by_label(_("Municipality"), exact=True))
    await page.keyboard.type("Habo")
    month = page.get_by_label(_("Month"))
    await tab_to(page, month)
    # It has two stops, the month and the year
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Tab")
    await page.keyboard.type(f"{clock.today().year + 1}")
    chosen = date.fromisoformat(f"{await month.input_value()}-01")
    await tab_to(page, composer(page))
    await page.keyboard.type(BODY)
    await tab_to(page, button(page, pgettext("button", "Post")))
    await enter(page)
    section = page.get_by_role("region", name=_("Who joins in?"))
    await expect(section).to_contain_text(f"Habo, {language.month(chosen)}")


async def test_what_ended_meanwhile_says_so_and_leads_to_where_it_stands(
    page_of: Visitors, world: World
) -> None:
    inside = await door.enter(world["bob"], world.network.slug)
    looking = await look_for(inside, world.area_id)
    page = await page_of(world["ann"], expected=(422,))
    await untold(page)
    await page.goto(f"/n/{world.network.slug}/threads/{looking.id}")
    hers = await door.enter(world["ann"], world.network.slug)
    await wanted.join(hers, looking.id, joining=True)
    await wanted.pair(inside, looking.id, {world["ann"].id})
    await button(page, _("I join in")).click()
    summary = page.get_by_role("alert")
    await expect(summary).to_be_focused()
    await link(summary, _("It is over: nobody can join or leave any more.")).click()
    await expect(page.locator("#wanted")).to_be_in_viewport()
