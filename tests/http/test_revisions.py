"""Changing what one wrote: history, conflicts, and who may."""

import threading

import pytest

from forum import differences, hiding, history, moderation, revisions
from forum.language import gettext as _
from forum.revisions import Wording
from storage import door
from storage.door import Inside
from storage.events import EventKind
from tests.http.pages import Page, words
from tests.http.records import Browsers, events, everything, row, rows, seq
from tests.world import SECRET_BODY, SECRET_REPLY, SECRET_TITLE, World
from web import flash

EDITED = EventKind.POST_EDITED


def post(world: World, number: int = 2) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}/posts/{number}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def edit(world: World, body: str, revision: int = 1) -> None:
    bob = await enter(world, "bob")
    await revisions.edit(bob, world.thread.id, 2, Wording(body, revision))


async def test_an_author_changes_her_reply_and_everybody_sees_that_she_has(
    world: World, browser: Browsers
) -> None:
    before = await seq(world)
    async with browser(world["bob"]) as http:
        form = Page(await http.get(post(world) + "/edit")).form(post(world) + "/edit")
        assert form.values["body"] == SECRET_REPLY
        answer = await form.send(http, body="Hos oss delar **tre** grupper på dem.")
        assert answer.headers["location"].endswith("#post-2")
        page = Page(await http.get(answer.headers["location"]))
    assert page.flash == flash.words("edited")
    assert await events(world, before) == [(EDITED, world["bob"].id)]
    async with browser(world["gus"]) as http:
        page = Page(await http.get(f"/n/{world.network.slug}/threads/{world.thread.id}"))
    shown = page.by_id("post-2")
    assert "Hos oss delar tre grupper på dem." in words(shown)
    assert SECRET_REPLY not in words(shown)
    link = shown.find(f".//a[@href='{post(world)}/revisions']")
    assert link is not None
    assert words(link).startswith(_("Changed"))
    reply = await row("reply", id=world.reply.id)
    thread = await row("thread", id=world.thread.id)
    assert (reply["revision"], reply["version"]) == (2, world.reply.version + 1)
    assert thread["version"] > 2
    assert reply["number"] == 2


async def test_the_threads_own_text_is_changed_with_its_title_and_the_old_one_kept(
    world: World, browser: Browsers
) -> None:
    async with browser(world["ann"]) as http:
        form = Page(await http.get(post(world, 1) + "/edit")).form(post(world, 1) + "/edit")
        assert (form.values["title"], form.values["body"]) == (SECRET_TITLE, SECRET_BODY)
        await form.send(http, title="  En  ny rubrik ", body="En ny text.")
        page = Page(await http.get(f"/n/{world.network.slug}/threads/{world.thread.id}"))
        history = Page(await http.get(post(world, 1) + "/revisions"))
    assert page.heading == "En ny rubrik"
    kept = await row("revision")
    assert (kept["title"], kept["body"], kept["revision"]) == (SECRET_TITLE, SECRET_BODY, 1)
    thread = await row("thread", id=world.thread.id)
    assert (thread["kind"], thread["area_id"]) == ("question", world.area_id)
    assert SECRET_TITLE in words(history.root)


async def test_the_history_shows_each_text_and_says_in_words_what_was_changed(
    world: World, browser: Browsers
) -> None:
    await edit(world, SECRET_REPLY.replace("två", "tre"))
    async with browser(world["gus"]) as http:
        page = Page(await http.get(post(world) + "/revisions"))
    first, second = (words(one) for one in page.with_class("section"))
    assert _("Version %(number)s") % {"number": 2} in first
    assert _("as it is now") in first
    assert _("Version %(number)s") % {"number": 1} in second
    assert "Bob Berg" in second
    added, removed = page.one(".//ins"), page.one(".//del")
    assert words(added) == f"{_('added:')} tre {_('end of what was added.')}"
    assert words(removed) == f"{_('removed:')} två {_('end of what was removed.')}"
    assert SECRET_REPLY in second


async def test_a_long_history_comes_in_pages_that_compare_across_their_edge(
    world: World, browser: Browsers
) -> None:
    for number in range(1, 24):
        await edit(world, f"Text nummer {number} här.", number)
    seen: list[int] = []
    async with browser(world["bob"]) as http:
        address: str | None = post(world) + "/revisions"
        while address:
            page = Page(await http.get(address))
            shown = [int(one.removeprefix("version-")) for one in page.ids if "version-" in one]
            seen += shown
            # Each but the very first is told by what was changed in it.
            assert len(page.all(".//ins")) == sum(one > 1 for one in shown)
            more = page.all(".//a[@rel='next']")
            address = more[0].get("href") if more else None
    assert seen == list(range(24, 0, -1))


async def test_others_are_answered_while_long_texts_are_compared(
    world: World, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = set[threading.Thread]()

    def listening(before: str, after: str) -> list[differences.Passage]:
        compared.add(threading.current_thread())
        return differences.differences(before, after)

    monkeypatch.setattr(history, "differences", listening)
    async with browser(world["bob"]) as http:
        await edit(world, "Ny text.")
        assert (await http.get(post(world) + "/revisions")).status_code == 200
    assert compared
    assert threading.current_thread() not in compared


@pytest.mark.parametrize("name", ["ann", "gus"])
async def test_nobody_else_may_change_it(world: World, browser: Browsers, name: str) -> None:
    before = await everything()
    async with browser(world[name]) as http:
        assert (await http.get(post(world) + "/edit")).status_code == 403
        answer = await http.post(post(world) + "/edit", data={"body": "Nej.", "revision": "1"})
    assert answer.status_code == 403
    assert await everything() == before


async def test_two_changes_at_once_show_both_texts_and_let_her_choose(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        form = Page(await http.get(post(world) + "/edit")).form(post(world) + "/edit")
        await edit(world, "Ändrat på telefonen.")
        answer = await form.send(http, body="Ändrat på datorn.")
        page = Page(answer)
        assert answer.status_code == 409
        assert "Ändrat på telefonen." in words(page.root)
        again = page.form(post(world) + "/edit")
        assert again.values["body"] == "Ändrat på datorn."
        assert {words(one) for one in page.all(".//ins")} == {
            f"{_('added:')} datorn {_('end of what was added.')}"
        }
        assert (await row("reply", id=world.reply.id))["body"] == "Ändrat på telefonen."
        # Go on: looked at first, then saved over the other.
        preview = Page(await again.send(http, body="Ändrat på datorn!", preview="yes"))
        await preview.form(post(world) + "/edit").send(http)
    assert (await row("reply", id=world.reply.id))["body"] == "Ändrat på datorn!"
    texts = [one["body"] for one in await rows("revision")]
    assert texts == [SECRET_REPLY, "Ändrat på telefonen."]


async def test_the_same_form_sent_twice_changes_it_once(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        form = Page(await http.get(post(world) + "/edit")).form(post(world) + "/edit")
        await form.send(http, body="En gång.")
        once = await everything()
        answer = await form.send(http, body="En gång.")
    assert answer.status_code == 303
    assert await everything() == once


async def test_saving_without_a_change_leaves_no_trace(world: World, browser: Browsers) -> None:
    before = await everything()
    async with browser(world["bob"]) as http:
        form = Page(await http.get(post(world) + "/edit")).form(post(world) + "/edit")
        assert (await form.send(http)).status_code == 303
    assert await everything() == before


async def test_what_is_wrong_is_said_and_the_text_comes_back(
    world: World, browser: Browsers
) -> None:
    async with browser(world["ann"]) as http:
        form = Page(await http.get(post(world, 1) + "/edit")).form(post(world, 1) + "/edit")
        page = Page(await form.send(http, title="", body="Kvar."))
    assert page.status == 422
    assert page.errors == {"title": _("Write a title.")}
    assert page.form(post(world, 1) + "/edit").values["body"] == "Kvar."


@pytest.mark.parametrize("what", ["hidden", "closed"])
async def test_who_was_writing_meanwhile_gets_her_text_back(
    world: World, browser: Browsers, what: str
) -> None:
    ann = await enter(world, "ann")
    async with browser(world["bob"]) as http:
        form = Page(await http.get(post(world) + "/edit")).form(post(world) + "/edit")
        if what == "hidden":
            await hiding.hide(ann, world.thread.id, 2, hidden=True)
        else:
            await moderation.close(ann, world.thread.id, closed=True)
        page = Page(await form.send(http, body="Det här hann jag skriva."))
    assert page.status == 422
    assert set(page.errors) == {"body"}
    assert page.form(post(world) + "/edit").values["body"] == "Det här hann jag skriva."
    assert (await row("reply", id=world.reply.id))["body"] == SECRET_REPLY


async def test_only_who_is_newly_mentioned_is_mentioned_anew(world: World) -> None:
    await edit(world, "Hej @ann.alm!")
    (first,) = await rows("mention", reply_id=world.reply.id)
    await edit(world, "Hej @ann.alm och @gus.gast!", 2)
    named = await rows("mention", reply_id=world.reply.id)
    assert [one["person_id"] for one in named] == [world["ann"].id, world["gus"].id]
    assert named[0]["id"] == first["id"]
    await edit(world, "Hej @gus.gast!", 3)
    assert [one["id"] for one in await rows("mention", reply_id=world.reply.id)] == [named[1]["id"]]
