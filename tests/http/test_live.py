"""The socket: what happens is told at once to those who may know it, and to nobody else."""

import asyncio
import json
import os
import random
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from forum import discussions, hiding, members, metrics, networks, reminders, sessions, worker
from forum.settings import Settings
from realtime import hub as hubs
from realtime import listener as listeners
from realtime.connections import CHANGED, CROWDED, LOGGED_OUT, SLOW
from realtime.writers import Message, Queued
from storage import clock, database, door, events
from storage.door import Inside
from storage.events import Audience, EventKind
from storage.people import Person
from storage.roles import Role
from storage.sessions import Session
from storage.stamps import Stamp
from tests.http.statements import counted
from tests.listening import serving
from tests.world import World, ask, ask_all
from web import app as web_app
from web.cookies import name_of

#: Longer than anything here takes on a busy machine.
PATIENCE = 20.0
#: How long nothing is heard before it counts as silence.
SILENCE = 0.6


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        yield bound


@pytest.fixture
def served(chosen: Settings, listening: socket.socket) -> Settings:
    """The settings with the address that the server listens on."""
    port = listening.getsockname()[1]
    return replace(chosen, port=port, base_url=f"http://127.0.0.1:{port}")


@pytest.fixture
async def app(served: Settings, listening: socket.socket) -> AsyncIterator[ASGIApp]:
    application = web_app.application(served)
    async with serving(application, listening):
        yield application


@dataclass
class Tab:
    """A browser's tab with its socket, and what it has heard."""

    socket: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def hear(self) -> dict[str, Any]:
        """Return the next frame; a heartbeat is none."""
        while True:
            async with asyncio.timeout(PATIENCE):
                frame: dict[str, Any] = json.loads(await self.socket.recv())
            if frame["type"] != "beat":
                self.heard.append(frame)
                return frame

    async def events(self) -> list[dict[str, Any]]:
        """Return the events of the next frame."""
        frame = await self.hear()
        assert frame["type"] == "events", frame
        told: list[dict[str, Any]] = frame["events"]
        return told

    async def is_silent(self) -> None:
        """Fail when anything is heard for a while."""
        with suppress(TimeoutError):
            heard = await asyncio.wait_for(self.socket.recv(), SILENCE)
            pytest.fail(f"heard {heard!r}")

    async def closed(self) -> int:
        """Return the code that it is closed with."""
        try:
            while True:
                await self.hear()
        except ConnectionClosed as closing:
            return closing.rcvd.code if closing.rcvd else 0


Opening = Callable[..., AbstractAsyncContextManager[Tab]]


@pytest.fixture
def tab(app: ASGIApp, served: Settings) -> Opening:
    """Return ``tab(person)``: her browser's socket, after it has been told how far things are."""

    @asynccontextmanager
    async def opened(person: Person, since: dict[int, int] | None = None) -> AsyncIterator[Tab]:
        token = await sessions.start(person, "tests", remember=False)
        async with dial(served, token) as one:
            await one.send(json.dumps({"since": since or {}}))
            made = Tab(one)
            assert (await made.hear())["type"] == "state"
            yield made

    return opened


def dial(
    served: Settings, token: str | None, origin: str | None = "ours", path: str = "/live"
) -> connect:
    headers = {"Cookie": f"{name_of(served, 'session')}={token}"} if token else {}
    said = served.base_url if origin == "ours" else origin
    return connect(
        f"ws://127.0.0.1:{served.port}{path}",
        origin=Origin(said) if said else None,
        additional_headers=headers,
        compression=None,
        proxy=None,
    )


async def inside(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


async def test_what_one_writes_another_is_told_at_once_and_only_which_rows(
    world: World, tab: Opening
) -> None:
    ann = await inside(world, "ann")
    async with tab(world["bob"]) as bob:
        reached = bob.heard[0]["networks"][str(world.network.id)]
        reply = await discussions.post_reply(ann, world.thread.id, "Hemligt svar.", "a")
        told = await bob.hear()
    assert told == {
        "type": "events",
        "network": world.network.id,
        "from": reached,
        "to": reached + 1,
        "spread_ms": 0,
        "events": [
            {
                "seq": reached + 1,
                "kind": "reply.created",
                "thread": world.thread.id,
                "reply": reply.id,
            }
        ],
    }


async def test_every_tab_hears_each_event_once_in_order_and_no_other_network(
    world: World, tab: Opening
) -> None:
    ann = await inside(world, "ann")
    async with tab(world["bob"]) as one, tab(world["bob"]) as two, tab(world["charlie"]) as other:
        first = one.heard[0]["networks"][str(world.network.id)]
        await asyncio.gather(
            *(discussions.post_reply(ann, world.thread.id, f"{n}", f"n{n}") for n in range(30))
        )
        for each in (one, two):
            seqs: list[int] = []
            while len(seqs) < 30:
                seqs += [event["seq"] for event in await each.events()]
            assert seqs == list(range(first + 1, first + 31))
        await other.is_silent()


async def test_nobody_looks_at_the_rows_while_nobody_listens(world: World, tab: Opening) -> None:
    ann = await inside(world, "ann")
    looks = "UNION ALL SELECT id, seq FROM network"
    for number in range(3):
        with counted() as statements:
            # The last one has hung up by now.
            await asyncio.sleep(SILENCE)
            await discussions.post_reply(ann, world.thread.id, "Till ingen", f"a{number}")
            await asyncio.sleep(SILENCE)
        assert not any(looks in one for one in statements)
        with counted() as statements:
            async with tab(world["bob"]) as one:
                reached = one.heard[0]["networks"][str(world.network.id)]
                await discussions.post_reply(
                    ann, world.thread.id, f"Till en {number}", f"b{number}"
                )
                assert [event["seq"] for event in await one.events()] == [reached + 1]
        assert any(looks in one for one in statements)


@pytest.mark.parametrize("at", ["once", "random"])
async def test_who_comes_and_goes_while_others_write_misses_and_doubles_nothing(
    world: World, tab: Opening, at: str
) -> None:
    ann, heard = await inside(world, "ann"), list[int]()
    async with tab(world["bob"]) as one:
        first = last = one.heard[0]["networks"][str(world.network.id)]

    async def write() -> None:
        for number in range(25):
            await discussions.post_reply(ann, world.thread.id, f"{number}", f"n{number}")
            await asyncio.sleep(0.01 * (at == "random") * random.random())

    writing = asyncio.create_task(write())
    while not writing.done() or last < first + 25:
        async with tab(world["bob"], {world.network.id: last}) as one:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.05 * random.random()):
                    while True:
                        frame = await one.hear()
                        assert (frame["type"], frame["from"]) == ("events", last)
                        heard += [event["seq"] for event in frame["events"]]
                        last = frame["to"]
    assert heard == list(range(first + 1, first + 26))


@pytest.mark.parametrize("origin", [None, "null", "http://annan.example", "https://127.0.0.1"])
async def test_a_page_from_elsewhere_is_refused_before_the_upgrade(
    world: World, served: Settings, app: ASGIApp, origin: str | None
) -> None:
    token = await sessions.start(world["bob"], "tests", remember=False)
    with pytest.raises(InvalidStatus) as refused:
        await dial(served, token, origin)
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("how", ["nobody", "wrong", "ended", "elsewhere"])
async def test_who_is_not_logged_in_is_refused_before_the_upgrade(
    world: World, served: Settings, app: ASGIApp, how: str
) -> None:
    token: str | None = await sessions.start(world["bob"], "tests", remember=False)
    if how == "ended":
        await sessions.end_all(world["bob"])
    if how in {"nobody", "wrong"}:
        token = "x" * 40 if how == "wrong" else None
    path = "/live/x" if how == "elsewhere" else "/live"
    with pytest.raises(InvalidStatus) as refused:
        await dial(served, token, path=path)
    assert refused.value.response.status_code == 403


async def test_what_is_for_some_is_told_to_them_alone(world: World, tab: Opening) -> None:
    ann, bob = await inside(world, "ann"), await inside(world, "bob")
    async with tab(world["ann"]) as anns, tab(world["bob"]) as bobs, tab(world["gus"]) as guss:

        async def both() -> None:
            await ann.record(EventKind.AREAS_CHANGED, audience=Audience.COORDINATORS)
            await ann.record(
                EventKind.THREAD_REMINDED,
                audience=Audience.PERSONS,
                persons=[world["bob"].id],
                thread_id=world.thread.id,
            )

        await database.write(both)
        assert [one["kind"] for one in await anns.events()] == ["areas.changed"]
        assert [one["kind"] for one in await bobs.events()] == ["thread.reminded"]
        await guss.is_silent()
        await discussions.post_reply(bob, world.thread.id, "Till alla.", "b")
        for each in (anns, bobs, guss):
            assert [one["kind"] for one in await each.events()] == ["reply.created"]


async def test_the_door_and_the_hub_agree_on_who_may_know_an_event(world: World) -> None:
    ann, bob = await inside(world, "ann"), await inside(world, "bob")
    asked = await ask_all(ann, world.area_id)
    await reminders.remind(ann, asked.id)
    await database.write(
        lambda: ann.record(EventKind.AREAS_CHANGED, audience=Audience.COORDINATORS)
    )
    reached = (await events.reached())[0][world.network.id]
    every = await events.between(world.network.id, 0, reached)
    assert {one["audience"] for one in every} == set(Audience)
    for one in (ann, bob, await inside(world, "gus")):
        asked_for = sorted([event.seq for event in await one.events])
        shown = [event["seq"] for event in hubs.visible(every, one.person.id, one.role)]
        assert shown == asked_for


async def test_a_removed_member_hears_nothing_from_that_moment_on(
    world: World, tab: Opening
) -> None:
    ann, bob = await inside(world, "ann"), await inside(world, "bob")
    async with tab(world["bob"]) as one:
        before = one.heard[0]["networks"][str(world.network.id)]
        await asyncio.gather(
            members.end_member(ann, bob.membership.id),
            *(discussions.post_reply(ann, world.thread.id, f"{n}", f"n{n}") for n in range(20)),
        )
        assert await one.closed() == CHANGED
        kinds = await events.between(world.network.id, before, before + 21)
        ended = next(event["seq"] for event in kinds if event["kind"] == EventKind.MEMBER_ENDED)
        told = [event["seq"] for frame in one.heard[1:] for event in frame["events"]]
        assert told == list(range(before + 1, before + 1 + len(told)))
        assert not told or told[-1] < ended
    # She comes back, and is in no network.
    async with tab(world["bob"]) as again:
        assert again.heard[0]["networks"] == {}
        await discussions.post_reply(ann, world.thread.id, "Efteråt.", "e")
        await again.is_silent()


async def test_another_role_and_another_network_open_the_socket_anew(
    world: World, tab: Opening
) -> None:
    ann, bob = await inside(world, "ann"), await inside(world, "bob")
    async with tab(world["bob"]) as one:
        await members.change_member(
            ann,
            bob.membership.id,
            organisation_id=bob.membership.organisation_id,
            function=bob.membership.function,
            role=Role.GUEST,
            ends_on=None,
        )
        assert await one.closed() == CHANGED
    async with tab(world["charlie"]) as one:
        assert str(world.network.id) not in one.heard[0]["networks"]
        await members.add_member(ann, world["charlie"], bob.membership.organisation_id)
        assert await one.closed() == CHANGED


async def test_a_network_that_is_new_opens_its_coordinators_socket_anew(
    world: World, tab: Opening
) -> None:
    home = await (await inside(world, "bob")).membership.organisation
    async with tab(world["bob"]) as one, tab(world["gus"]) as other:
        made = await networks.create_network(world["olga"], "Ett nytt", world["bob"], home)
        assert await one.closed() == CHANGED
        await other.is_silent()
    async with tab(world["bob"], {made.id: 0}) as one:
        assert [event["kind"] for event in await one.events()] == ["member.joined"]


@pytest.mark.parametrize("act", ["one", "all", "time", "inactive"])
async def test_a_session_that_ends_closes_its_sockets(world: World, tab: Opening, act: str) -> None:
    bob = world["bob"]
    async with tab(bob) as one, tab(world["ann"]) as other:
        session = await Session.filter(person_id=bob.id).order_by("-id").first()
        assert session is not None
        if act == "one":
            assert await sessions.end_one(bob.id, session.id)
        elif act == "all":
            await sessions.end_all(bob)
        elif act == "time":
            soon = clock.now() + timedelta(seconds=0.5)
            await database.write(lambda: Session.filter(id=session.id).update(expires_at=soon))
            await sessions.end_all(world["gus"])  # Any look reads the new time.
        else:
            await database.write(lambda: Person.filter(id=bob.id).update(active=False))
            await sessions.end_all(bob)
        assert await one.closed() == LOGGED_OUT
        await other.is_silent()


async def test_a_session_that_ends_while_its_socket_is_being_opened_opens_none(
    world: World, served: Settings, tab: Opening
) -> None:
    token = await sessions.start(world["bob"], "tests", remember=False)
    async with tab(world["ann"]), dial(served, token) as one:
        # It is recognised, and has not said how far it has got.
        await sessions.end_all(world["bob"])
        await asyncio.sleep(SILENCE)
        await one.send('{"since": {}}')
        made = Tab(one)
        assert await made.closed() == LOGGED_OUT
        assert all(frame["type"] != "events" for frame in made.heard)


async def test_who_comes_back_is_told_what_she_has_missed_once(world: World, tab: Opening) -> None:
    ann = await inside(world, "ann")
    async with tab(world["bob"]) as one:
        reached = one.heard[0]["networks"][str(world.network.id)]
    for n in range(3):
        await discussions.post_reply(ann, world.thread.id, f"{n}", f"n{n}")
    async with tab(world["bob"], {world.network.id: reached, world.elsewhere.id: 1}) as one:
        assert set(one.heard[0]["networks"]) == {str(world.network.id)}
        # What has just been written may be told as if she had been there already.
        seqs: list[int] = []
        while len(seqs) < 3:
            seqs += [event["seq"] for event in await one.events()]
        assert seqs == [reached + 1, reached + 2, reached + 3]
        await one.is_silent()
    async with tab(world["bob"], {world.network.id: reached + 3}) as one:
        await one.is_silent()


async def test_what_happens_while_one_catches_up_is_told_after_what_lies_before_it(
    world: World, tab: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, oldest = await inside(world, "ann"), Inside.oldest_event
    before = (await events.reached())[0][world.network.id]
    await discussions.post_reply(ann, world.thread.id, "Innan.", "a")
    async with tab(world["gus"]) as other:

        async def meanwhile(self: Inside) -> int | None:
            await discussions.post_reply(ann, world.thread.id, "Under tiden.", "b")
            await other.events()
            return await oldest(self)

        monkeypatch.setattr(Inside, "oldest_event", meanwhile)
        async with tab(world["bob"], {world.network.id: before}) as one:
            told = [await one.hear(), await one.hear()]
    assert [(frame["from"], frame["to"]) for frame in told] == [
        (before, before + 1),
        (before + 1, before + 2),
    ]


async def test_who_did_it_is_told_so_and_nobody_else_is(
    world: World, tab: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, batch = list[int | None](), hubs.batch

    def counted_batch(*of: Any, whose: int | None = None) -> Message:
        made.append(whose)
        return batch(*of, whose=whose)

    monkeypatch.setattr(hubs, "batch", counted_batch)
    ann, hers, others = await inside(world, "ann"), world["ann"], [world["bob"], world["gus"]]
    async with AsyncExitStack() as tabs:
        own = [await tabs.enter_async_context(tab(hers)) for _ in range(2)]
        not_own = [await tabs.enter_async_context(tab(one)) for one in (*others, *others)]
        await discussions.post_reply(ann, world.thread.id, "Jag.", "a")
        assert [(await each.events())[0].get("own") for each in own] == [True] * 2
        assert [(await each.events())[0].get("own") for each in not_own] == [None] * 4
        reached = own[0].heard[-1]["from"]
    # However many there are, it is encoded for her and for all others.
    assert sorted(made, key=str) == sorted([hers.id, None], key=str)
    async with tab(hers, {world.network.id: reached}) as one, tab(others[0]) as other:
        assert (await one.events())[0]["own"] is True
        await other.is_silent()


async def test_a_heartbeat_that_fails_ends_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats, beaten = list[int](), asyncio.Event()

    class Failing(hubs.Hub):
        def beat(self) -> None:
            beats.append(len(beats))
            if len(beats) == 1:
                raise RuntimeError("the handler is closed")
            beaten.set()

    monkeypatch.setattr(listeners, "BEAT_EVERY_SECONDS", 0.01)
    running = asyncio.create_task(listeners.Listener(Failing()).run())
    async with asyncio.timeout(PATIENCE):
        await beaten.wait()
    assert not running.done()
    running.cancel()
    done, _going = await asyncio.wait([running], timeout=PATIENCE)
    assert done


@pytest.mark.parametrize("turns", range(6))
async def test_listening_ends_when_it_is_told_to_also_when_something_just_happens(
    world: World, turns: int
) -> None:
    hub = hubs.Hub()
    running = asyncio.create_task(listeners.Listener(hub).run())
    await asyncio.sleep(0.05)
    hub.woken.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    done, _going = await asyncio.wait([running], timeout=PATIENCE)
    assert done


async def test_a_line_that_is_broken_keeps_nobody_else_from_being_told(
    world: World, tab: Opening, app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Queued):
        def write(self, message: Message) -> bool:
            raise RuntimeError("the handler is closed")

    hub: hubs.Hub = web_app.starlette(app).state.hub
    ann = await inside(world, "ann")
    async with tab(world["gus"]) as broken, tab(world["bob"]) as one:
        hers = next(each for each in hub.connections if each.person_id == world["gus"].id)
        monkeypatch.setattr(hers, "_writer", Broken(hers._send))
        await discussions.post_reply(ann, world.thread.id, "Hör ni?", "a")
        assert len(await one.events()) == 1
        assert await broken.closed() == SLOW


@pytest.mark.parametrize("since", [-1, 0, 10**6, 10**30])
async def test_who_is_too_far_behind_or_ahead_is_told_to_fetch_anew(
    world: World, tab: Opening, monkeypatch: pytest.MonkeyPatch, since: int
) -> None:
    monkeypatch.setattr("realtime.socket.CATCH_UP", 2)
    async with tab(world["bob"], {world.network.id: since}) as one:
        frame = await one.hear()
        reached = one.heard[0]["networks"][str(world.network.id)]
        assert frame == {"type": "reload", "network": world.network.id, "to": reached}


async def test_old_events_are_pruned_but_for_the_latest(
    world: World, tab: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await inside(world, "ann")
    for n in range(5):
        await discussions.post_reply(ann, world.thread.id, f"{n}", f"n{n}")
    reached = (await events.reached())[0][world.network.id]
    await database.write(lambda: ann.events.update(at=clock.now() - worker.KEEP_EVENTS))
    monkeypatch.setattr(worker, "EVENTS_KEPT", 3)
    await worker.sweep()
    left = await events.between(world.network.id, 0, reached)
    assert [one["seq"] for one in left] == [reached - 2, reached - 1, reached]
    async with tab(world["bob"], {world.network.id: reached - 3}) as one:
        assert len(await one.events()) == 3
    async with tab(world["bob"], {world.network.id: reached - 4}) as one:
        assert (await one.hear())["type"] == "reload"


@pytest.mark.parametrize(
    "said", ["", "[]", "{}", '{"since": 7}', '{"since": {"x": 1}}', '{"since": {"1": "x"}}', "🙂"]
)
async def test_whatever_a_browser_says_first_it_is_told_how_far_things_are(
    world: World, served: Settings, app: ASGIApp, said: str
) -> None:
    token = await sessions.start(world["bob"], "tests", remember=False)
    async with dial(served, token) as one:
        await one.send(said)
        await one.send("and something more")
        made = Tab(one)
        assert (await made.hear())["type"] == "state"
        ann = await inside(world, "ann")
        await discussions.post_reply(ann, world.thread.id, "Hej", "h")
        assert (await made.events())[0]["kind"] == "reply.created"


async def test_who_says_too_much_is_hung_up_on(
    world: World, served: Settings, app: ASGIApp
) -> None:
    token = await sessions.start(world["bob"], "tests", remember=False)
    async with dial(served, token) as one:
        await one.send("x" * 20_000)
        assert await Tab(one).closed() == 1009


async def test_who_does_not_read_is_dropped_and_nobody_waits_for_her(
    world: World, tab: Opening, app: ASGIApp
) -> None:
    """Her socket's buffers are made small, so that it does not take megabytes to fill them."""
    hub: hubs.Hub = web_app.starlette(app).state.hub
    ann = await inside(world, "ann")
    async with tab(world["gus"]) as slow, tab(world["bob"]) as quick:
        slow.socket.transport.pause_reading()
        hers = next(one for one in hub.connections if one.person_id == world["gus"].id)
        for n in range(2):
            await discussions.post_reply(ann, world.thread.id, f"{n}", f"n{n}")
            assert len(await quick.events()) == 1
        reached = (await events.reached())[0][world.network.id]
        for seq in range(200_000):
            if hers not in hub.connections:
                break
            rows = await events.between(world.network.id, reached - 1, reached)
            await hub.publish(world.network.id, reached, reached, rows * 50)
            if seq % 50 == 0:
                await asyncio.sleep(0)
        assert hers not in hub.connections
        slow.socket.transport.resume_reading()
        assert await slow.closed() == SLOW


async def test_who_leaves_while_a_crowd_is_told_hears_no_more(
    world: World, tab: Opening, app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others have a turn between some and the next, and somebody may hang up."""
    monkeypatch.setattr(hubs, "TOLD_AT_ONCE", 1)
    hub: hubs.Hub = web_app.starlette(app).state.hub
    ann = await inside(world, "ann")
    async with tab(world["bob"]) as stays, tab(world["gus"]) as leaves:
        await discussions.post_reply(ann, world.thread.id, "Ett svar.", "one")
        for one in (stays, leaves):
            assert len(await one.events()) == 1
        reached = (await events.reached())[0][world.network.id]
        rows = await events.between(world.network.id, reached - 1, reached)
        telling = asyncio.create_task(hub.publish(world.network.id, reached, reached, rows))
        await asyncio.sleep(0)
        [hers] = [one for one in hub.connections if one.person_id == world["gus"].id]
        hub.remove(hers)
        await telling
        assert len(await stays.events()) == 1
        await leaves.is_silent()


async def test_one_person_has_only_so_many_tabs(
    world: World, tab: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "TABS", 2)
    async with tab(world["bob"]) as first, tab(world["bob"]), tab(world["bob"]) as third:
        assert await first.closed() == CROWDED
        await third.is_silent()


async def test_what_is_hidden_is_told_too_and_every_act_has_its_event(
    world: World, tab: Opening
) -> None:
    ann = await inside(world, "ann")
    async with tab(world["bob"]) as one:
        await hiding.hide(ann, world.thread.id, 2, hidden=True)
        assert [event["kind"] for event in await one.events()] == ["post.hidden"]
        await ask(ann, "Ny tråd", "?", world.area_id)
        assert [event["kind"] for event in await one.events()] == ["thread.created"]


async def elsewhere(served: Settings, world: World, verb: str) -> None:
    """Have ann do something in another process, as a command of the operator's would."""
    script = f"""
import asyncio, os
from forum import discussions, members, settings
from storage import database, door
from storage.people import Person
async def write():
    chosen = settings.from_environment(os.environ)
    async with database.opened(chosen.database_url):
        ann = await door.enter(await Person.get(id={world["ann"].id}), {world.network.slug!r})
        await {verb}
asyncio.run(write())
"""
    where = {"SAMVERKAN_DATA": str(served.data), "SAMVERKAN_DATABASE_URL": served.database_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, env=os.environ | where
    )
    assert await process.wait() == 0


async def test_what_another_process_writes_is_told(
    world: World, tab: Opening, served: Settings
) -> None:
    verb = f'discussions.post_reply(ann, {world.thread.id}, "Från annat håll.", "x")'
    async with tab(world["bob"]) as one:
        await elsewhere(served, world, verb)
        assert [event["kind"] for event in await one.events()] == ["reply.created"]


async def test_a_disk_that_fails_for_a_moment_does_not_end_the_hearing(
    world: World, tab: Opening, served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, broken = database.stamp, [sqlite3.OperationalError("disk I/O error")] * 2

    async def stamp() -> Stamp | None:
        if broken:
            raise broken.pop()
        return await asked()

    verb = f'discussions.post_reply(ann, {world.thread.id}, "Från annat håll.", "x")'
    async with tab(world["bob"]) as one:
        monkeypatch.setattr(database, "stamp", stamp)
        await elsewhere(served, world, verb)
        assert [event["kind"] for event in await one.events()] == ["reply.created"]


async def test_whom_another_process_removes_hears_nothing_more(
    world: World, tab: Opening, served: Settings
) -> None:
    ann, bob = await inside(world, "ann"), await inside(world, "bob")
    async with tab(world["bob"]) as one:
        await elsewhere(served, world, f"members.end_member(ann, {bob.membership.id})")
        await discussions.post_reply(ann, world.thread.id, "Efteråt.", "e")
        assert await one.closed() == CHANGED
        assert len(one.heard) == 1


def _number(name: str, **labels: str) -> float:
    found = 0.0
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                found = sample.value
    return found


async def test_open_sockets_drops_and_how_late_events_are_is_counted(
    world: World, tab: Opening
) -> None:
    before = {
        "open": _number("samverkan_sockets"),
        "ended": _number("samverkan_socket_drops_total", reason="ended"),
        "events": _number("samverkan_event_lag_seconds_count"),
    }
    async with tab(world["bob"]) as one, tab(world["ann"]) as other:
        assert _number("samverkan_sockets") == before["open"] + 2
        ann = await inside(world, "ann")
        await discussions.post_reply(ann, world.thread.id, "Hej", "h")
        for each in (one, other):
            assert len(await each.events()) == 1
        assert _number("samverkan_event_lag_seconds_count") == before["events"] + 1
        await sessions.end_all(world["bob"])
        assert await one.closed() == LOGGED_OUT
        assert _number("samverkan_sockets") == before["open"] + 1
        ended = _number("samverkan_socket_drops_total", reason="ended")
        assert ended == before["ended"] + 1
