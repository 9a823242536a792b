"""Telling who is here: pages that show it, and the other processes of the same database."""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress

from realtime.connections import SLOW, Connection, Place
from realtime.hub import Hub
from realtime.presence import Spot
from realtime.writers import Message
from storage import door, wakes

log = logging.getLogger(__name__)

#: No page is told more often than this.
EVERY_SECONDS = 1.0
#: How often the other processes are told of everybody anew.
ANNOUNCE_EVERY_SECONDS = 10.0
#: So many are named; the others are a number.
NAMED, TYPING_NAMED = 12, 3
# PostgreSQL takes 8,000 bytes, and one person is at most half of that.
_PAYLOAD_BYTES = 7500


class Herald:
    """Tells what has changed, at most once a second."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._presence = hub.presence
        #: What the others know this process by.
        self._name = secrets.token_hex(8)
        self._announced_at = 0.0

    async def run(self) -> None:
        """Tell until cancelled."""
        while True:
            # Something ends by itself as long as anybody is here.
            with suppress(TimeoutError):
                # Not wait_for: see the listener.
                async with asyncio.timeout(EVERY_SECONDS if self._presence else None):
                    await self._presence.stirred.wait()
            self._presence.stirred.clear()
            try:
                # A task of its own each time, as in the listener.
                await asyncio.create_task(self.tell())
            except Exception as error:
                log.warning("who is here is told later: %s", type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def tell(self) -> None:
        """Tell what has changed since the last time."""
        presence = self._presence
        presence.expire()
        changed, untold = presence.take_changed(), presence.take_untold()
        now = time.monotonic()
        everybody = now - self._announced_at >= ANNOUNCE_EVERY_SECONDS
        try:
            for payload in self._payloads(presence.mine() | untold if everybody else untold):
                await wakes.tell_aside(payload)
            for place in changed:
                await self._tell(place)
        except Exception:
            presence.put_back(changed, untold)
            raise
        if everybody:
            self._announced_at = now

    def hear(self, payload: str) -> None:
        """Take over what another process says; whatever else may be said there is nothing."""
        with suppress(ValueError, TypeError, KeyError):
            said = json.loads(payload)
            if said["from"] == self._name:
                return
            for person_id, spots in said["people"]:
                heard = [Spot(int(one), int(two), bool(typing)) for one, two, typing in spots]
                self._presence.hear(str(said["from"]), int(person_id), heard)

    def _payloads(self, person_ids: set[int]) -> Iterator[str]:
        """Return what the others are told of these persons, in pieces that are small enough."""
        people: list[str] = []
        size = 0
        for person_id in person_ids:
            one = _json([person_id, self._presence.spots_of(person_id)])
            if people and size + len(one) > _PAYLOAD_BYTES:
                yield self._payload(people)
                people, size = [], 0
            people.append(one)
            size += len(one) + 1
        if people:
            yield self._payload(people)

    def _payload(self, people: list[str]) -> str:
        return f'{{"from":"{self._name}","people":[{",".join(people)}]}}'

    async def _tell(self, place: Place) -> None:
        """Tell those who look at a page, unless they have been told the same."""
        presence = self._presence
        if not presence.viewers(place):
            return
        here = presence.present(Spot(*place, False))
        typing = presence.present(Spot(*place, True))
        # One more than are named, since nobody is told of herself.
        asked = here[: NAMED + 1], typing[: TYPING_NAMED + 1]
        # The rows have the last word: they know who was removed, or wants it no longer.
        names = await door.shown_as_present(place[0], {*asked[0], *asked[1]})
        listed = [one for one in asked[0] if one in names]
        writing = [one for one in asked[1] if one in names]
        told = _Telling(place, names, listed, len(here), writing)
        for connection in presence.viewers(place):
            self._write(connection, told.to(connection.person_id))

    def _write(self, connection: Connection, message: Message) -> None:
        if connection.told == message.text:
            return
        connection.told = message.text
        if not connection.write(message):
            self._hub.drop(connection, SLOW)


class _Telling:
    """What is told of a page: encoded once for all who are not named, and for each who is."""

    def __init__(
        self, place: Place, names: dict[int, str], here: list[int], count: int, typing: list[int]
    ) -> None:
        self._place = place
        self._names = names
        self._here = here
        self._count = count
        self._typing = typing
        self._made: dict[int, Message] = {}

    def to(self, person_id: int) -> Message:
        """Return what this person is told: of everybody but herself."""
        key = person_id if person_id in self._names else 0
        message = self._made.get(key)
        if message is None:
            message = self._made[key] = self._message(key)
        return message

    def _message(self, without: int) -> Message:
        here = [one for one in self._here if one != without][:NAMED]
        typing = [one for one in self._typing if one != without][:TYPING_NAMED]
        network_id, thread_id = self._place
        return Message.of(
            {
                "type": "presence",
                "network": network_id,
                "thread": thread_id or None,
                "here": [self._names[one] for one in here],
                # She herself is among those who are counted.
                "more": max(0, self._count - 1 - len(here)),
                "typing": [self._names[one] for one in typing],
            }
        )


def _json(content: object) -> str:
    return json.dumps(content, separators=(",", ":"))
