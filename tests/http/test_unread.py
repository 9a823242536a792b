"""What is new: where it begins, and being done with all of it at once."""

import pytest

from forum import discussions, perspective, read_marks, unread
from storage import clock, door
from storage.door import Inside
from storage.networks import NetworkState
from tests.http.pages import Page
from tests.http.records import Browsers, change, row, seq
from tests.world import World, ask
from web import flash


def here(world: World) -> str:
    return f"/n/{world.network.slug}"


def thread(world: World) -> str:
    return f"{here(world)}/threads/{world.thread.id}"


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def write(world: World, up_to: int) -> None:
    """Have Bob write posts until the thread has so many."""
    bob = await enter(world, "bob")
    for number in range(3, up_to + 1):
        await discussions.post_reply(bob, world.thread.id, f"Svar {number}", f"n{number}")


@pytest.mark.parametrize(("read", "there"), [(None, ""), (2, "#post-3"), (22, "?page=2#post-23")])
async def test_an_address_leads_to_the_first_post_that_is_new_whatever_page_it_is_on(
    world: World, browser: Browsers, read: int | None, there: str
) -> None:
    await write(world, 30)
    gus = await enter(world, "gus")
    if read:
        await read_marks.mark_read(gus, world.thread.id, read)
    async with browser(world["gus"]) as http:
        answer = await http.get(f"{thread(world)}/unread")
        assert answer.status_code == 303
        assert answer.headers["location"] == thread(world) + there
        await read_marks.mark_read(gus, world.thread.id, 30)
        answer = await http.get(f"{thread(world)}/unread")
        assert answer.headers["location"] == thread(world)


async def test_a_page_says_so_when_there_is_something_new_before_it(
    world: World, browser: Browsers
) -> None:
    await write(world, 30)
    await read_marks.mark_read(await enter(world, "gus"), world.thread.id, 5)
    async with browser(world["gus"]) as http:
        first = Page(await http.get(thread(world)))
        second = Page(await http.get(f"{thread(world)}?page=2"))
    assert f"{thread(world)}/unread" not in first.hrefs
    assert f"{thread(world)}/unread" in second.hrefs
    # What the script marks is what has been shown without a gap; a page in between is a gap.
    assert first.all(".//*[@data-read-mark]")
    assert not second.all(".//*[@data-read-mark]")


async def test_a_line_stands_where_she_left_off_and_not_in_a_thread_that_is_new_as_a_whole(
    world: World, browser: Browsers
) -> None:
    ann, gus = await enter(world, "ann"), await enter(world, "gus")
    async with browser(world["gus"]) as http:
        page = Page(await http.get(thread(world)))
        assert [one.get("id") for one in page.with_class("unread")] == ["post-1", "post-2"]
        assert "new" not in page.ids
        await read_marks.mark_read(gus, world.thread.id, 2)
        assert "new" not in Page(await http.get(thread(world))).ids
        await discussions.post_reply(ann, world.thread.id, "Något nytt.", "nytt")
        page = Page(await http.get(thread(world)))
        assert [one.get("id") for one in page.with_class("unread")] == ["post-3"]
        assert "new" in page.ids


async def test_everything_in_a_network_is_marked_as_read_at_once_and_what_comes_then_is_new(
    world: World, browser: Browsers
) -> None:
    ann, before = await enter(world, "ann"), await seq(world)
    await ask(ann, "Två", "?", world.area_id)
    async with browser(world["gus"]) as http:
        page = Page(await http.get(here(world)))
        assert page.with_class("new")
        sent = await page.form(f"{here(world)}/read-marks").send(http)
        assert sent.headers["location"] == here(world)
        page = Page(await http.get(here(world)))
        assert page.flash == flash.words("all-read")
        assert page.with_class("new") == []
        assert f"{here(world)}/read-marks" not in page.actions()
        assert Page(await http.get(thread(world))).with_class("new") == []
        assert await seq(world) == before + 1, "it is nobody else's business"
        await discussions.post_reply(ann, world.thread.id, "Något nytt.", "nytt")
        gus = await enter(world, "gus")
        assert await unread.count_unread(gus) == 1
        seen = await perspective.on(gus, world.thread.id)
        assert (seen.unread, seen.first_unread) == (1, 3)
        assert f"{thread(world)}/posts/3" in Page(await http.get(here(world))).hrefs
    bob = await enter(world, "bob")
    assert await unread.count_unread(bob) == 2, "others have read what they have read"


async def test_what_was_marked_before_one_joined_again_is_as_good_as_the_joining(
    world: World,
) -> None:
    gus = await enter(world, "gus")
    await read_marks.mark_all_read(gus)
    await change("membership", gus.membership.id, starts_on=clock.today())
    again = await enter(world, "gus")
    assert read_marks.new_since(again) == again.membership.read_at
    assert read_marks.new_since(await enter(world, "ann")) < clock.beginning(clock.today())


async def test_all_networks_are_marked_at_once_from_the_start_page(
    world: World, browser: Browsers
) -> None:
    async with browser(world["gus"]) as http:
        sent = await Page(await http.get("/")).form("/read-marks").send(http)
        assert sent.headers["location"] == "/"
        page = Page(await http.get("/"))
        assert page.flash == flash.words("all-read")
        assert page.with_class("new") == []
        assert "/read-marks" not in page.actions()
    assert (await row("membership", person_id=world["gus"].id))["read_at"] is not None
    assert (await row("membership", person_id=world["bob"].id))["read_at"] is None


async def test_what_is_archived_can_be_marked_as_read(world: World, browser: Browsers) -> None:
    await change("network", world.network.id, state=NetworkState.ARCHIVED)
    async with browser(world["gus"]) as http:
        assert (await http.post(f"{here(world)}/read-marks")).status_code == 303
        assert await unread.count_unread(await enter(world, "gus")) == 0
