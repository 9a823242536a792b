"""What one writes is saved as one types: there on another device, and after being logged out."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from forum import accounts, personal_numbers, sessions
from forum.language import gettext as _
from storage import door
from storage.people import View
from tests.browser.conftest import Visitors
from tests.browser.steps import BODY, TITLE, bodies, button, composer, link, log_in, thread_of
from tests.world import World

pytestmark = pytest.mark.browser

#: Collects what is announced from now on, each time that it is put there.
LISTEN = """() => {
    window.heard = []
    for (const region of document.querySelectorAll('[aria-live], [role=status], [role=alert]')) {
        new MutationObserver(() => window.heard.push(region.textContent.trim()))
            .observe(region, { childList: true, subtree: true, characterData: true })
    }
}"""


async def saved(page: Page) -> None:
    """Wait until everything is saved."""
    await page.locator("form[data-drafted]").wait_for(state="attached")


async def drafts_of(world: World, name: str) -> list[str]:
    inside = await door.enter(world[name], world.network.slug)
    return sorted([str(one.content["body"]) for one in await inside.my_drafts.all()])


async def test_what_is_typed_on_one_device_is_there_on_another(
    page_of: Visitors, world: World
) -> None:
    office, phone = await page_of(world["bob"]), await page_of(world["bob"], width=320)
    await office.goto(f"/n/{world.network.slug}/threads/new")
    await office.get_by_label(_("Title")).fill(TITLE)
    await composer(office).press_sequentially("Personen bor i")
    await saved(office)
    await phone.goto("/")
    await link(phone, TITLE).click()
    await expect(composer(phone)).to_have_value("Personen bor i")
    await composer(phone).press("Control+End")
    await composer(phone).press_sequentially(" gruppbostad.")
    await saved(phone)
    # The page that is still open at work has not seen that, and writes beside it.
    await composer(office).press_sequentially(" eget boende.")
    await saved(office)
    await composer(office).press_sequentially(" Ja.")
    await saved(office)
    assert await drafts_of(world, "bob") == [
        "Personen bor i eget boende. Ja.",
        "Personen bor i gruppbostad.",
    ]
    await phone.get_by_label(_("Subject area")).select_option("LSS")
    await button(phone, "Publicera").click()
    await expect(phone.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert await drafts_of(world, "bob") == ["Personen bor i eget boende. Ja."]


async def test_a_reply_is_there_after_being_logged_out_while_writing(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    await composer(page).press_sequentially("Hos oss")
    await saved(page)
    await sessions.end_all(world["bob"])
    await composer(page).press_sequentially(" är det")
    await page.wait_for_timeout(1500)
    # The browser crashes, and she logs in again.
    again = await page_of()
    await again.goto(thread_of(world))
    await log_in(again, world["bob"])
    await expect(composer(again)).to_have_value("Hos oss")
    # In the page that is still open, the text is sent to the login and comes back from there.
    await button(page, _("Send the answer")).click()
    await log_in(page, world["bob"])
    await expect(page.locator("textarea[name=body]")).to_have_value("Hos oss är det")
    await button(page, _("Send it now")).click()
    await expect(page.locator("article.post").last).to_contain_text("Hos oss är det")
    assert await drafts_of(world, "bob") == []


async def test_leaving_the_page_saves_what_was_typed_last(page_of: Visitors, world: World) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    await composer(page).press_sequentially("Först")
    await saved(page)
    await composer(page).press_sequentially(" och sist")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.goto("/help")
    # The browser sends it on after the page has gone, and says nothing of the answer.
    for _moment in range(100):
        if await drafts_of(world, "bob") == ["Först och sist"]:
            break
        await page.wait_for_timeout(100)
    assert await drafts_of(world, "bob") == ["Först och sist"]


async def test_saving_is_told_once_and_a_personal_number_each_time_there_is_one(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    await page.evaluate(LISTEN)
    for words in ("Vi", " har", " prövat"):
        await composer(page).press_sequentially(words)
        await saved(page)
    heard = await page.evaluate("window.heard")
    assert len(heard) == 1
    assert heard[0].startswith("Utkast sparat i dag")
    await composer(page).press_sequentially(" 640823-3234")
    line = page.locator("[data-draft-line]")
    await expect(line).to_contain_text(personal_numbers.explanation())
    assert (await page.evaluate("window.heard"))[1:] == [await line.inner_text()]
    assert await drafts_of(world, "bob") == ["Vi har prövat"]


async def test_focus_and_caret_stay_while_it_saves(page_of: Visitors, world: World) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    await composer(page).fill(BODY)
    await composer(page).press("Control+Home")
    await composer(page).press_sequentially("Ja. ")
    await saved(page)
    await expect(composer(page)).to_be_focused()
    await page.keyboard.type("Visst. ")
    await expect(composer(page)).to_have_value(f"Ja. Visst. {BODY}")


async def test_without_script_a_button_saves_and_another_discards(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"], script=False)
    await page.goto(thread_of(world))
    await composer(page).fill("Halvvägs")
    await button(page, _("Save a draft")).click()
    await expect(page.locator(".flash")).to_contain_text(_("The draft has been saved."))
    await expect(composer(page)).to_have_value("Halvvägs")
    await button(page, _("Discard the draft")).click()
    await expect(composer(page)).to_have_value("")
    await composer(page).fill("Ett enda svar.")
    await button(page, _("Save a draft")).click()
    await button(page, _("Send the answer")).click()
    assert (await bodies(world)).count("Ett enda svar.") == 1
    assert await drafts_of(world, "bob") == []


@pytest.mark.parametrize("hurried", [False, True], ids=["saved before", "saved on the way"])
async def test_a_question_that_was_refused_once_leaves_no_draft_when_it_is_published(
    page_of: Visitors, world: World, hurried: bool
) -> None:
    page = await page_of(world["bob"], expected=(422,))
    await page.goto(f"/n/{world.network.slug}/threads/new")
    await page.get_by_label(_("Title")).fill(TITLE)
    await page.get_by_label(_("Subject area")).select_option("")
    await composer(page).press_sequentially(BODY)
    if not hurried:
        await saved(page)
    await button(page, "Publicera").click()
    await expect(page.locator("[data-error-summary]")).to_be_visible()
    assert await drafts_of(world, "bob") == [BODY]
    await page.get_by_label(_("Subject area")).select_option("LSS")
    await saved(page)
    assert await drafts_of(world, "bob") == [BODY]
    await button(page, "Publicera").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert await drafts_of(world, "bob") == []
    await accounts.prefer(world["bob"], view=View.EASY)
    await page.goto("/")
    await expect(page.get_by_text(TITLE)).to_have_count(0)


async def test_a_reply_that_was_refused_once_leaves_no_draft_when_it_is_sent(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"], expected=(422,))
    await page.goto(thread_of(world))
    await composer(page).press_sequentially("Hos oss")
    await saved(page)
    await composer(page).press_sequentially(" 640823-3234")
    await button(page, _("Send the answer")).click()
    await expect(page.locator("[data-error-summary]")).to_be_visible()
    await composer(page).fill("Hos oss också.")
    await button(page, _("Send the answer")).click()
    await expect(page.locator("article.post").last).to_contain_text("Hos oss också.")
    assert await drafts_of(world, "bob") == []


async def test_what_is_saved_already_is_not_saved_again_beside_the_post(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url.rpartition("/")[2]))
    await page.goto(thread_of(world))
    await composer(page).press_sequentially("Hos oss är det så.")
    await saved(page)
    before = sent.count("drafts")
    await button(page, _("Send the answer")).click()
    await expect(page.locator("article.post").last).to_contain_text("Hos oss är det så.")
    assert sent.count("drafts") == before


async def test_the_post_waits_for_a_save_that_is_on_its_way(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])

    async def slowly(route: Route) -> None:
        await asyncio.sleep(0.5)
        await route.continue_()

    await page.route("**/drafts", slowly)
    await page.goto(thread_of(world))
    await composer(page).press_sequentially("Hos oss är det så.")
    async with page.expect_request("**/drafts"):
        pass
    await button(page, _("Send the answer")).click()
    await expect(page.locator("article.post").last).to_contain_text("Hos oss är det så.")
    assert (await bodies(world)).count("Hos oss är det så.") == 1
    await page.wait_for_timeout(1000)
    assert await drafts_of(world, "bob") == []


async def test_the_line_says_when_what_is_written_is_not_saved(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    await page.goto(thread_of(world))
    line = page.locator("[data-draft-line]")
    await composer(page).press_sequentially("Hos oss")
    await saved(page)
    await page.route("**/drafts", lambda route: route.abort("aborted"))
    await composer(page).press_sequentially(" är")
    await expect(line.locator(".field-error")).to_have_text(
        _("What you wrote last is not saved yet. It is tried again when you go on writing.")
    )
    await page.unroute("**/drafts")
    await composer(page).press_sequentially(" det")
    await expect(line.locator(".field-error")).to_have_count(0)
    assert await drafts_of(world, "bob") == ["Hos oss är det"]

    await sessions.end_all(world["bob"])
    await page.evaluate(LISTEN)
    for words in (" en", " annan", " sak"):
        await composer(page).press_sequentially(words)
        await page.wait_for_timeout(1200)
    await expect(line.locator(".field-error")).to_have_text(
        _(
            "You have been logged out, and what you write now is not saved. "
            "Send it all the same: you then log in, and your text is still there."
        )
    )
    # What was saved is still there, and it is said so; the news is told once.
    await expect(line).to_contain_text("Utkast sparat i dag")
    told = await line.locator(".field-error").inner_text()
    assert (await page.evaluate("window.heard")).count(told) == 1
    # Logged in again in another tab, the next word is saved.
    tab = await page.context.new_page()
    await tab.goto("/login")
    await log_in(tab, world["bob"])
    await composer(page).press_sequentially(".")
    await expect(line.locator(".field-error")).to_have_count(0)
    assert await drafts_of(world, "bob") == ["Hos oss är det en annan sak."]
