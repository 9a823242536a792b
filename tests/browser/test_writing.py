"""Writing in a real browser: sent once, never lost, quoting, naming colleagues."""

import re

import pytest
from playwright.async_api import expect

from forum.language import gettext as _
from forum.language import pgettext
from tests.browser.conftest import Visitors
from tests.browser.steps import (
    BODY,
    bodies,
    button,
    composer,
    link,
    thread_of,
    with_and_without_script,
)
from tests.world import World

pytestmark = pytest.mark.browser


@with_and_without_script
async def test_pressing_send_twice_makes_one_reply(
    page_of: Visitors, world: World, script: bool
) -> None:
    page = await page_of(world["ann"], script=script)
    await page.goto(thread_of(world))
    await composer(page).fill("Ett enda svar.")
    await button(page, _("Send the answer")).dblclick()
    await expect(page.locator("article.post").last).to_contain_text("Ett enda svar.")
    # A second one would be on its way: whatever was sent has been answered when this has
    await page.goto("/help")
    await page.goto(thread_of(world))
    assert (await bodies(world)).count("Ett enda svar.") == 1


@with_and_without_script
async def test_nothing_typed_is_lost_by_an_error_or_by_going_back(
    page_of: Visitors, world: World, script: bool
) -> None:
    page = await page_of(world["bob"], script=script, expected=(422,))
    await page.goto(f"/n/{world.network.slug}/threads/new")
    await composer(page).fill(BODY)
    await button(page, pgettext("button", "Post")).click()
    await expect(page.get_by_role("alert")).to_contain_text(_("Write a title."))
    await expect(composer(page)).to_have_value(BODY)
    await page.get_by_label(_("Title")).fill("Halvvägs")
    await page.go_back()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await expect(composer(page)).to_have_value(BODY)


async def test_a_selected_passage_is_quoted_with_its_author(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    await page.locator("#post-1 strong").dblclick()
    await link(page.locator("#post-1"), pgettext("button", "Quote")).click()
    await expect(composer(page)).to_be_focused()
    there = f"{thread_of(world)}#post-1"
    await expect(composer(page)).to_have_value(
        f"> kvällstimmar\n>\n> — [Ann Alm]({thread_of(world)}/posts/1)\n\n"
    )
    await composer(page).press_sequentially("Så tänker vi också.")
    await button(page, _("Send the answer")).click()
    posted = page.locator("article.post").last
    await expect(posted.locator("blockquote")).to_contain_text("kvällstimmar")
    await link(posted, "Ann Alm").click()
    await expect(page).to_have_url(f"{there}")


async def test_without_script_the_whole_post_is_quoted(page_of: Visitors, world: World) -> None:
    page = await page_of(world["bob"], script=False)
    await page.goto(thread_of(world))
    await link(page.locator("#post-2"), pgettext("button", "Quote")).click()
    await expect(composer(page)).to_have_value(re.compile(f"^> {world.reply.body}\n"))


async def test_a_mentioned_member_becomes_a_link_to_her(page_of: Visitors, world: World) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    await composer(page).fill("Vad säger @ann.alm och @charlie.cederlof?")
    await button(page, _("Send the answer")).click()
    mention = page.locator("article.post").last.locator("a.mention")
    await expect(mention).to_have_text("@Ann Alm")
    await mention.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ann Alm")
