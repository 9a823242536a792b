"""What is seldom done with a post stands on a page of its own, which its "More" leads to."""

import pytest

from forum import discussions, hiding, moderation
from storage import door
from storage.door import Inside
from tests.http.pages import Page
from tests.http.records import Browsers, rows
from tests.world import World, ask

CHANGE, HIDE, SPLIT, ERASE = "edit", "hiding", "split", "erasure"


def here(world: World) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def offered(browser: Browsers, world: World, name: str, number: int) -> set[str] | int:
    """Return what is offered, or the status of the answer when that is no page."""
    there = f"{here(world)}/posts/{number}"
    async with browser(world[name]) as http:
        answer = await http.get(f"{there}/acts")
        if answer.status_code != 200:
            return answer.status_code
        page = Page(answer)
        links = [*page.hrefs, *page.actions()]
        # The way there stands at the post, when the post is to be seen.
        assert f"{there}/acts" in Page(await http.get(here(world))).hrefs
        return {one.rpartition("/")[2] for one in links if one.startswith(f"{there}/")}


@pytest.mark.parametrize(
    ("name", "number", "acts"),
    [
        # Ann coordinates and has asked; post 2 is Bob's.
        ("ann", 1, {CHANGE, HIDE, ERASE}),
        ("ann", 2, {HIDE, SPLIT, ERASE}),
        ("bob", 2, {CHANGE, HIDE}),
        ("bob", 1, 403),
        ("gus", 2, 403),
        ("charlie", 2, 404),
        ("ann", 3, 404),
    ],
)
async def test_everybody_is_offered_what_she_may(
    world: World, browser: Browsers, name: str, number: int, acts: set[str] | int
) -> None:
    assert await offered(browser, world, name, number) == acts


async def test_an_author_does_nothing_with_a_post_that_a_coordinator_has_hidden(
    world: World, browser: Browsers
) -> None:
    await hiding.hide(await enter(world, "ann"), world.thread.id, 2, hidden=True)
    assert await offered(browser, world, "bob", 2) == 404
    assert await offered(browser, world, "ann", 2) == {ERASE}


async def test_a_coordinator_can_still_hide_what_its_author_has_hidden(
    world: World, browser: Browsers
) -> None:
    await hiding.hide(await enter(world, "bob"), world.thread.id, 2, hidden=True)
    assert await offered(browser, world, "ann", 2) == {HIDE, ERASE}


async def test_nothing_is_changed_in_a_closed_thread(world: World, browser: Browsers) -> None:
    await moderation.close(await enter(world, "ann"), world.thread.id, closed=True)
    assert await offered(browser, world, "bob", 2) == {HIDE}


async def test_a_coordinator_finds_there_what_the_asker_has_at_the_post(
    world: World, browser: Browsers
) -> None:
    ann, bob = await enter(world, "ann"), await enter(world, "bob")
    question = await ask(bob, "Hur gör ni?", "Berätta.", world.area_id)
    reply = await discussions.post_reply(ann, question.id, "Så här.", "answer")
    mark = f"/n/{world.network.slug}/replies/{reply.id}/help"
    there = f"/n/{world.network.slug}/threads/{question.id}"
    async with browser(world["bob"]) as http:
        assert mark in Page(await http.get(there)).actions()
    async with browser(world["ann"]) as http:
        assert mark not in Page(await http.get(there)).actions()
        page = Page(await http.get(f"{there}/posts/2/acts"))
        assert (await page.form(mark).send(http, helpful="yes")).status_code == 303
        assert (await rows("reply", id=reply.id))[0]["helped_by_id"] == world["ann"].id
        page = Page(await http.get(f"{there}/posts/2/acts"))
        assert [one.get("value") for one in page.form(mark).element.iter("button")] == ["no"]
