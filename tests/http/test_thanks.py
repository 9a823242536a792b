"""Thanks ("Tack"), the one reaction, to posts that others have written."""

import pytest

from forum import discussions, thanks
from forum.language import gettext as _
from forum.language import ngettext
from storage import clock, door
from storage.door import Inside
from storage.events import EventKind
from storage.networks import NetworkState
from tests.http.pages import Page, words
from tests.http.records import Browsers, change, events, row, rows, seq
from tests.world import World


def here(world: World) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def test_one_thanks_for_a_post_and_takes_it_back(world: World, browser: Browsers) -> None:
    before, version = await seq(world), (await row("thread", id=world.thread.id))["version"]
    where = f"{here(world)}/posts/2/thanks"
    async with browser(world["ann"]) as http:
        form = Page(await http.get(here(world))).form(where)
        sent = await form.send(http, thanks="yes")
        assert sent.headers["location"] == f"{here(world)}#post-2"
        page = Page(await http.get(here(world)))
        assert [words(one) for one in page.with_class("thanked")] == [
            _("Thanks from %(name)s") % {"name": "Ann Alm, Aneby"}
        ]
        (button,) = page.form(where).element.iter("button")
        assert button.attrib["value"] == "no"
        assert (await row("thanks"))["person_id"] == world["ann"].id
        await page.form(where).send(http, thanks="no")
        assert Page(await http.get(here(world))).with_class("thanked") == []
    assert await rows("thanks") == []
    assert await events(world, before) == [(EventKind.POST_THANKED, world["ann"].id)] * 2
    assert (await row("thread", id=world.thread.id))["version"] == version + 2
    assert (await row("reply", id=world.reply.id))["version"] == world.reply.version + 2


async def test_several_are_counted_and_named_in_their_order_to_guests_too(
    world: World, browser: Browsers
) -> None:
    for name in ("gus", "ann"):
        await thanks.thank(await enter(world, name), world.thread.id, 2, thanked=True)
    async with browser(world["gus"]) as http:
        page = Page(await http.get(here(world)))
    (line,) = page.with_class("thanked")
    more = "Thanks from %(name)s and %(num)s more"
    assert words(line.findall("summary")[0]) == ngettext(more, more, 1) % {
        "name": "Gus Gäst, Tranås",
        "num": 1,
    }
    named = [words(one) for one in line.iter("li")]
    assert named == ["Gus Gäst, Tranås", "Ann Alm, Aneby"]


async def test_thanks_said_twice_are_said_once(world: World) -> None:
    me, before = await enter(world, "ann"), await seq(world)
    for thanked in (False, True, True):
        await thanks.thank(me, world.thread.id, 2, thanked=thanked)
    assert len(await rows("thanks")) == 1
    assert await seq(world) == before + 1


async def test_the_question_itself_can_be_thanked_for(world: World, browser: Browsers) -> None:
    await thanks.thank(await enter(world, "bob"), world.thread.id, 1, thanked=True)
    assert (await row("event", kind="post.thanked"))["reply_id"] is None
    async with browser(world["ann"]) as http:
        page = Page(await http.get(here(world)))
        assert page.by_id("post-1").findall(".//*[@class='thanked']")
        # Nobody is offered to thank for her own post.
        assert f"{here(world)}/posts/1/thanks" not in page.actions()
        assert f"{here(world)}/posts/2/thanks" in page.actions()


@pytest.mark.parametrize(
    ("name", "number", "refusal"),
    [("ann", 1, door.Forbidden), ("bob", 2, door.Forbidden), ("ann", 3, door.NotFound),
     ("ann", 0, door.NotFound)],
)  # fmt: skip
async def test_neither_ones_own_post_nor_one_that_is_not_there(
    world: World, name: str, number: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await thanks.thank(await enter(world, name), world.thread.id, number, thanked=True)
    assert await rows("thanks") == []


async def test_what_is_hidden_is_not_thanked_for(world: World) -> None:
    await change("reply", world.reply.id, hidden_at=clock.now())
    with pytest.raises(door.NotFound):
        await thanks.thank(await enter(world, "ann"), world.thread.id, 2, thanked=True)


async def test_thanks_stand_on_the_page_of_their_post(world: World, browser: Browsers) -> None:
    bob = await enter(world, "bob")
    for number in range(3, 25):
        await discussions.post_reply(bob, world.thread.id, f"Svar {number}", f"n{number}")
    for number in (2, 21, 22):
        await thanks.thank(await enter(world, "ann"), world.thread.id, number, thanked=True)
    async with browser(world["gus"]) as http:
        for page, shown in ((1, {"post-2", "post-21"}), (2, {"post-22"})):
            found = Page(await http.get(f"{here(world)}?page={page}"))
            posts = found.all(".//article")
            thanked = {one.attrib["id"] for one in posts if one.findall(".//*[@class='thanked']")}
            assert thanked == shown


async def test_in_an_archive_thanks_are_read_and_not_said(world: World, browser: Browsers) -> None:
    await thanks.thank(await enter(world, "ann"), world.thread.id, 2, thanked=True)
    await change("network", world.network.id, state=NetworkState.ARCHIVED)
    async with browser(world["ann"]) as http:
        page = Page(await http.get(here(world)))
        assert page.with_class("thanked")
        assert f"{here(world)}/posts/2/thanks" not in page.actions()
        sent = await http.post(f"{here(world)}/posts/2/thanks", data={"thanks": "no"})
        assert sent.status_code == 403
