"""What others write appears in open pages, and takes nothing from who reads and writes."""

import json
import re

import pytest
from playwright.async_api import Locator, Page, WebSocket, expect

from forum import (
    areas,
    discussions,
    hiding,
    members,
    moderation,
    networks,
    revisions,
    sessions,
    thanks,
)
from forum.language import gettext as _
from forum.revisions import Wording
from forum.settings import Settings
from storage import door
from storage.door import Inside
from storage.roles import Role
from tests.browser import live
from tests.browser.conftest import Visitors
from tests.browser.steps import button, composer, link, thread_of
from tests.browser.test_accessibility import SAYING
from tests.http.test_live import elsewhere
from tests.world import SECRET_TITLE, World, ask

pytestmark = pytest.mark.browser

# A tab in the background, which a test's browser has none of.
HIDEABLE = """
    let hidden = false
    Object.defineProperty(document, 'visibilityState', { get: () => hidden ? 'hidden' : 'visible' })
    addEventListener('test:hide', ({ detail }) => {
        hidden = detail
        document.dispatchEvent(new Event('visibilitychange'))
    })
"""
BLOCKED = """
    window.WebSocket = class extends EventTarget {
        constructor () {
            super()
            setTimeout(() => this.dispatchEvent(new CloseEvent('close', { code: 1006 })))
        }
        close () {}
    }
"""

# What the line says from now on.
HEARING = """() => {
    const line = document.querySelector('[data-live-line]')
    const heard = []
    const hear = () => heard.push(line.textContent.trim())
    new MutationObserver(hear).observe(line, { childList: true })
    return heard
}"""


async def hide(page: Page, hidden: bool) -> None:
    await page.evaluate(
        "hidden => dispatchEvent(new CustomEvent('test:hide', { detail: hidden }))", hidden
    )


async def inside(world: World, who: str) -> Inside:
    return await door.enter(world[who], world.network.slug)


async def reply(world: World, who: str, body: str) -> None:
    await discussions.post_reply(await inside(world, who), world.thread.id, body, body)


async def opened(page: Page, address: str) -> None:
    """Open a page and wait until its socket is, and what that did not tell of has been fetched."""
    async with page.expect_response(live.caught_up), page.expect_websocket() as opening:
        await page.goto(address)
    assert (await opening.value).url.endswith("/live")


def held(page: Page) -> Locator:
    return page.locator("[data-live-held]")


async def top_of(locator: Locator) -> float:
    box = await locator.bounding_box()
    assert box is not None
    return box["y"]


async def test_two_who_have_a_thread_open_see_each_others_answers(
    page_of: Visitors, world: World
) -> None:
    ann, bob = await page_of(world["ann"]), await page_of(world["bob"])
    for page in (ann, bob):
        await opened(page, thread_of(world))
    await composer(bob).fill("Nu **svarar** jag.")
    await button(bob, _("Send the answer")).click()
    fresh = ann.locator("#post-3")
    await expect(fresh).to_contain_text("Nu svarar jag.")
    await expect(fresh).to_have_class("post unread")
    await expect(held(ann)).to_have_text("1 nytt inlägg")
    await expect(ann.locator(".posts > .count")).to_have_text("2 svar")
    await bob.wait_for_url("**#post-3")
    await composer(ann).fill("Och nu jag.")
    await button(ann, _("Send the answer")).click()
    await expect(bob.locator("#post-4")).to_contain_text("Och nu jag.")


async def test_what_has_come_is_read_when_it_has_been_shown(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["ann"])
    await opened(page, thread_of(world))
    await reply(world, "bob", "Nu svarar jag.")
    async with page.expect_response(lambda answer: "number=3" in str(answer.request.post_data)):
        await page.locator("#post-3").scroll_into_view_if_needed()
    # What was new when she came is still told from the rest.
    await reply(world, "bob", "Och en gång till.")
    await expect(page.locator("#post-4")).to_be_visible()
    await expect(page.locator("#post-3")).to_have_class("post unread")
    await expect(page.locator(".left-off + #post-2")).to_have_count(1)


async def test_nothing_moves_who_writes_and_a_press_shows_it(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["ann"])
    await opened(page, thread_of(world))
    box = composer(page)
    await box.fill("Jag tänker på")
    await box.evaluate("box => { box.focus(); box.setSelectionRange(4, 10) }")
    before = await top_of(box)
    for number, body in enumerate(("Ett.", "Två.", "Tre."), 1):
        await reply(world, "bob", body)
        if number == 1:
            await expect(held(page)).to_have_text("1 nytt inlägg – visa")
    await expect(held(page)).to_have_text("3 nya inlägg – visa")
    await expect(page.locator("article.post")).to_have_count(2)
    await expect(box).to_be_focused()
    assert await box.evaluate("box => [box.selectionStart, box.selectionEnd]") == [4, 10]
    assert await top_of(box) == before

    await button(page, "3 nya inlägg – visa").click()
    await expect(page.locator("article.post")).to_have_count(5)
    await expect(page.locator("#post-3 .by")).to_be_focused()
    await expect(held(page)).to_be_empty()
    await expect(box).to_have_value("Jag tänker på")


async def test_the_button_is_not_taken_from_who_is_about_to_press_it(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["ann"])
    await page.set_viewport_size({"width": 360, "height": 400})
    await opened(page, thread_of(world))
    await composer(page).focus()
    await reply(world, "bob", "Ett.")
    waiting = button(page, "1 nytt inlägg – visa")
    await waiting.focus()
    await page.evaluate("scrollTo(0, 0)")
    await reply(world, "bob", "Två.")
    await expect(held(page)).to_have_text("2 nya inlägg – visa")
    await expect(held(page).get_by_role("button")).to_be_focused()
    await expect(page.locator("article.post")).to_have_count(2)
    await page.keyboard.press("Enter")
    await expect(page.locator("#post-3 .by")).to_be_focused()


async def test_what_waits_and_the_line_leave_each_other_and_the_foot_alone(
    page_of: Visitors, world: World
) -> None:
    for width, letters in ((1280, "100%"), (360, "100%"), (360, "200%")):
        page = await page_of(world["ann"], width=width)
        await opened(page, thread_of(world))
        await page.evaluate("size => { document.documentElement.style.fontSize = size }", letters)
        await page.evaluate(SAYING, "offline")
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        places = ".site-foot", "[data-live-held] > button", "[data-live-line] > p"
        boxes = [await page.locator(place).bounding_box() for place in places]
        foot, waiting, line = (box for box in boxes if box)
        assert foot["y"] + foot["height"] <= waiting["y"]
        assert waiting["y"] + waiting["height"] <= line["y"]


async def test_a_change_comes_in_its_place_and_leaves_open_what_is_open(
    page_of: Visitors, world: World
) -> None:
    for who in ("ann", "gus"):
        await thanks.thank(await inside(world, who), world.thread.id, 2, thanked=True)
    page = await page_of(world["ann"])
    await opened(page, thread_of(world))
    box = composer(page)
    await page.locator("#post-2 details.thanked summary").click()
    menu = page.locator("#post-2 details.menu")
    await box.fill("Halvskrivet")
    await box.evaluate("box => box.setSelectionRange(2, 2)")
    before = await top_of(box)
    changed = Wording("Ändrat till\n\nflera\n\nrader.", 1)
    await revisions.edit(await inside(world, "bob"), world.thread.id, 2, changed)
    await expect(page.locator("#post-2 .body")).to_contain_text("Ändrat till")
    await expect(page.locator("#post-2 details.thanked")).to_have_attribute("open", "")
    await expect(box).to_be_focused()
    await expect(box).to_have_value("Halvskrivet")
    assert await box.evaluate("box => box.selectionStart") == 2
    assert await top_of(box) == pytest.approx(before, abs=1)
    await expect(menu).to_have_count(1)


async def test_a_hidden_tab_fetches_once_when_it_is_shown(page_of: Visitors, world: World) -> None:
    page = await page_of(world["ann"])
    await page.add_init_script(HIDEABLE)
    await opened(page, thread_of(world))
    title = await page.title()
    fetched: list[str | None] = []
    page.on("request", lambda request: fetched.append(request.headers.get("x-fragment")))
    await hide(page, True)
    for body in ("Ett.", "Två.", "Tre."):
        await reply(world, "bob", body)
    await expect(page).to_have_title(f"(3) {title}")
    assert "live" not in fetched
    await hide(page, False)
    await expect(page.locator("article.post")).to_have_count(5)
    await expect(page).to_have_title(title)
    await page.wait_for_timeout(1000)
    assert fetched.count("live") == 1


async def test_what_one_writes_oneself_is_no_news_to_ones_other_tab(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["ann"])
    await page.add_init_script(HIDEABLE)
    await opened(page, thread_of(world))
    title = await page.title()
    await hide(page, True)
    await reply(world, "ann", "Jag svarar mig själv.")
    await reply(world, "bob", "Och jag dig.")
    await expect(page).to_have_title(f"(1) {title}")
    await hide(page, False)
    await expect(page.locator("article.post")).to_have_count(4)


async def test_where_no_socket_can_be_had_the_page_asks_each_minute(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["ann"])
    await page.add_init_script(BLOCKED)
    await page.clock.install()
    await page.goto("/")
    row = page.get_by_role("listitem").filter(has=link(page, SECRET_TITLE))
    await expect(row).to_contain_text("1 svar")
    await reply(world, "bob", "Nu svarar jag.")
    await page.clock.fast_forward(30_000)
    await expect(page.locator("[data-live-line] > p")).to_have_count(0)
    await expect(row).to_contain_text("1 svar")
    await page.clock.fast_forward(31_000)
    await page.clock.run_for(2_000)
    await expect(row).to_contain_text("2 svar")
    await expect(page.locator("[data-live-line] > p")).to_have_count(0)


async def test_it_says_when_there_has_been_no_contact_for_a_while(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["ann"])
    await page.clock.install()
    line = await live.held(page, world.network.id)
    await page.goto(thread_of(world))
    await page.clock.run_for(3_000)
    said = page.locator("[data-live-line] > p")
    line.answers = False
    await line.end(1012)
    await page.clock.run_for(9_000)
    await expect(said).to_have_count(0)
    await page.clock.run_for(2_000)
    await expect(said).to_contain_text("Ingen kontakt just nu.")
    heard = await page.evaluate_handle(HEARING)
    line.answers = True
    await line.end(1012)
    await reply(world, "bob", "Medan du var borta.")
    line.networks[str(world.network.id)] += 1
    await page.clock.run_for(40_000)
    await expect(said).to_have_count(0)
    await page.clock.run_for(10_000)
    assert await heard.json_value() == ["Kontakten är tillbaka.", ""]
    assert line.since[-1] == {str(world.network.id): 7}


async def test_who_is_logged_out_is_told_and_keeps_her_text(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["ann"])
    await page.add_init_script(HIDEABLE)
    await opened(page, thread_of(world))
    await composer(page).fill("Halvskrivet")
    await sessions.end_all(world["ann"])
    said = page.locator("[data-live-line] > p")
    await expect(said).to_contain_text("Du har loggats ut.")
    await expect(link(said, _("Log in, in a new tab"))).to_be_visible()
    await expect(composer(page)).to_have_value("Halvskrivet")
    # Logged in again in another tab, she comes back to this one.
    await page_of.log_in(page.context, world["ann"])
    await hide(page, True)
    await reply(world, "bob", "Medan du var borta.")
    await hide(page, False)
    await expect(said).to_have_count(0)
    await expect(held(page)).to_have_text("1 nytt inlägg – visa")
    await expect(composer(page)).to_have_value("Halvskrivet")


async def test_a_thread_that_is_closed_leaves_the_text_of_who_writes(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    await opened(page, thread_of(world))
    await composer(page).fill("Halvskrivet")
    await moderation.close(await inside(world, "ann"), world.thread.id, closed=True)
    await expect(page.get_by_text(re.compile("^Tråden är stängd"))).to_be_visible()
    await expect(composer(page)).to_have_value("Halvskrivet")


async def test_a_network_that_is_archived_takes_the_form_and_leaves_the_text_of_who_writes(
    page_of: Visitors, world: World
) -> None:
    writer, reader = await page_of(world["bob"]), await page_of(world["gus"])
    for page in (writer, reader):
        await opened(page, thread_of(world))
    await composer(writer).fill("Halvskrivet")
    await networks.change_network(
        await inside(world, "ann"), name="Boende", description="", archived=True
    )
    for page in (writer, reader):
        await expect(page.get_by_text(re.compile("^Nätverket är arkiverat"))).to_be_visible()
        await expect(link(page.locator("main .crumbs"), "Boende", exact=True)).to_have_count(1)
    await expect(composer(writer)).to_have_value("Halvskrivet")
    await expect(composer(reader)).to_have_count(0)


async def test_a_subject_area_is_called_in_open_threads_what_it_is_called_now(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    await opened(page, thread_of(world))
    await areas.change_area(await inside(world, "ann"), world.area_id, name="Lagen", description="")
    await expect(link(page.locator(".crumbs"), "Lagen")).to_have_count(1)
    await expect(link(page.locator(".facts"), "Lagen")).to_have_count(1)


async def test_who_becomes_a_coordinator_may_do_in_her_open_page_what_those_may(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["bob"])
    await opened(page, thread_of(world))
    menu = page.locator(".page-head details.menu")
    await expect(menu).to_have_count(0)
    await composer(page).fill("Halvskrivet")
    bob = (await inside(world, "bob")).membership
    await members.change_member(
        await inside(world, "ann"),
        bob.id,
        organisation_id=bob.organisation_id,
        function=bob.function,
        role=Role.COORDINATOR,
        ends_on=None,
    )
    await expect(menu).to_have_count(1)
    await expect(composer(page)).to_have_value("Halvskrivet")


async def test_on_an_earlier_page_of_a_thread_only_the_count_changes(
    page_of: Visitors, world: World
) -> None:
    for number in range(3, 23):
        await reply(world, "bob", f"Svar {number}.")
    page = await page_of(world["ann"])
    await opened(page, thread_of(world))
    await expect(page.locator("article.post")).to_have_count(21)
    await reply(world, "bob", "Svar 23.")
    await expect(page.locator(".page-head")).to_contain_text("22 svar")
    await expect(page.locator("article.post")).to_have_count(21)
    await expect(held(page)).to_be_empty()


async def test_the_way_to_a_threads_second_page_comes_with_it(
    page_of: Visitors, world: World
) -> None:
    for number in range(3, 22):
        await reply(world, "bob", f"Svar {number}.")
    page = await page_of(world["ann"])
    await opened(page, thread_of(world))
    await reply(world, "bob", "Svar 22.")
    await expect(page.locator(".pager")).to_have_count(2)
    await expect(page.locator(".pager + .posts")).to_have_count(1)
    await expect(page.locator(".posts + [data-live-held]")).to_have_count(1)
    await expect(held(page)).to_have_count(1)


@pytest.mark.parametrize("place", ["/", "network", "threads"])
async def test_lists_follow_and_the_row_in_focus_stays_itself(
    page_of: Visitors, world: World, place: str
) -> None:
    base = f"/n/{world.network.slug}"
    page = await page_of(world["ann"])
    await opened(page, {"network": base, "threads": f"{base}/threads"}.get(place, place))
    row = link(page, SECRET_TITLE).last
    await row.focus()
    before = await top_of(row)
    await ask(
        await inside(world, "bob"),
        "Har ni någon rutin för nattpass?",
        "Vi söker en.",
        world.area_id,
    )
    await expect(link(page, "Har ni någon rutin för nattpass?").last).to_be_visible()
    focused = page.locator(":focus")
    await expect(focused).to_contain_text(SECRET_TITLE)
    assert (
        await top_of(focused) == pytest.approx(before, abs=1) or await page.evaluate("scrollY") == 0
    )


async def test_a_page_from_the_browsers_history_catches_up(page_of: Visitors, world: World) -> None:
    page = await page_of(world["ann"])
    await opened(page, thread_of(world))
    await page.goto("/")
    await reply(world, "bob", "Medan du var borta.")
    await expect(page.get_by_text("2 svar")).to_be_visible()
    await page.go_back()
    await expect(page.locator("#post-3")).to_contain_text("Medan du var borta.")


async def test_a_page_goes_on_where_the_one_before_it_in_the_tab_had_got(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["ann"])
    line = await live.held(page, world.network.id)
    async with page.expect_response(live.caught_up):
        await page.goto(thread_of(world))
    fetched: list[str | None] = []
    page.on("request", lambda request: fetched.append(request.headers.get("x-fragment")))
    await page.goto("/")
    await page.wait_for_timeout(2500)
    assert line.since == [{}, {str(world.network.id): 7}]
    # It can have missed nothing, so nothing is asked for.
    assert "live" not in fetched


async def test_an_unfolded_menu_stays_open_and_a_closed_one_is_filled_anew(
    page_of: Visitors, world: World
) -> None:
    page = await page_of(world["ann"])
    await opened(page, thread_of(world))
    menu = page.locator("#post-2 details.menu")
    await menu.locator("summary").click()
    listed = menu.get_by_role("listitem")
    await expect(listed).to_have_count(4)
    await reply(world, "bob", "Nu svarar jag.")
    await expect(page.locator("#post-3 details.menu")).to_have_count(1)
    await expect(menu).to_have_attribute("open", "")
    await expect(listed).to_have_count(4)
    await page.keyboard.press("Escape")
    await expect(menu.locator("summary")).to_be_focused()
    await reply(world, "bob", "Och nu.")
    await expect(page.locator("#post-4")).to_be_visible()
    await expect(menu.locator("li")).to_have_count(0)
    await menu.locator("summary").click()
    await expect(listed).to_have_count(4)


async def test_what_is_hidden_goes_from_open_pages(page_of: Visitors, world: World) -> None:
    page = await page_of(world["gus"])
    await opened(page, thread_of(world))
    await hiding.hide(await inside(world, "ann"), world.thread.id, 2, hidden=True)
    await expect(page.locator("#post-2 .post-note")).to_be_visible()
    await expect(page.locator("#post-2 .body")).to_have_count(0)


@pytest.mark.parametrize("where", ["this process", "another process"])
async def test_a_member_who_is_removed_is_shown_nothing_more(
    page_of: Visitors, world: World, chosen: Settings, where: str
) -> None:
    page = await page_of(world["bob"], expected=(404,))
    sockets, heard = list[WebSocket](), list[str | bytes]()

    def hear(socket: WebSocket) -> None:
        sockets.append(socket)
        socket.on("framereceived", lambda frame: heard.append(frame))

    page.on("websocket", hear)
    await opened(page, thread_of(world))
    heard.clear()
    ann = await inside(world, "ann")
    membership = await ann.memberships.get(person_id=world["bob"].id)
    async with page.expect_response(live.caught_up) as answer:
        if where == "this process":
            await members.end_member(ann, membership.id)
        else:
            await elsewhere(chosen, world, f"members.end_member(ann, {membership.id})")
    assert (await answer.value).status == 404
    assert sockets[0].is_closed()
    await reply(world, "ann", "Nu när Bob har gått.")
    await page.wait_for_timeout(1500)
    # She came back, and is in no network.
    assert [json.loads(frame) for frame in heard] == [
        {"type": "state", "networks": {}, "presence": False}
    ]
    await expect(page.locator("article.post")).to_have_count(2)


async def test_what_is_read_stays_where_it_is_when_something_above_it_grows(
    page_of: Visitors, world: World
) -> None:
    for number in range(3, 9):
        await reply(world, "bob", "\n\n".join([f"Svar {number}."] * 6))
    page = await page_of(world["gus"])
    await opened(page, thread_of(world))
    read = page.locator("#post-7")
    await read.scroll_into_view_if_needed()
    before = await top_of(read)
    changed = Wording("\n\n".join(["Längre."] * 12), 1)
    await revisions.edit(await inside(world, "bob"), world.thread.id, 3, changed)
    await expect(page.locator("#post-3 .body")).to_contain_text("Längre.")
    assert await top_of(read) == pytest.approx(before, abs=1)


async def test_a_row_in_focus_goes_from_a_list_when_it_is_left(
    page_of: Visitors, world: World
) -> None:
    bob = await inside(world, "bob")
    title = "Har ni någon rutin för nattpass?"
    question = await ask(bob, title, "Vi söker en.", world.area_id)
    page = await page_of(world["ann"])
    await opened(page, f"/n/{world.network.slug}/threads?show=unanswered")
    row = link(page, title, exact=True)
    await row.focus()
    ann = await inside(world, "ann")
    await ask(bob, "Och för helger?", "Den söker vi också.", world.area_id)
    await discussions.post_reply(ann, question.id, "Här är vår.", "ours")
    await expect(link(page, "Och för helger?", exact=True)).to_be_visible()
    await page.wait_for_timeout(1000)
    await expect(row).to_be_focused()
    # To the row's other link, and out of it.
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(row).to_have_count(0)
