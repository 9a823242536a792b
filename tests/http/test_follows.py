"""Following a thread: who takes part does, until she says otherwise."""

import pytest

from forum import discussions, follows
from storage import door
from storage.door import Inside
from storage.networks import NetworkState
from tests.http.pages import Page
from tests.http.records import Browsers, change, rows, seq
from tests.http.test_lists import listed
from tests.world import World, ask
from web import flash


def here(world: World) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def followed_by(thread_id: int) -> dict[int, bool]:
    found = await rows("follow", thread_id=thread_id)
    assert len({one["person_id"] for one in found}) == len(found)
    return {one["person_id"]: bool(one["following"]) for one in found}


async def test_who_asks_answers_or_is_mentioned_follows_the_thread(world: World) -> None:
    ann, bob, gus = (world[name].id for name in ("ann", "bob", "gus"))
    assert await followed_by(world.thread.id) == {ann: True, bob: True}
    me = await enter(world, "ann")
    thread = await ask(me, "Vem vet?", "Kanske @bob.berg eller @ann.alm?", world.area_id)
    assert await followed_by(thread.id) == {ann: True, bob: True}
    await discussions.post_reply(await enter(world, "gus"), thread.id, "Inte jag.", "gus")
    assert await followed_by(thread.id) == {ann: True, bob: True, gus: True}


async def test_who_has_left_a_thread_does_not_follow_it_by_taking_part(world: World) -> None:
    bob = await enter(world, "bob")
    await follows.follow(bob, world.thread.id, following=False)
    await discussions.post_reply(bob, world.thread.id, "En sak till.", "bob")
    me = await enter(world, "ann")
    await discussions.post_reply(me, world.thread.id, "Tack @bob.berg!", "ann")
    assert await followed_by(world.thread.id) == {world["ann"].id: True, world["bob"].id: False}


async def test_a_thread_is_followed_and_left_by_a_button_whose_words_change(
    world: World, browser: Browsers
) -> None:
    before = await seq(world)
    async with browser(world["gus"]) as http:
        assert await listed(http, world, show="following") == []
        for following, code in (("yes", "following"), ("no", "not-following")):
            form = Page(await http.get(here(world))).form(f"{here(world)}/follow")
            (button,) = form.element.iter("button")
            assert button.attrib["value"] == following
            sent = await form.send(http, following=following)
            assert sent.headers["location"] == here(world)
            assert Page(await http.get(here(world))).flash == flash.words(code)
            shown = await listed(http, world, show="following")
            assert shown == ([world.thread.id] if following == "yes" else [])
    assert await seq(world) == before, "it is nobody else's business"


async def test_one_comes_back_to_the_page_where_the_button_was(
    world: World, browser: Browsers
) -> None:
    me = await enter(world, "ann")
    for number in range(3, 25):
        await discussions.post_reply(me, world.thread.id, f"Svar {number}", f"n{number}")
    async with browser(world["gus"]) as http:
        form = Page(await http.get(f"{here(world)}?page=2")).form(f"{here(world)}/follow")
        sent = await form.send(http, following="yes")
    assert sent.headers["location"] == f"{here(world)}?page=2"


async def test_the_list_of_followed_threads_is_ones_own(world: World, browser: Browsers) -> None:
    await follows.follow(await enter(world, "gus"), world.thread.id, following=True)
    await follows.follow(await enter(world, "bob"), world.thread.id, following=False)
    async with browser(world["gus"]) as gus, browser(world["bob"]) as bob:
        assert await listed(gus, world, show="following") == [world.thread.id]
        assert await listed(bob, world, show="following") == []


async def test_no_thread_of_another_network_can_be_followed(world: World) -> None:
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    with pytest.raises(door.NotFound):
        await follows.follow(charlie, world.thread.id, following=True)
    assert await charlie.my_follows.filter(thread_id=world.thread.id).count() == 0
    with pytest.raises(door.NotFound):
        await follows.follow(await enter(world, "bob"), 999_999, following=True)


async def test_in_an_archive_nothing_is_followed(world: World, browser: Browsers) -> None:
    await change("network", world.network.id, state=NetworkState.ARCHIVED)
    async with browser(world["bob"]) as http:
        assert f"{here(world)}/follow" not in Page(await http.get(here(world))).actions()
        assert (await http.post(f"{here(world)}/follow", data={})).status_code == 403
