"""Hiding a post: its text is gone for members, "Ångra" brings it back, coordinators can read it."""

import pytest

from forum import (
    discussions,
    hiding,
    listings,
    marks,
    organisations,
    perspective,
    reading,
    revisions,
    unread,
)
from forum.language import gettext as _
from forum.revisions import Wording
from storage import door
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.events import EventKind
from tests.http.pages import Page, words
from tests.http.records import Browsers, events, everything, row, seq
from tests.world import SECRET_BODY, SECRET_REPLY, SECRET_TITLE, World, ask
from web import flash


def here(world: World) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def hide(world: World, name: str = "ann", number: int = 2) -> None:
    await hiding.hide(await enter(world, name), world.thread.id, number, hidden=True)


async def test_an_author_hides_her_post_and_undoes_it(world: World, browser: Browsers) -> None:
    before = await seq(world)
    async with browser(world["bob"]) as http:
        page = Page(await http.get(f"{here(world)}/posts/2/acts"))
        await page.form(f"{here(world)}/posts/2/hiding").send(http, hidden="yes")
        page = Page(await http.get(here(world)))
        assert page.flash == flash.words("hidden")
        shown = words(page.by_id("post-2"))
        assert _("The post is hidden by %(name)s,") % {"name": "Bob Berg"} in shown
        assert SECRET_REPLY not in shown
        await page.form(f"{here(world)}/posts/2/hiding").send(http, hidden="no")
        page = Page(await http.get(here(world)))
    assert page.flash == flash.words("shown")
    assert SECRET_REPLY in words(page.by_id("post-2"))
    bob = world["bob"].id
    assert await events(world, before) == [
        (EventKind.POST_HIDDEN, bob),
        (EventKind.POST_SHOWN, bob),
    ]


async def test_the_number_of_a_hidden_post_stays(world: World, browser: Browsers) -> None:
    await hide(world)
    gus = await enter(world, "gus")
    reply = await discussions.post_reply(gus, world.thread.id, "Nästa.", "next")
    assert reply.number == 3


async def test_what_a_coordinator_has_hidden_its_author_cannot_show(
    world: World, browser: Browsers
) -> None:
    await hide(world)
    before = await everything()
    async with browser(world["bob"]) as http:
        page = Page(await http.get(here(world)))
        assert f"{here(world)}/posts/2/hiding" not in page.actions()
        answer = await http.post(f"{here(world)}/posts/2/hiding", data={"hidden": "no"})
    assert answer.status_code == 403
    assert await everything() == before


@pytest.mark.parametrize("name", ["gus", "bob"])
async def test_others_may_not_hide(world: World, browser: Browsers, name: str) -> None:
    number = 2 if name == "gus" else 1
    async with browser(world[name]) as http:
        answer = await http.post(f"{here(world)}/posts/{number}/hiding", data={"hidden": "yes"})
    assert answer.status_code == 403


async def test_hiding_twice_is_hiding_once(world: World) -> None:
    await hide(world, "ann")
    before = await everything()
    await hide(world, "bob")
    await hide(world, "ann")
    assert await everything() == before


@pytest.mark.parametrize("name", ["bob", "gus"])
async def test_a_hidden_text_is_on_no_page_of_a_members(
    world: World, browser: Browsers, name: str
) -> None:
    await revisions.edit(
        await enter(world, "bob"), world.thread.id, 2, Wording("Nytt kanariefågelsord.", 1)
    )
    await hide(world)
    async with browser(world[name]) as http:
        for address in (here(world), f"/n/{world.network.slug}", "/", f"{here(world)}?page=1"):
            answer = await http.get(address)
            assert SECRET_REPLY not in answer.text
            assert "kanariefågelsord" not in answer.text
        for address in ("/posts/2/revisions", "/posts/2/edit"):
            assert (await http.get(here(world) + address)).status_code == 404
        assert (await http.get(f"{here(world)}?quote=2")).status_code == 404


async def test_coordinators_read_it_on_its_own_page_and_not_on_the_threads(
    world: World, browser: Browsers
) -> None:
    await hide(world)
    async with browser(world["ann"]) as http:
        page = await http.get(here(world))
        assert SECRET_REPLY not in page.text
        assert f"{here(world)}/posts/2/revisions" in Page(page).hrefs
        assert SECRET_REPLY in words(Page(await http.get(f"{here(world)}/posts/2/revisions")).root)


async def test_of_a_hidden_opening_the_thread_remains(world: World, browser: Browsers) -> None:
    await hide(world, "ann", 1)
    async with browser(world["bob"]) as http:
        page = Page(await http.get(here(world)))
        assert page.heading == SECRET_TITLE
        assert "kvällstimmar" not in words(page.root)
        assert SECRET_REPLY in words(page.by_id("post-2"))
        assert (await http.get(f"{here(world)}?quote=1")).status_code == 404
    assert SECRET_BODY not in str((await reading.view(await enter(world, "ann"), 1)).thread.body)


async def test_a_hidden_notice_is_not_on_top(world: World, browser: Browsers) -> None:
    ann = await enter(world, "ann")
    notice = await ask(ann, "Anslag", "Kanarieanslag.", world.area_id, ThreadKind.NOTICE)
    assert [one.id for one in await listings.notices_on_top(ann)] == [notice.id]
    await hiding.hide(ann, notice.id, 1, hidden=True)
    async with browser(world["bob"]) as http:
        assert "Kanarieanslag" not in (await http.get(f"/n/{world.network.slug}")).text
    (listed,) = [one for one in (await listings.threads(ann)).rows if one.id == notice.id]
    assert listed.body_html == ""


async def test_a_hidden_answer_answers_nothing_and_is_not_new(world: World) -> None:
    ann = await enter(world, "ann")
    await marks.mark_helpful(ann, world.reply.id, helpful=True)
    before = await reading.view(ann, world.thread.id)
    assert before.helpful == [2]
    assert (await perspective.on(ann, world.thread.id)).unread == 1
    assert (await organisations.answers(ann, before.thread)).reached == ["Habo"]
    await hide(world)
    after = await reading.view(ann, world.thread.id)
    assert after.helpful == []
    seen = await perspective.on(ann, world.thread.id)
    assert (seen.unread, seen.first_unread) == (0, None)
    assert (await organisations.answers(ann, after.thread)).reached == []
    (listed,) = (await listings.threads(ann, listings.Filter.UNANSWERED)).rows
    assert (listed.id, listed.unread, listed.first_unread) == (world.thread.id, 0, None)
    assert await unread.count_unread(ann) == 0


async def test_a_hidden_answer_cannot_be_marked(world: World, browser: Browsers) -> None:
    await hide(world)
    async with browser(world["ann"]) as http:
        there = f"/n/{world.network.slug}/replies/{world.reply.id}/help"
        assert (await http.post(there, data={"helpful": "yes"})).status_code == 404
    assert (await row("reply", id=world.reply.id))["helped_at"] is None
