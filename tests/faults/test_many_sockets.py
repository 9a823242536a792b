"""All sockets are dropped at once, as when a proxy is restarted: all come back and miss nothing."""

import asyncio
import itertools
import json
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import httpx

from bench.live import allow_sockets
from bench.sockets import Tab, opened
from forum import members, people, sessions, settings
from realtime.hub import TABS
from storage import database, door
from tests.faults.serving import Serving
from tests.faults.test_restart import _log_in, _there, data, told
from tests.world import World
from web.cookies import name_of

__all__ = ["data", "told"]

#: As the promise goes: so soon are two thousand back, and have caught up.
SECONDS = 20
#: Posts while nobody is there, and as many while they come back.
POSTS = 5


async def _browsers(data: Path, world: World, count: int) -> list[str]:
    """Return tokens of as many sessions, of members with some tabs each."""
    tokens: list[str] = []
    async with database.opened(f"sqlite:///{data / 'samverkan.sqlite'}"):
        ann = await door.enter(world["ann"], world.network.slug)
        for number in range(-(-count // TABS)):
            person = await people.add_person(f"Medlem {number}", f"m{number}@kommun.example", "")
            await members.add_member(ann, person, ann.membership.organisation_id)
            tokens += [await sessions.start(person, "tests", remember=False) for _ in range(TABS)]
    return tokens[:count]


def _headers(server: Serving, token: str) -> Mapping[str, str]:
    name = name_of(settings.from_environment({"SAMVERKAN_DATA": str(server.data)}), "session")
    host = f"127.0.0.1:{server.port}"
    return {"Host": host, "Origin": server.url, "Cookie": f"{name}={token}"}


def _replies(data: Path) -> set[int]:
    with closing(sqlite3.connect(data / "samverkan.sqlite")) as connection:
        return {reply for (reply,) in connection.execute("SELECT id FROM reply")}


async def _post(http: httpx.AsyncClient, world: World, texts: "itertools.count[int]") -> None:
    for _ in range(POSTS):
        form = {"form_key": "k", "body": f"Svar {next(texts)}."}
        assert (await http.post(f"{_there(world)}/replies", data=form)).status_code == 303
        await asyncio.sleep(0.1)


class Crowd:
    """What each of many tabs has been told."""

    def __init__(self, network: str, count: int) -> None:
        self.network = network
        self.reached: dict[int, int] = {}
        self.heard: list[list[int]] = [[] for _ in range(count)]
        self.known: list[set[int]] = [set() for _ in range(count)]
        self._changed = asyncio.Event()

    def hear(self, tab: Tab, payload: bytes, _now: float) -> None:
        """Take a frame."""
        frame = json.loads(payload)
        assert frame["type"] in {"state", "events", "beat"}, frame
        if frame["type"] == "state":
            self.reached.setdefault(tab.number, frame["networks"][self.network])
        for event in frame.get("events", ()):
            self.heard[tab.number].append(event["seq"])
            self.known[tab.number].add(event["reply"])
        self._changed.set()

    async def all_have_heard(self, events: int) -> None:
        """Wait until each has been told where things are, and of so many events."""
        while len(self.reached) < len(self.heard) or min(map(len, self.heard)) < events:
            self._changed.clear()
            await self._changed.wait()


async def test_all_come_back_when_they_are_dropped_at_once_and_nothing_is_missed_or_doubled(
    data: Path, told: World, long: bool
) -> None:
    allow_sockets()
    count = 2000 if long else 200
    tokens, texts = await _browsers(data, told, count), itertools.count()
    crowd, network = Crowd(str(told.network.id), count), str(told.network.id)
    with Serving(data) as server:
        headers = [_headers(server, token) for token in tokens]
        async with server.browser() as ann, asyncio.timeout(10 * SECONDS):
            await _log_in(ann, told, "ann")
            at_the_start = _replies(data)
            async with opened(server.port, "/live", headers, crowd.hear) as tabs:
                for tab in tabs:
                    tab.say(b'{"since":{}}')
                await crowd.all_have_heard(0)
            await _post(ann, told, texts)
            began = time.monotonic()
            posting = asyncio.create_task(_post(ann, told, texts))
            async with opened(server.port, "/live", headers, crowd.hear) as tabs:
                for tab in tabs:
                    since = {network: crowd.reached[tab.number]}
                    tab.say(json.dumps({"since": since}).encode())
                await crowd.all_have_heard(2 * POSTS)
                lasted = time.monotonic() - began
                await posting
                # Whoever were told something twice would hear it by now.
                await asyncio.sleep(0.5)
    assert crowd.heard == [
        list(range(first + 1, first + 1 + 2 * POSTS))
        for _tab, first in sorted(crowd.reached.items())
    ]
    assert all(at_the_start | known == _replies(data) for known in crowd.known)
    assert lasted <= SECONDS
