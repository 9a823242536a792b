"""Easy reading on a phone: a question in one box by keyboard, and reading aloud."""

import pytest
from playwright.async_api import expect

from forum import accounts, discussions, reminders
from forum.language import gettext as _
from forum.language import pgettext
from forum.new_threads import NewThread
from storage import clock, door
from storage.discussions import ThreadKind
from storage.people import View
from tests.browser.conftest import Visitors
from tests.browser.steps import button, composer, link
from tests.browser.test_keyboard import enter, tab_to
from tests.browser.test_read_aloud import with_voices
from tests.world import World, ask_all
from web import flash

pytestmark = pytest.mark.browser

TEXT = "Hur gör ni på kvällen? Vi är två som arbetar."


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_question_is_asked_in_one_box_with_the_keyboard(
    page_of: Visitors, world: World, script: bool
) -> None:
    await accounts.prefer(world["bob"], view=View.EASY)
    page = await page_of(world["bob"], width=320, script=script)
    await page.goto("/")
    await tab_to(page, link(page, _("Write a question")))
    await enter(page)
    await tab_to(page, composer(page))
    await page.keyboard.type(TEXT)
    await tab_to(page, button(page, pgettext("button", "Next")))
    await enter(page)
    title = page.get_by_label(_("Title"))
    await expect(title).to_have_value("Hur gör ni på kvällen?")
    await expect(composer(page)).to_have_value(TEXT)
    await tab_to(page, title)
    await page.keyboard.press("End")
    await page.keyboard.type(" Och på natten?")
    await tab_to(page, button(page, _("Send the question")))
    await enter(page)
    await expect(page.locator(".flash")).to_contain_text(flash.words("asked"))
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("Hur gör ni på kvällen? Och på natten?")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_reminded_person_answers_with_the_keyboard(
    page_of: Visitors, world: World, script: bool
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    asked = await ask_all(ann, world.area_id)
    await reminders.remind(ann, asked.id)
    await accounts.prefer(world["bob"], view=View.EASY)
    page = await page_of(world["bob"], width=320, script=script)
    await page.goto("/")
    await tab_to(page, link(page, _("To answer")))
    await enter(page)
    await expect(link(page, asked.title)).to_be_visible()
    await page.go_back()
    await tab_to(page, link(page, _("Read and answer")))
    await enter(page)
    await tab_to(page, composer(page))
    await page.keyboard.type("Vi är tre.")
    await tab_to(page, button(page, _("Send the answer")))
    await enter(page)
    await expect(page.locator("#post-2")).to_be_in_viewport()
    await expect(page.locator("#post-2")).to_contain_text("Vi är tre.")
    await tab_to(page, link(page, _("Back to the start")))
    await enter(page)
    await expect(link(page, _("Read and answer"))).to_have_count(0)


async def test_half_a_question_is_found_again_on_the_start_page(
    page_of: Visitors, world: World
) -> None:
    await accounts.prefer(world["bob"], view=View.EASY)
    page = await page_of(world["bob"], width=320)
    await page.goto(f"/n/{world.network.slug}/threads/new")
    await composer(page).press_sequentially("Hur gör ni")
    await page.locator("form[data-drafted]").wait_for(state="attached")
    await page.goto("/")
    await link(page, "Hur gör ni").click()
    await expect(composer(page)).to_have_value("Hur gör ni")


async def test_the_choices_are_read_aloud_as_they_are_shown(
    page_of: Visitors, world: World
) -> None:
    await accounts.prefer(world["bob"], view=View.EASY)
    page = await page_of(world["bob"], width=320)
    await with_voices(page, "sv-SE")
    await page.goto("/")
    await button(page, pgettext("button", "Read aloud")).click()
    assert await page.evaluate("said") == [
        ["sv", text] for text in ("Att svara på", "Nytt 1 ny", "Skriv en fråga")
    ]


async def test_a_notice_is_read_aloud_as_it_is_shown_and_printed_in_full(
    page_of: Visitors, world: World
) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    wanted = NewThread(
        kind=ThreadKind.NOTICE,
        title="Träffen är flyttad",
        area_id=world.area_id,
        body="Hela texten om flytten.",
        ends_on=clock.today(),
        short="Träffen är **flyttad**.\n\nTill Habo.",
    )
    posted = await discussions.create_thread(ann, wanted, "notice")
    await accounts.prefer(world["bob"], view=View.EASY)
    page = await page_of(world["bob"], width=320)
    await with_voices(page, "sv-SE")
    await page.goto(f"/n/{world.network.slug}/threads/{posted.id}")
    reading = button(page.locator("#post-1"), pgettext("button", "Read aloud"))
    await reading.click()
    short = [["sv", "Träffen är flyttad."], ["sv", "Till Habo."]]
    heading = ["sv", _("Short and easy to read")]
    assert await page.evaluate("said") == [heading, *short]
    await button(page, pgettext("button", "Stop reading")).click()
    whole = page.get_by_text("Hela texten om flytten.")
    await expect(whole).to_be_hidden()
    await page.emulate_media(media="print")
    await expect(whole).to_be_visible()
    await page.emulate_media(media="screen")
    await page.get_by_text(_("Read everything")).click()
    await expect(whole).to_be_visible()
    await reading.click()
    assert (await page.evaluate("said"))[3:] == [heading, *short, ["sv", "Hela texten om flytten."]]
