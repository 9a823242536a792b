"""Reading in a real browser: what is new, long threads, and how one wants the pages."""

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from forum import discussions
from forum.language import gettext as _
from forum.language import pgettext
from storage import clock, door
from tests.browser.conftest import Visitors
from tests.browser.steps import (
    button,
    composer,
    link,
    thread_of,
    with_and_without_script,
)
from tests.world import SECRET_TITLE, World
from web import flash

pytestmark = pytest.mark.browser


async def test_what_has_been_on_screen_for_a_while_is_read(page_of: Visitors, world: World) -> None:
    page = await page_of(world["ann"])
    await page.goto("/")
    row = page.get_by_role("listitem").filter(has=link(page, SECRET_TITLE))
    await expect(row).to_have_class("unread")
    async with page.expect_response("**/read-mark"):
        await link(row, SECRET_TITLE).click()
        await expect(page.get_by_text(_("New since you were here"))).to_be_visible()
    await page.goto("/")
    await expect(row).not_to_have_class("unread")


async def test_this_year_goes_without_saying_and_another_does_not(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    written = page.locator("#post-1 time").first
    year = clock.today().year
    # Half a year from now in either direction, on another day than today and yesterday.
    other_day = datetime(year, 7 if clock.today().month < 4 else 1, 15, 12, tzinfo=UTC)
    for now, unsaid in ((other_day, True), (other_day.replace(year=year + 1), False)):
        await page.clock.set_fixed_time(now)
        await page.goto(thread_of(world))
        if unsaid:
            await expect(written).to_have_attribute("title", re.compile(f" {year} "))
            await expect(written).not_to_contain_text(str(year))
        else:
            await expect(written).to_contain_text(f" {year} ")


async def test_a_thread_is_read_to_the_post_that_has_been_shown_and_no_further(
    page_of: Visitors, world: World
) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    ann = await door.enter(world["ann"], world.network.slug)
    for number in range(3, 12):
        text = "\n\n".join(["Ett långt svar."] * 12)
        await discussions.post_reply(bob, world.thread.id, text, f"n{number}")

    async def read_to() -> int | None:
        mark = await ann.my_read_marks.get_or_none(thread_id=world.thread.id)
        return mark.number if mark else None

    page = await page_of(world["ann"])
    async with page.expect_response("**/read-mark"):
        await page.goto(f"{thread_of(world)}/unread")
    reached = await read_to()
    assert reached is not None
    assert 2 <= reached < 5
    # To the end at once: what lies between has not been shown.
    await page.locator("#post-11").scroll_into_view_if_needed()
    await expect(page.locator("#post-11")).to_be_in_viewport(ratio=0.5)
    await page.wait_for_timeout(2000)
    assert await read_to() == reached
    async with page.expect_response(lambda answer: "number=11" in str(answer.request.post_data)):
        for number in range(reached + 1, 12):
            await page.locator(f"#post-{number}").scroll_into_view_if_needed()
            await page.wait_for_timeout(1200)
    assert await read_to() == 11


async def test_without_script_a_button_marks_a_thread_as_read(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["ann"], script=False)
    await page.goto(thread_of(world))
    await expect(page.get_by_text(_("New since you were here"))).to_be_visible()
    await button(page, _("Mark as read")).click()
    await expect(page.locator(".flash")).to_contain_text(flash.words("read"))
    await expect(page.get_by_text(_("New since you were here"))).to_have_count(0)


async def test_a_long_thread_has_pages_and_its_posts_keep_their_addresses(
    page_of: Visitors, world: World
) -> None:
    inside = await door.enter(world["bob"], world.network.slug)
    for number in range(3, 26):
        await discussions.post_reply(inside, world.thread.id, f"Svar {number}.", f"n{number}")
    page = await page_of(world["ann"])
    await page.goto(thread_of(world))
    await expect(page.locator("article.post")).to_have_count(21)
    await link(page, _("Later posts")).first.click()
    await expect(page.locator("article.post")).to_have_count(4)
    permalink = page.locator("#post-23 a.nr")
    address = await permalink.get_attribute("href")
    await permalink.click()
    await expect(page).to_have_url(f"{thread_of(world)}?page=2#post-23")

    for number in range(26, 45):
        await discussions.post_reply(inside, world.thread.id, f"Svar {number}.", f"n{number}")
    assert address is not None
    await page.goto(address)
    await expect(page).to_have_url(f"{thread_of(world)}?page=2#post-23")
    await expect(page.locator("#post-23")).to_contain_text("Svar 23.")
    await expect(page.locator("#post-23")).to_be_in_viewport()


@with_and_without_script
async def test_the_language_is_switched_at_the_foot_of_the_page(
    page_of: Visitors, world: World, script: bool
) -> None:
    page = await page_of(script=script)
    await page.goto("/login")
    await button(page, "English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_label("Password", exact=True)).to_be_visible()

    page = await page_of(world["bob"], script=script)
    await page.goto(thread_of(world))
    await button(page, "English").click()
    await expect(page).to_have_url(f"{thread_of(world)}")
    await expect(button(page, "Send the answer")).to_be_visible()
    await button(page, "Svenska").click()
    await expect(page.locator("html")).to_have_attribute("lang", "sv")


async def test_light_or_dark_is_the_members_own_choice(page_of: Visitors, world: World) -> None:
    page = await page_of(world["bob"])
    await page.emulate_media(color_scheme="light")
    await page.goto("/")
    paper = await page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    await button(page, pgettext("theme", "Dark")).click()
    dark = button(page, pgettext("theme", "Dark"))
    await expect(dark).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("body")).not_to_have_css("background-color", paper)
    await button(page, _("As the device")).click()
    await expect(page.locator("body")).to_have_css("background-color", paper)


async def test_easy_read_pages_are_chosen_and_left_at_the_foot(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    await page.goto("/")
    await button(page, _("Easy read")).click()
    choices = page.get_by_role("navigation", name=_("Choose"))
    await expect(choices.get_by_role("link")).to_have_count(2)
    await link(choices, pgettext("heading", "New")).click()
    await link(page, SECRET_TITLE).click()
    await composer(page).fill("Jag tycker olika.")
    await button(page, _("Send the answer")).click()
    await expect(page.locator("article.post").last).to_contain_text("Jag tycker olika.")
    await button(page, _("Ordinary pages")).click()
    await expect(page.locator("html")).not_to_have_attribute("data-view", "easy")
