"""Everybody who has a page open: telling each what she may know, and nobody else."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from forum import metrics
from realtime.connections import CHANGED, CROWDED, LOGGED_OUT, SLOW, TALKATIVE, Connection
from realtime.presence import Presence
from realtime.writers import Message
from storage import clock, door, people, sessions
from storage.events import NAMED, Audience, may_know
from storage.roles import Role
from storage.statements import Row

log = logging.getLogger(__name__)

#: So many tabs of one person; the one that was opened first makes room.
TABS = 40
#: How long each more reader lets all of them spread what they fetch, and how long at most, in ms.
SPREAD_MS, SPREAD_MOST_MS = 1.5, 5000
#: So few fetch at once.
SPREAD_FROM = 20

#: So many are told before others have a turn, which takes two milliseconds.
TOLD_AT_ONCE = 100

#: What a socket was closed for, as it is counted.
_REASONS = {
    CROWDED: "crowded",
    CHANGED: "changed",
    LOGGED_OUT: "ended",
    SLOW: "slow",
    TALKATIVE: "talkative",
}
_BEAT = Message.of({"type": "beat"})
# The columns of an event by what browsers call them.
_CALLED = {name: name.removesuffix("_id") for name in NAMED}


class Hub:
    """The sockets of this process, by their networks."""

    def __init__(self) -> None:
        self._of_network: dict[int, set[Connection]] = {}
        self._of_person: dict[int, dict[Connection, None]] = {}
        #: Who of them wants to be shown.
        self.presence = Presence()
        #: How far each network has been told: the number of its latest event.
        self.reached: dict[int, int] = {}
        #: Set while ``reached`` is known, which is while somebody is here.
        self.ready = asyncio.Event()
        #: Set when the rows are to be looked at.
        self.woken = asyncio.Event()
        self.visitors = 0
        #: Goes up whenever somebody's access may have changed.
        self.access = 0

    def __len__(self) -> int:
        return sum(map(len, self._of_person.values()))

    @property
    def connections(self) -> list[Connection]:
        """Every open socket."""
        return [one for hers in self._of_person.values() for one in hers]

    @contextmanager
    def visited(self) -> Iterator[None]:
        """Count one who has come to be told. While nobody is here, nobody looks at the rows."""
        self.visitors += 1
        if not self.ready.is_set():
            self.woken.set()
        try:
            yield
        finally:
            self.visitors -= 1
            if not self.visitors:
                self.rest()

    def rest(self) -> None:
        """Forget how far the networks had been told: they go on while nobody listens."""
        self.ready.clear()
        self.reached.clear()

    def add(self, connection: Connection) -> dict[int, int]:
        """Tell this one from now on; return how far each of her networks had got before."""
        hers = self._of_person.setdefault(connection.person_id, {})
        if len(hers) >= TABS:
            self.drop(next(iter(hers)), CROWDED)
        self._of_person.setdefault(connection.person_id, {})[connection] = None
        metrics.SOCKETS.inc()
        self.presence.enter(connection)
        for network_id in connection.roles:
            self._of_network.setdefault(network_id, set()).add(connection)
        return {network_id: self.reached.get(network_id, 0) for network_id in connection.roles}

    def remove(self, connection: Connection) -> None:
        """Tell this one nothing more. Safe to repeat."""
        hers = self._of_person.get(connection.person_id, {})
        if connection not in hers:
            return
        del hers[connection]
        metrics.SOCKETS.dec()
        self.presence.leave(connection)
        if not hers:
            self._of_person.pop(connection.person_id, None)
        for network_id in connection.roles:
            here = self._of_network.get(network_id, set())
            here.discard(connection)
            if not here:
                self._of_network.pop(network_id, None)

    def drop(self, connection: Connection, code: int) -> None:
        """Close a socket, which is told nothing from this moment on."""
        self.remove(connection)
        self.presence.end(connection.person_id)
        connection.close(code)
        metrics.DROPS.labels(_REASONS[code]).inc()

    async def publish(self, network_id: int, after: int, upto: int, events: list[Row]) -> None:
        """Tell those of a network who may know what happened in it, each what she may.

        Call it for one thing after the other. Whoever comes meanwhile is told that it has got so
        far already, and catches up.
        """
        self.reached[network_id] = upto
        here = self._of_network.get(network_id, set())
        spread = spread_ms(len(here))
        open_to_all = all(event["audience"] == Audience.MEMBERS for event in events)
        actors = {event["actor_id"] for event in events}
        made: dict[tuple[int | None, *tuple[int, ...]], Message] = {}
        for number, connection in enumerate(tuple(here), 1):
            if number % TOLD_AT_ONCE == 0:
                # A page that somebody waits for takes its turn.
                await asyncio.sleep(0)
            if connection not in here:
                continue
            person_id = connection.person_id
            shown = (
                events if open_to_all else visible(events, person_id, connection.roles[network_id])
            )
            if not shown:
                continue
            whose = person_id if person_id in actors else None
            key = (whose, *(() if open_to_all else (event["seq"] for event in shown)))
            message = made.get(key)
            if message is None:
                message = made[key] = batch(network_id, after, upto, shown, spread, whose=whose)
            if not connection.write(message):
                self.drop(connection, SLOW)
        now = clock.now()
        for event in events:
            metrics.EVENT_LAG.observe((now - event["happened_at"]).total_seconds())

    def beat(self) -> None:
        """Let every browser hear that it is still connected."""
        for connection in self.connections:
            if not connection.write(_BEAT):
                self.drop(connection, SLOW)

    async def recheck_all(self) -> None:
        """Look at everybody again, also at who is just being let in."""
        self.access += 1
        await self.recheck(self.connections)

    async def recheck(self, some: Iterable[Connection]) -> None:
        """Close those whose session has ended, or who are something else than they were."""
        looked, now = list(some), clock.now()
        wanting = await people.wanting_presence({one.person_id for one in looked})
        lasting = await sessions.still_lasting([one.session_id for one in looked], now)
        roles = await door.roles({one.person_id for one in looked})
        for one in looked:
            if one.session_id not in lasting:
                self.drop(one, LOGGED_OUT)
            elif (one.roles, one.wants_presence) != (
                roles[one.person_id],
                one.person_id in wanting,
            ):
                self.drop(one, CHANGED)
            else:
                one.until = lasting[one.session_id]


def visible(events: list[Row], person_id: int, role: Role) -> list[Row]:
    """Return those events that this member may know of."""
    return [event for event in events if may_know(event, person_id, role)]


def batch(
    network_id: int,
    after: int,
    upto: int,
    events: list[Row],
    spread: int = 0,
    *,
    whose: int | None = None,
) -> Message:
    """Return what a browser is told of events: which rows they are of, and nothing of those.

    Whose browser it is is told which are her own; nobody is told who did the others.
    """
    told = [
        {_CALLED[name]: event[name] for name in NAMED if event[name] is not None}
        | ({"own": True} if whose is not None and event["actor_id"] == whose else {})
        for event in events
    ]
    return Message.of(
        {
            "type": "events",
            "network": network_id,
            "from": after,
            "to": upto,
            "spread_ms": spread,
            "events": told,
        }
    )


def spread_ms(readers: int) -> int:
    """Return how long so many readers are to spread what they fetch, in milliseconds."""
    return min(SPREAD_MOST_MS, int(SPREAD_MS * readers)) if readers > SPREAD_FROM else 0
