"""What coordinators do with threads: pin, close, move, and make a reply a thread of its own."""

import pytest

from forum import (
    areas,
    discussions,
    hiding,
    listings,
    marks,
    moderation,
    organisations,
    perspective,
    reading,
    revisions,
)
from forum.language import gettext as _
from forum.revisions import Wording
from storage import clock, database, door
from storage.door import Inside
from storage.events import EventKind
from storage.readers import Thanks
from tests.http.pages import Page, words
from tests.http.records import Browsers, events, everything, row, rows, seq
from tests.world import SECRET_REPLY, SECRET_TITLE, World, ask
from web import flash


def here(world: World) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def titles(world: World, query: str = "") -> list[str]:
    area = world.area_id if query else None
    found = await listings.threads(await enter(world, "bob"), area_id=area)
    return [one.title for one in found.rows]


# ---- Pinned, closed, moved -------------------------------------------------------------------


async def test_a_pinned_thread_is_first_and_says_so(world: World, browser: Browsers) -> None:
    ann = await enter(world, "ann")
    await ask(ann, "Nyare", "?", world.area_id)
    async with browser(world["ann"]) as http:
        form = Page(await http.get(here(world))).form(f"{here(world)}/pin")
        await form.send(http, pinned="yes")
        page = Page(await http.get(here(world)))
    assert page.flash == flash.words("pinned")
    for query in ("", "area"):
        assert await titles(world, query) == [SECRET_TITLE, "Nyare"]
    async with browser(world["bob"]) as http:
        page = Page(await http.get(f"/n/{world.network.slug}/threads"))
        assert f"{here(world)}/pin" not in Page(await http.get(here(world))).actions()
    assert [words(one) for one in page.with_class("stamp")] == ["Fäst"]
    await moderation.pin(ann, world.thread.id, pinned=False)
    assert await titles(world) == ["Nyare", SECRET_TITLE]


async def test_pinned_threads_are_on_the_first_page_alone_and_none_is_lost(world: World) -> None:
    ann = await enter(world, "ann")
    made = [await ask(ann, f"Fråga {number}", "?", world.area_id) for number in range(45)]
    for thread in (made[0], made[30]):
        await moderation.pin(ann, thread.id, pinned=True)
    pages, before = [], None
    while True:
        page = await listings.threads(ann, before=before)
        pages.append([one.id for one in page.rows])
        before = page.next
        if before is None:
            break
    assert [len(page) for page in pages] == [20, 20, 6]
    assert pages[0][:2] == [made[30].id, made[0].id]
    everyone = [one for page in pages for one in page]
    assert sorted(everyone) == sorted([*(one.id for one in made), world.thread.id])
    # What is filtered comes in its own order.
    mine = await listings.threads(ann, listings.Filter.MINE)
    assert mine.rows[0].id == made[-1].id


async def test_in_a_closed_thread_nobody_writes_until_it_is_opened(
    world: World, browser: Browsers
) -> None:
    before = await seq(world)
    async with browser(world["ann"]) as http, browser(world["bob"]) as other:
        answer = Page(await other.get(here(world))).form(f"{here(world)}/replies")
        closing = Page(await http.get(here(world))).form(f"{here(world)}/closure")
        await closing.send(http, closed="yes")
        page = Page(await answer.send(other, body="Jag hann inte."))
        assert page.status == 422
        assert words(page.by_id("body")) == "Jag hann inte."
        assert page.errors["body"].startswith(words(page.by_id("body-error"))[:10])
        page = Page(await other.get(here(world)))
        assert f"{here(world)}/replies" not in page.actions()
        assert "Stängd" in [words(one) for one in page.with_class("stamp")]
        assert _("The thread is closed: it can be read, but nobody can write in it.") in words(
            page.root
        )
        opening = Page(await http.get(here(world))).form(f"{here(world)}/closure")
        await opening.send(http, closed="no")
        again = Page(await other.get(here(world))).form(f"{here(world)}/replies")
        assert (await again.send(other, body="Nu gick det.")).status_code == 303
    ann, bob = world["ann"].id, world["bob"].id
    assert await events(world, before) == [
        (EventKind.THREAD_CLOSED, ann),
        (EventKind.THREAD_OPENED, ann),
        (EventKind.REPLY_CREATED, bob),
    ]


async def test_an_answer_that_was_sent_before_the_thread_closed_is_not_refused_again(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        answer = Page(await http.get(here(world))).form(f"{here(world)}/replies")
        first = await answer.send(http, body="En gång.")
        await moderation.close(await enter(world, "ann"), world.thread.id, closed=True)
        again = await answer.send(http, body="En gång.")
    assert (again.status_code, again.headers["location"]) == (303, first.headers["location"])


async def test_a_thread_is_moved_to_another_area(world: World, browser: Browsers) -> None:
    area = await areas.add_area(await enter(world, "ann"), "Ekonomi")
    async with browser(world["ann"]) as http:
        form = Page(await http.get(f"{here(world)}/area")).form(f"{here(world)}/area")
        assert form.values["area"] == str(world.area_id)
        page = Page(await form.send(http, area="999"))
        assert page.errors == {"area": _("Choose a subject area.")}
        before = await seq(world)
        await form.send(http, area=str(area.id))
        await form.send(http, area=str(area.id))
    assert await events(world, before) == [(EventKind.THREAD_MOVED, world["ann"].id)]
    assert (await row("thread", id=world.thread.id))["area_id"] == area.id


async def test_an_area_of_another_network_is_none(world: World) -> None:
    (foreign,) = await rows("area", network_id=world.elsewhere.id)
    with pytest.raises(Exception, match=_("Choose a subject area.")):
        await moderation.move(await enter(world, "ann"), world.thread.id, foreign["id"])


# ---- A thread of its own ---------------------------------------------------------------------


async def split(world: World, browser: Browsers, title: str = "En egen fråga") -> int:
    async with browser(world["ann"]) as http:
        there = f"{here(world)}/posts/2/split"
        form = Page(await http.get(there)).form(there)
        answer = await form.send(http, title=title, kind="question")
        assert answer.status_code == 303
        return int(answer.headers["location"].rpartition("/")[2])


async def test_a_reply_becomes_a_thread_with_all_that_belongs_to_it(
    world: World, browser: Browsers
) -> None:
    bob = await enter(world, "bob")
    await revisions.edit(bob, world.thread.id, 2, Wording("Hej @ann.alm, så här.", 1))
    gus = await enter(world, "gus")
    thanked = {"thread_id": world.thread.id, "number": 2, "person_id": gus.person.id}
    await database.write(lambda: gus.create(Thanks, **thanked, at=clock.now()))
    before = await seq(world)
    new = await split(world, browser)
    made, old = await row("thread", id=new), await row("reply", id=world.reply.id)
    assert (made["title"], made["kind"], made["area_id"]) == (
        "En egen fråga",
        "question",
        world.area_id,
    )
    assert (made["author_id"], made["organisation_id"]) == (
        old["author_id"],
        old["organisation_id"],
    )
    assert made["created_at"] == old["created_at"] < made["last_posted_at"]
    assert (made["body"], old["body"], old["body_html"]) == ("Hej @ann.alm, så här.", "", "")
    (mention,) = await rows("mention")
    assert (mention["thread_id"], mention["reply_id"]) == (new, None)
    assert [(one["thread_id"], one["number"]) for one in await rows("thanks")] == [(new, 1)]
    (kept,) = await rows("revision")
    assert (kept["thread_id"], kept["number"], kept["body"]) == (new, 1, SECRET_REPLY)
    assert await events(world, before) == [
        (EventKind.THREAD_CREATED, world["ann"].id),
        (EventKind.THREAD_SPLIT, world["ann"].id),
    ]


async def test_the_old_place_leads_to_the_thread_and_the_thread_back(
    world: World, browser: Browsers
) -> None:
    new = await split(world, browser)
    async with browser(world["gus"]) as http:
        page = Page(await http.get(here(world)))
        there = f"/n/{world.network.slug}/threads/{new}"
        assert there in [one.get("href") for one in page.by_id("post-2").iter("a")]
        answer = await http.get(f"{here(world)}/posts/2")
        assert answer.headers["location"] == there
        assert f"{here(world)}#post-2" in Page(await http.get(there)).hrefs
        for act in ("revisions", "edit", "split", "erasure"):
            assert (await http.get(f"{here(world)}/posts/2/{act}")).status_code in {403, 404}
    gus = await enter(world, "gus")
    assert (await discussions.post_reply(gus, world.thread.id, "Nästa.", "n")).number == 3


async def test_splitting_twice_makes_one_thread(world: World, browser: Browsers) -> None:
    async with browser(world["ann"]) as http:
        there = f"{here(world)}/posts/2/split"
        form = Page(await http.get(there)).form(there)
        answers = [await form.send(http, title="En egen") for _ in range(2)]
    assert len({one.headers["location"] for one in answers}) == 1
    assert len(await rows("thread", network_id=world.network.id)) == 2


async def test_who_had_read_the_reply_has_read_the_thread(world: World, browser: Browsers) -> None:
    gus, bob = await enter(world, "gus"), await enter(world, "bob")
    async with browser(world["gus"]) as http:
        await http.post(f"{here(world)}/read-mark", data={"number": "2"})
    new = await split(world, browser)
    assert (await perspective.on(gus, new)).unread == 0
    assert (await perspective.on(bob, new)).unread == 0
    assert (await perspective.on(await enter(world, "ann"), new)).unread == 0
    # The empty place answers nothing and is nobody's news.
    ann = await enter(world, "ann")
    assert (await perspective.on(ann, world.thread.id)).unread == 0
    asked = (await reading.view(ann, world.thread.id)).thread
    assert (await organisations.answers(ann, asked)).reached == []


async def test_it_is_new_to_who_had_not_read_the_reply(world: World, browser: Browsers) -> None:
    new = await split(world, browser)
    assert (await perspective.on(await enter(world, "gus"), new)).unread == 1


async def test_the_mark_that_it_helped_does_not_go_along(world: World, browser: Browsers) -> None:
    await marks.mark_helpful(await enter(world, "ann"), world.reply.id, helpful=True)
    await split(world, browser)
    assert (await reading.view(await enter(world, "ann"), world.thread.id)).helpful == []


async def test_a_title_is_asked_for(world: World, browser: Browsers) -> None:
    async with browser(world["ann"]) as http:
        there = f"{here(world)}/posts/2/split"
        before = await everything()
        page = Page(await Page(await http.get(there)).form(there).send(http, title=" "))
        assert page.errors == {"title": _("Write a title.")}
        assert SECRET_REPLY in words(page.root)
        assert (await http.get(f"{here(world)}/posts/1/split")).status_code == 404
        assert await everything() == before
        await hiding.hide(await enter(world, "ann"), world.thread.id, 2, hidden=True)
        assert (await http.get(there)).status_code == 404
        answer = await http.post(there, data={"title": "Ändå", "kind": "question"})
        assert answer.status_code == 404
        answer = await http.post(there, data={"title": "Anslag", "kind": "notice"})
        assert answer.status_code == 404


async def test_the_place_of_a_split_reply_cannot_be_shown_again(
    world: World, browser: Browsers
) -> None:
    await split(world, browser)
    async with browser(world["ann"]) as http:
        answer = await http.post(f"{here(world)}/posts/2/hiding", data={"hidden": "no"})
    assert answer.status_code == 404
