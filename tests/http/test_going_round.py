"""What somebody might do to get round what was hidden, removed or ended."""

from datetime import timedelta

import pytest

from forum import directory, discussions, hiding, moderation, summaries, uploads
from forum.refusals import Invalid
from storage import clock, database, door
from storage.attachments import Attachment, forget_uploads
from storage.door import Inside
from tests.http.pages import Page
from tests.http.records import Browsers, change, row, rows
from tests.world import World, ask


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def uploaded(inside: Inside, **values: object) -> Attachment:
    """An upload's row; its bytes are nobody's concern here."""
    return await database.write(
        lambda: inside.create(
            Attachment,
            person_id=inside.person.id,
            name="anteckning om Kim.txt",
            media_type="text/plain",
            size=9,
            created_at=clock.now(),
            **values,
        )
    )


@pytest.mark.parametrize("name", ["ann", "gus"])
async def test_nobody_but_its_author_learns_the_names_of_a_posts_files(
    world: World, browser: Browsers, name: str
) -> None:
    bob = await enter(world, "bob")
    file = await uploaded(bob, thread_id=world.thread.id, number=2)
    await hiding.hide(bob, world.thread.id, 2, hidden=True)
    there = f"/n/{world.network.slug}/threads/{world.thread.id}/posts/2/edit"
    sent = {"body": "x", "revision": "1", "attachment": str(file.id)}
    async with browser(world[name]) as http:
        for button in ({"preview": "yes"}, {"upload": "yes"}, {}):
            answer = await http.post(there, data=sent | button)
            assert answer.status_code == 403
            assert file.name not in answer.text


@pytest.mark.parametrize("how", ["hidden", "closed"])
async def test_what_was_hidden_or_closed_does_not_come_back_as_a_summary(
    world: World, how: str
) -> None:
    bob, ann = await enter(world, "bob"), await enter(world, "ann")
    thread = await ask(bob, "Vem kan?", "Något om någon.", world.area_id)
    if how == "hidden":
        await hiding.hide(ann, thread.id, 1, hidden=True)
    else:
        await moderation.close(ann, thread.id, closed=True)
    with pytest.raises(Invalid):
        await summaries.summarise(bob, thread.id, "Något om någon.", "")
    assert (await row("thread", id=thread.id))["summary"] == ""


async def test_a_coordinators_hiding_stands_also_where_the_author_was_first(world: World) -> None:
    bob, ann = await enter(world, "bob"), await enter(world, "ann")
    await hiding.hide(bob, world.thread.id, 2, hidden=True)
    await hiding.hide(ann, world.thread.id, 2, hidden=True)
    with pytest.raises(door.Forbidden):
        await hiding.hide(bob, world.thread.id, 2, hidden=False)
    await hiding.hide(ann, world.thread.id, 2, hidden=False)
    assert (await row("reply", id=world.reply.id))["hidden_at"] is None


async def test_how_to_reach_who_has_left_is_for_coordinators_alone(
    world: World, browser: Browsers
) -> None:
    left = await row("membership", network_id=world.network.id, person_id=world["eva"].id)
    await change("person", world["eva"].id, phone="010-123 45 67")
    address = f"/n/{world.network.slug}/members/{left['id']}"
    async with browser(world["bob"]) as http:
        page = (await http.get(address)).text
        assert world["eva"].name in page
        assert str(world["eva"].email) not in page
        assert "010-123 45 67" not in page
    assert (await directory.member(await enter(world, "ann"), left["id"])).email


async def test_no_form_keeps_uploads_from_being_forgotten(world: World, browser: Browsers) -> None:
    bob = await enter(world, "bob")
    kept, gone = await uploaded(bob), await uploaded(bob)
    long_ago = clock.now() - timedelta(days=8)
    for one in (kept, gone):
        await change("attachment", one.id, created_at=long_ago)
    named = [str(kept.id), "9" * 5000, "٣", "-1", "x"]
    async with browser(world["bob"]) as http:
        form = {"place": f"thread-{world.thread.id}", "body": "På väg", "attachment": named}
        assert (await http.post(f"/n/{world.network.slug}/drafts", data=form)).status_code < 400
    await database.write(lambda: forget_uploads(clock.now() - uploads.KEPT))
    assert [one["id"] for one in await rows("attachment")] == [kept.id]


async def test_a_page_is_made_anew_when_something_was_taken_out_of_her_draft(
    world: World, browser: Browsers
) -> None:
    bob = await enter(world, "bob")
    other = await ask(bob, "Något annat", "Helt annat.", world.area_id)
    await discussions.post_reply(bob, world.thread.id, "Hemlig rad om någon enskild.", "n")
    here = f"/n/{world.network.slug}/threads/{other.id}"
    async with browser(world["bob"]) as http, browser(world["ann"]) as coordinator:
        draft = {"place": f"thread-{other.id}", "body": "> Hemlig rad om någon enskild.\n\nJa!"}
        await http.post(f"/n/{world.network.slug}/drafts", data=draft)
        await http.get(here)
        before = await http.get(here)
        assert "Hemlig rad" in before.text
        there = f"/n/{world.network.slug}/threads/{world.thread.id}/posts/3/erasure"
        form = Page(await coordinator.get(there)).form(there)
        await form.send(coordinator, part="text", reason="En person kan kännas igen.")
        after = await http.get(here, headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert "Hemlig rad" not in after.text
