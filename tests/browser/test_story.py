"""The main job in real browsers: people in different municipalities ask and answer."""

import pytest
from playwright.async_api import expect

from forum import sessions
from forum.language import gettext as _
from forum.language import ngettext, pgettext
from tests.browser.conftest import Visitors, local
from tests.browser.steps import (
    ANSWER,
    BODY,
    TITLE,
    bodies,
    button,
    composer,
    link,
    log_in,
    thread_of,
    with_and_without_script,
)
from tests.world import SECRET_TITLE, World
from web import flash

pytestmark = pytest.mark.browser


@with_and_without_script
async def test_two_people_ask_and_answer_and_a_stranger_sees_none_of_it(
    page_of: Visitors, world: World, script: bool
) -> None:
    bob = await page_of(script=script)
    await bob.goto("/")
    await log_in(bob, world["bob"])
    await expect(bob.get_by_role("heading", level=1)).to_have_text(_("What’s new"))

    await (
        bob.get_by_role("main").get_by_role("heading", name=world.network.name).locator("a").click()
    )
    await link(bob, _("Ask a question")).click()
    await bob.get_by_label(_("Title")).fill(TITLE)
    await bob.get_by_label(_("Subject area")).select_option(label="LSS")
    await composer(bob).fill(BODY)
    await button(bob, pgettext("button", "Post")).click()
    await expect(bob.locator(".flash")).to_contain_text(flash.words("asked"))
    await expect(bob.get_by_role("heading", level=1)).to_have_text(TITLE)
    asked = local(bob)

    ann = await page_of(script=script)
    await ann.goto("/")
    await log_in(ann, world["ann"])
    row = ann.get_by_role("listitem").filter(has=link(ann, TITLE))
    await expect(row).to_contain_text(pgettext("thread", "New"))
    await expect(row).to_contain_text("Habo")
    await link(row, TITLE).click()
    await expect(ann.locator("#post-1 strong")).to_have_text("bio")
    await composer(ann).fill(ANSWER)
    await button(ann, _("Preview")).click()
    shown = ann.get_by_role("region", name=_("This is what it will look like"))
    await expect(shown.locator("em")).to_have_text("personalen")
    await button(ann, _("Send the answer")).click()
    await expect(ann.locator(".flash")).to_contain_text(flash.words("replied"))
    await expect(ann.locator("#post-2")).to_contain_text("Aneby")

    await bob.goto("/")
    row = bob.get_by_role("listitem").filter(has=link(bob, TITLE))
    await expect(row).to_contain_text(
        ngettext("%(num)s new answer", "%(num)s new answers", 1) % {"num": 1}
    )
    await link(row, TITLE).click()
    await bob.locator("#post-2 button[name=helpful]").click()
    await expect(bob.locator("#post-2")).to_contain_text(_("Helped us"))
    await bob.locator("button[name=solved]").click()
    await expect(bob.locator(".flash")).to_contain_text(flash.words("solved"))

    await ann.reload()
    await expect(ann.locator(".page-head .stamp")).to_have_text(pgettext("question", "Solved"))
    await expect(ann.locator("#post-2")).to_contain_text(
        _("Marked by %(name)s") % {"name": "Bob Berg"}
    )
    await expect(link(ann, _("To the answer that helped"))).to_be_visible()

    charlie = await page_of(world["charlie"], script=script, expected=(404,))
    for address in (asked, asked + "/posts/2", f"/n/{world.network.slug}"):
        answer = await charlie.goto(address)
        assert answer is not None
        assert answer.status == 404
        assert TITLE not in await charlie.content()
    await charlie.goto("/")
    await expect(charlie.get_by_text(TITLE)).to_have_count(0)


async def test_a_mailed_link_logs_in_once_and_only_when_its_button_is_pressed(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(expected=(410,))
    await page.goto("/login")
    await link(page, _("Send me a link")).click()
    await page.get_by_label(_("E-mail address or name")).fill(world["bob"].username)
    await button(page, _("Send me a link")).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(_("Look in your mail"))
    await link(page, _("Show the demo’s outbox")).click()
    mailed = page.locator('a[href*="/login-links/"]')
    # The worker writes the letter in its own time
    for _again in range(50):
        if await mailed.count():
            break
        await page.wait_for_timeout(200)
        await page.reload()
    address = await mailed.get_attribute("href")
    assert address is not None

    scanner = await page_of()
    await scanner.goto(address)
    await mailed.click()
    await button(page, _("Log in")).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(_("What’s new"))

    await page.goto(address)
    await expect(page.get_by_role("heading", level=1)).to_have_text(_("The link no longer works"))


@with_and_without_script
async def test_a_text_sent_after_the_session_ended_comes_back_after_logging_in(
    page_of: Visitors, world: World, script: bool
) -> None:
    page = await page_of(world["bob"], script=script)
    await page.goto(thread_of(world))
    await composer(page).fill("Det här skrev jag\n\nlänge på.")
    await sessions.end_all(world["bob"])
    await button(page, _("Send the answer")).click()
    await expect(page.locator(".flash")).to_contain_text(
        _("You had been logged out. What you wrote has been kept. Log in to go on with it.")
    )
    await log_in(page, world["bob"])
    await expect(page.get_by_role("heading", level=1)).to_have_text(_("What you had written"))
    await expect(composer(page)).to_have_value("Det här skrev jag\n\nlänge på.")
    await button(page, _("Send it now")).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(SECRET_TITLE)
    await expect(page.locator("article.post").last).to_contain_text("länge på.")
    assert (await bodies(world))[-1] == "Det här skrev jag\n\nlänge på."


async def test_another_person_who_logs_in_there_does_not_get_the_kept_text(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    await composer(page).fill("Bara Bobs ord.")
    await sessions.end_all(world["bob"])
    await button(page, _("Send the answer")).click()
    await log_in(page, world["ann"])
    await expect(page.get_by_role("heading", level=1)).to_have_text(_("What’s new"))
    assert "Bara Bobs ord." not in await page.content()
