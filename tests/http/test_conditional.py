"""A thread's page is sent again only when it has changed, and never another's."""

import gzip
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta

import asyncpg
import httpx
import pytest
from starlette.types import ASGIApp
from tortoise.connection import get_connection

from forum import areas, discussions, members, people, read_marks, sessions
from storage import clock, database, door
from storage.people import Person, people_changed
from tests.http.pages import Page
from tests.http.records import Browsers
from tests.http.records import change as change_row
from tests.http.statements import counted
from tests.world import World
from web import app as web_app

Change = Callable[[World], Awaitable[None]]


def address(world: World) -> str:
    return f"/n/{world.network.slug}/threads/{world.thread.id}"


async def asked(http: httpx.AsyncClient, world: World, tag: str = "") -> httpx.Response:
    headers = {"If-None-Match": tag} if tag else {}
    return await http.get(address(world), headers=headers)


async def test_what_the_browser_has_is_not_sent_again(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        first = await asked(http, world)
        tag = first.headers["etag"]
        assert tag.startswith('W/"')
        for sent in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
            again = await asked(http, world, sent)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
            assert again.headers["cache-control"] == "private, no-cache"
        assert (await asked(http, world, '"other"')).status_code == 200
        # A tag names one page: "whatever you have" is not one of ours.
        assert (await asked(http, world, "*")).status_code == 200


async def test_a_page_that_was_kept_is_the_page_that_was_made(
    world: World, browser: Browsers
) -> None:
    async with browser(world["bob"]) as http:
        made = await asked(http, world)
        # A page is kept the second time that it is made, and given again after that.
        first, second, third = [await asked(http, world) for _ in range(3)]
        assert third.text == second.text == first.text
        for again in (second, third):
            assert sorted(again.headers.items()) == sorted(first.headers.items())
        assert made.headers["etag"] == first.headers["etag"]
        assert Page(made).ids == Page(first).ids


async def test_a_page_is_sent_as_gzip_to_whom_takes_it(world: World, browser: Browsers) -> None:
    async with browser(world["bob"]) as http:
        sizes = {}
        for accepted in ("gzip, br", "", "gzip;q=0", "br"):
            for _ in range(2):
                request = http.stream("GET", address(world), headers={"Accept-Encoding": accepted})
                async with request as answer:
                    raw = b"".join([part async for part in answer.aiter_raw()])
                packed = answer.headers.get("content-encoding") == "gzip"
                assert packed == (accepted == "gzip, br")
                assert "Accept-Encoding" in answer.headers["vary"]
                page = gzip.decompress(raw) if packed else raw
                assert page.endswith(b"</html>")
                sizes[packed] = len(raw)
        assert sizes[True] * 2 < sizes[False]


async def test_nobody_is_given_anothers_page(world: World, browser: Browsers) -> None:
    tags = {}
    for name in ("ann", "bob", "gus"):
        async with browser(world[name]) as http:
            tags[name] = (await asked(http, world)).headers["etag"]
    assert len(set(tags.values())) == 3
    async with browser(world["gus"]) as http:
        for tag in (tags["ann"], tags["bob"]):
            answer = await asked(http, world, tag)
            assert answer.status_code == 200
            assert world["gus"].name in answer.text
    async with browser(world["charlie"]) as http:
        assert (await asked(http, world, tags["ann"])).status_code == 404
    async with browser() as http:
        assert (await asked(http, world, tags["ann"])).status_code == 303


async def _reply(world: World) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    await discussions.post_reply(ann, world.thread.id, "Ett nytt svar.", "nonce")


async def _read(world: World) -> None:
    bob = await door.enter(world["bob"], world.network.slug)
    await read_marks.mark_read(bob, world.thread.id, 1)


async def _member(world: World) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    newcomer = await people.add_person("Ny Nilsson", "ny@kommun.example", "handläggare")
    await members.add_member(ann, newcomer, ann.membership.organisation_id)


async def _area(world: World) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    await areas.change_area(ann, world.area_id, name="Ett annat namn", description="")


async def _renamed(world: World) -> None:
    async def rename() -> None:
        await Person.filter(id=world["ann"].id).update(name="Ann Omdöpt")
        await people_changed()

    await database.write(rename)


async def _view(world: World) -> None:
    await change_row("person", world["bob"].id, view="easy")


async def _language(world: World) -> None:
    await change_row("person", world["bob"].id, language="en")


@pytest.mark.parametrize("change", [_reply, _read, _member, _area, _renamed, _view, _language])
async def test_a_page_that_has_changed_is_sent(
    world: World, browser: Browsers, change: Change
) -> None:
    async with browser(world["bob"]) as http:
        first = await asked(http, world)
        await change(world)
        answer = await asked(http, world, first.headers["etag"])
        assert answer.status_code == 200
        assert answer.headers["etag"] != first.headers["etag"]


async def _ended(world: World) -> None:
    ann = await door.enter(world["ann"], world.network.slug)
    bob = await door.enter(world["bob"], world.network.slug)
    await members.end_member(ann, bob.membership.id)


async def _logged_out(world: World) -> None:
    await sessions.end_all(world["bob"])


async def _ended_elsewhere(world: World) -> None:
    """As another process does it: through a connection of its own."""
    ends = "UPDATE membership SET ends_on = '2001-01-01' WHERE person_id = {}"
    if database.dialect() == "postgres":
        pool = get_connection("default")._pool
        other = await asyncpg.connect(*pool._connect_args, **pool._connect_kwargs)
        await other.execute(ends.format(world["bob"].id))
        await other.close()
        return
    (file,) = [one["file"] for one in await database.read("PRAGMA database_list", {})]
    with closing(sqlite3.connect(file)) as writer, writer:
        writer.execute(ends.format(world["bob"].id))


@pytest.mark.parametrize(
    ("change", "status"), [(_ended, 404), (_logged_out, 303), (_ended_elsewhere, 404)]
)
async def test_nothing_is_remembered_of_who_may_read_no_more(
    world: World, browser: Browsers, change: Change, status: int
) -> None:
    async with browser(world["bob"]) as http:
        tag = (await asked(http, world)).headers["etag"]
        for _ in range(3):
            assert (await asked(http, world, tag)).status_code == 304
            assert (await asked(http, world)).status_code == 200
        await change(world)
        for sent in (tag, ""):
            assert (await asked(http, world, sent)).status_code == status


async def test_nothing_is_remembered_when_the_session_has_ended_by_itself(
    world: World, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser(world["bob"]) as http:
        tag = (await asked(http, world)).headers["etag"]
        for _ in range(3):
            assert (await asked(http, world, tag)).status_code == 304
            assert (await asked(http, world)).status_code == 200
        later = clock.now() + timedelta(days=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        for sent in (tag, ""):
            assert (await asked(http, world, sent)).status_code == 303


@pytest.mark.parametrize("has_it", [True, False])
async def test_asking_again_costs_no_look_at_the_rows(
    world: World, browser: Browsers, has_it: bool
) -> None:
    async with browser(world["bob"]) as http:
        tag = (await asked(http, world)).headers["etag"]
        answers = []
        for _ in range(3):
            with counted() as statements:
                answers.append(await asked(http, world, tag if has_it else ""))
        assert statements == []
        for again in answers[1:]:
            assert again.text == answers[0].text
            assert sorted(again.headers.items()) == sorted(answers[0].headers.items())
        # Somebody else's cookie is another request.
        async with browser(world["charlie"]) as stranger:
            assert (await asked(stranger, world, tag)).status_code == 404


@pytest.mark.parametrize(
    ("query", "more"), [("?" + "x" * 3_000, []), ("", ["x" * 3_000]), ("", [""] * 30)]
)
async def test_a_request_that_takes_much_memory_is_not_remembered(
    world: World, browser: Browsers, query: str, more: list[str]
) -> None:
    async with browser(world["bob"]) as http:
        tag = (await http.get(address(world) + query)).headers["etag"]
        sent = [("If-None-Match", one) for one in (tag, *more)]
        for _ in range(3):
            with counted() as statements:
                answer = await http.get(address(world) + query, headers=sent)
            assert answer.status_code == 304
            assert statements


async def test_a_page_that_has_made_room_and_is_made_again_is_sent_whole(
    app: ASGIApp, world: World, browser: Browsers
) -> None:
    # Its form's key is another then, which compresses to another length.
    async with browser(world["bob"]) as http:
        lengths = set()
        for _ in range(20):
            for _ in range(4):
                answer = await asked(http, world)
                assert answer.num_bytes_downloaded == int(answer.headers["content-length"])
                lengths.add(answer.num_bytes_downloaded)
            web_app.starlette(app).state.cache.clear()
    assert len(lengths) > 1


async def test_what_is_confirmed_once_is_not_kept(world: World, browser: Browsers) -> None:
    async with browser(world["ann"]) as http:
        await asked(http, world)
        confirmed = Page(await http.post(f"{address(world)}/solution", data={"solved": "yes"},
                                         follow_redirects=True))  # fmt: skip
        assert confirmed.flash
        later = Page(await asked(http, world))
        assert not later.flash


async def test_a_page_that_asks_by_itself_leaves_the_confirmation_to_who_is_led_there(
    world: World, browser: Browsers
) -> None:
    # The page that somebody is leaving hears of her act before she has been led to the next one.
    live = {"X-Fragment": "live"}
    async with browser(world["ann"]) as http:
        answer = await http.post(f"{address(world)}/solution", data={"solved": "yes"})
        there = answer.headers["location"]
        for _ in range(3):
            quiet = await http.get(there, headers=live)
            assert not Page(quiet).flash
            assert "set-cookie" not in quiet.headers
        assert Page(await http.get(there)).flash
        assert not Page(await http.get(there)).flash


async def test_the_cache_is_the_applications_own_and_bounded(
    app: ASGIApp, world: World, browser: Browsers
) -> None:
    cache = web_app.starlette(app).state.cache
    async with browser(world["bob"]) as http:
        await asked(http, world)
        assert 0 < cache.size < cache.limit == 64 * 1024 * 1024
