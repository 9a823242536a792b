"""Who is here, who reads and who writes: told to those alone who are shown themselves."""

import asyncio
import json
import logging
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest
from starlette.types import ASGIApp
from websockets.exceptions import ConnectionClosed

from forum import discussions, members, profiles, sessions, uploads
from forum.profiles import Profile
from forum.settings import Settings
from realtime import herald, presence, sayings
from realtime.connections import CHANGED, TALKATIVE
from realtime.hub import Hub
from storage import database
from storage.people import Person, Theme
from storage.roles import Role
from tests.http import test_live as live
from tests.http.statements import counted
from tests.http.test_live import SILENCE, Opening, Tab, inside
from tests.world import World
from web import app as web_app

app, listening, served, tab = live.app, live.listening, live.served, live.tab


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(herald, "EVERY_SECONDS", 0.1)
    monkeypatch.setattr(presence, "LINGER_SECONDS", 0.3)


async def want(*persons: Person, presence: bool = True) -> None:
    """Switch it on as the rows say it; the profile's own form has tests of its own."""
    ids = [person.id for person in persons]
    await database.write(lambda: Person.filter(id__in=ids).update(presence=presence))


async def say(one: Tab, **said: object) -> None:
    await one.socket.send(json.dumps(said))


async def reads(one: Tab, world: World, *, thread: int | None = None) -> None:
    await say(one, reading={"network": world.network.id, "thread": thread})


async def told(one: Tab, **wanted: object) -> dict[str, Any]:
    """Return the first frame of presence that says what is wanted."""
    while True:
        frame = await one.hear()
        if frame["type"] == "presence" and all(frame[name] == wanted[name] for name in wanted):
            return frame


async def is_told_nobody(one: Tab) -> None:
    """Fail when anybody is named for a while."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SILENCE):
            while True:
                frame = await one.hear()
                assert frame["type"] != "presence" or not frame["here"] + frame["typing"], frame


def hub_of(app: ASGIApp) -> Hub:
    hub: Hub = web_app.starlette(app).state.hub
    return hub


async def test_who_reads_a_thread_and_writes_in_it_is_told_to_who_reads_it_too(
    world: World, tab: Opening
) -> None:
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann, tab(world["bob"]) as bob:
        assert ann.heard[0]["presence"] is True
        await reads(ann, world, thread=world.thread.id)
        await reads(bob, world, thread=world.thread.id)
        assert await told(ann, here=["Bob Berg"]) == {
            "type": "presence",
            "network": world.network.id,
            "thread": world.thread.id,
            "here": ["Bob Berg"],
            "more": 0,
            "typing": [],
        }
        await told(bob, here=["Ann Alm"])
        await say(bob, typing=True)
        await told(ann, typing=["Bob Berg"], here=["Bob Berg"])
        # Nobody is told of herself.
        assert all("Bob Berg" not in json.dumps(frame) for frame in bob.heard)


async def test_writing_ends_by_itself(
    world: World, tab: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "TYPING_SECONDS", 0.5)
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann, tab(world["bob"]) as bob:
        for one in (ann, bob):
            await reads(one, world, thread=world.thread.id)
        await say(bob, typing=True)
        await told(ann, typing=["Bob Berg"])
        await told(ann, typing=[], here=["Bob Berg"])


@pytest.mark.parametrize("on", [(), ("ann",), ("bob",)], ids=str)
async def test_it_is_off_and_who_is_not_shown_is_shown_nobody(
    world: World, tab: Opening, on: tuple[str, ...]
) -> None:
    await want(*(world[name] for name in on))
    async with tab(world["ann"]) as ann, tab(world["bob"]) as bob:
        for name, one in (("ann", ann), ("bob", bob)):
            assert one.heard[0]["presence"] is (name in on)
            await reads(one, world, thread=world.thread.id)
            await say(one, typing=True)
        await is_told_nobody(ann)
        await is_told_nobody(bob)


async def test_who_is_in_the_network_is_a_person_and_not_a_tab(world: World, tab: Opening) -> None:
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann, tab(world["bob"]) as one:
        await reads(ann, world)
        await told(ann, here=["Bob Berg"], more=0)
        async with tab(world["bob"]):
            await is_told_nobody_else(ann, ["Bob Berg"])
        await is_told_nobody_else(ann, ["Bob Berg"])
        await one.socket.close()
        await told(ann, here=[], more=0)


async def is_told_nobody_else(one: Tab, here: list[str]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(SILENCE):
            while True:
                assert (await one.hear())["here"] == here


async def test_the_next_page_of_the_same_tab_is_no_departure(
    world: World, tab: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "LINGER_SECONDS", 30.0)
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann:
        await reads(ann, world)
        async with tab(world["bob"]):
            await told(ann, here=["Bob Berg"])
        async with tab(world["bob"]):
            await is_told_nobody_else(ann, ["Bob Berg"])


async def test_a_tab_in_the_background_reads_nothing_and_is_told_nothing(
    world: World, tab: Opening
) -> None:
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann, tab(world["bob"]) as bob:
        for one in (ann, bob):
            await reads(one, world, thread=world.thread.id)
        await told(ann, here=["Bob Berg"])
        await say(bob, reading=None)
        await told(ann, here=[])
        await say(ann, reading=None)
        await reads(bob, world, thread=world.thread.id)
        await say(bob, typing=True)
        await is_told_nobody(ann)


async def test_only_a_page_that_shows_the_place_is_told(world: World, tab: Opening) -> None:
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann, tab(world["bob"]) as bob:
        await reads(ann, world, thread=world.thread.id + 1)
        await reads(bob, world, thread=world.thread.id)
        await say(bob, typing=True)
        await is_told_nobody(ann)


@pytest.mark.parametrize("who", ["gus", "charlie"])
async def test_guests_and_strangers_are_neither_shown_nor_shown_others(
    world: World, tab: Opening, who: str
) -> None:
    await want(world["ann"], world[who])
    async with tab(world["ann"]) as ann, tab(world[who]) as other:
        for thread in (None, world.thread.id):
            for one in (ann, other):
                await reads(one, world, thread=thread)
            await say(other, typing=True)
            await is_told_nobody(ann)
            await is_told_nobody(other)


@pytest.mark.parametrize("act", ["off", "logged out", "removed", "inactive", "guest"])
async def test_who_ends_it_is_gone_at_once(
    world: World, tab: Opening, served: Settings, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "LINGER_SECONDS", 60.0)
    await want(world["ann"], world["bob"])
    coordinator, bobs = await inside(world, "ann"), await inside(world, "bob")
    async with tab(world["ann"]) as ann, tab(world["bob"]) as bob:
        for one in (ann, bob):
            await reads(one, world, thread=world.thread.id)
        await told(ann, here=["Bob Berg"])
        if act == "off":
            await save(world["bob"], served, presence=False, theme=Theme.AUTO)
        elif act == "logged out":
            await sessions.end_all(world["bob"])
        elif act == "removed":
            await members.end_member(coordinator, bobs.membership.id)
        elif act == "inactive":
            await database.write(lambda: Person.filter(id=world["bob"].id).update(active=False))
            await sessions.end_all(world["bob"])
        else:
            await members.change_member(
                coordinator,
                bobs.membership.id,
                organisation_id=bobs.membership.organisation_id,
                function=bobs.membership.function,
                role=Role.GUEST,
                ends_on=None,
            )
        await told(ann, here=[])
        code = await bob.closed()
        if act == "off":
            assert code == CHANGED


async def save(person: Person, served: Settings, *, presence: bool, theme: Theme) -> None:
    wanted = Profile(
        person.name, person.title, person.phone, person.language, person.view, theme, presence
    )
    await profiles.save(person, wanted, uploads.limits(served), None)


async def test_who_switches_it_on_in_one_tab_is_asked_to_come_back_in_all(
    world: World, tab: Opening, served: Settings
) -> None:
    async with tab(world["bob"]) as bob:
        await save(world["bob"], served, presence=True, theme=Theme.AUTO)
        assert await bob.closed() == CHANGED
    async with tab(world["bob"]) as bob:
        assert bob.heard[0]["presence"] is True
        # What else she changes is none of the sockets' business.
        await save(world["bob"], served, presence=True, theme=Theme.DARK)
        await bob.is_silent()


async def test_so_many_are_named_and_the_others_are_a_number(
    world: World, tab: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(herald, "NAMED", 1)
    monkeypatch.setattr(herald, "TYPING_NAMED", 1)
    await want(world["ann"], world["bob"], world["charlie"])
    bobs = await inside(world, "bob")
    coordinator = await inside(world, "ann")
    await members.add_member(coordinator, world["charlie"], bobs.membership.organisation_id)
    async with AsyncExitStack() as tabs:
        every = [
            await tabs.enter_async_context(tab(world[name])) for name in ("ann", "bob", "charlie")
        ]
        for one in every:
            await reads(one, world, thread=world.thread.id)
            await say(one, typing=True)
            await asyncio.sleep(0.2)
        ann, bob, charlie = every
        await told(ann, here=["Bob Berg"], more=1, typing=["Bob Berg"])
        await told(bob, here=["Ann Alm"], more=1, typing=["Ann Alm"])
        await told(charlie, here=["Ann Alm"], more=1, typing=["Ann Alm"])


async def test_many_who_come_at_once_are_told_of_together(
    world: World, tab: Opening, app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(herald, "EVERY_SECONDS", 0.5)
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann, AsyncExitStack() as tabs:
        await reads(ann, world, thread=world.thread.id)
        await told(ann, here=[])
        bob = await tabs.enter_async_context(tab(world["bob"]))
        began = asyncio.get_running_loop().time()
        for _again in range(20):
            for thread in (world.thread.id, None):
                await reads(bob, world, thread=thread)
                await asyncio.sleep(0.02)
        await reads(bob, world, thread=world.thread.id)
        await is_told_nobody_else(ann, ["Bob Berg"])
        passed = asyncio.get_running_loop().time() - began
        assert len(ann.heard) - 2 <= passed / 0.5 + 1


async def test_while_nobody_wants_it_nothing_is_asked_of_the_database(
    world: World, tab: Opening
) -> None:
    async with tab(world["ann"]) as ann, tab(world["bob"]) as bob:
        await asyncio.sleep(SILENCE)
        with counted() as statements:
            for one in (ann, bob):
                await reads(one, world, thread=world.thread.id)
                await say(one, typing=True)
            await asyncio.sleep(SILENCE)
        assert not [one for one in statements if "presence" in one]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        "7",
        "null",
        "🙂",
        "[" * 5000,
        '{"reading": 7}',
        '{"reading": {"network": "1", "thread": 1}}',
        '{"reading": {"network": true, "thread": 1}}',
        '{"reading": {"network": -1, "thread": 1}}',
        '{"reading": {"network": 1, "thread": 1e300}}',
        '{"reading": {"network": 1, "thread": [1]}}',
        '{"reading": {"network": 99999999999999999999, "thread": 1}}',
        '{"typing": true}',
    ],
)
async def test_whatever_a_browser_says_it_is_none_the_wiser_and_stays_connected(
    world: World, tab: Opening, said: str
) -> None:
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann, tab(world["bob"]) as bob:
        await ann.socket.send(said)
        await ann.is_silent()
        await discussions.post_reply(await inside(world, "bob"), world.thread.id, "Hej", "h")
        assert [one["kind"] for one in await ann.events()] == ["reply.created"]
        await bob.socket.send(said.encode())
        await reads(bob, world)
        await told(bob, here=["Ann Alm"])


async def test_who_says_too_much_is_not_listened_to_and_then_hung_up_on(
    world: World, tab: Opening, app: ASGIApp
) -> None:
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann, tab(world["bob"]) as bob:
        await reads(ann, world)
        await told(ann, here=["Bob Berg"])
        with suppress(ConnectionClosed):
            for _again in range(sayings.BORNE_PER_SECOND * 3):
                await say(bob, typing=True)
        assert await bob.closed() == TALKATIVE
        await told(ann, here=[])
        assert len(hub_of(app).connections) == 1


async def test_nothing_of_it_is_logged_or_kept(
    world: World, tab: Opening, app: ASGIApp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await want(world["ann"], world["bob"])
    async with tab(world["ann"]) as ann, tab(world["bob"]) as bob:
        before = await database.stamp()
        for one in (ann, bob):
            await reads(one, world, thread=world.thread.id)
        await say(bob, typing=True)
        await told(ann, typing=["Bob Berg"])
        if database.dialect() == "sqlite":
            assert await database.stamp() == before
    assert "Berg" not in caplog.text
    await asyncio.sleep(SILENCE)
    assert not hub_of(app).presence
