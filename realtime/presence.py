"""Who is here, who reads which thread and who writes in it: in memory alone, and never for long."""

import asyncio
import math
import time
from collections.abc import Iterable
from typing import NamedTuple

from realtime.connections import Connection, Place

#: A text that nothing has been added to for so long is not being written.
TYPING_SECONDS = 6.0
#: Who has left is shown for as long as it takes to come to the next page.
LINGER_SECONDS = 4.0
#: So long another process is believed that says nothing more.
BELIEVED_SECONDS = 25.0
# Of a text it is, unless it is said again, as it is each time that something is written.
_TYPING_BELIEVED_SECONDS = TYPING_SECONDS + 2.0

#: What one person is shown as at most; nobody has so many tabs and networks but to do harm.
SPOTS = 200


class Spot(NamedTuple):
    """What somebody is doing somewhere; in a network as a whole (thread 0) she is just here."""

    network_id: int
    thread_id: int
    typing: bool

    @property
    def place(self) -> Place:
        """The page that shows it."""
        return self.network_id, self.thread_id


# Which process says it of which person; this one is "".
_Who = tuple[str, int]
_HERE = ""


class Presence:
    """What is known of everybody who wants to be shown, by this process and the others."""

    def __init__(self) -> None:
        self._tabs: dict[int, set[Connection]] = {}
        #: Until when each is where.
        self._spots: dict[_Who, dict[Spot, float]] = {}
        #: The same by places, who came first first.
        self._at: dict[Spot, dict[_Who, None]] = {}
        self._viewers: dict[Place, set[Connection]] = {}
        #: Places that show another thing than was told, and persons that others have not heard of.
        self._changed: set[Place] = set()
        self._untold: set[int] = set()
        #: Set when there is something to tell.
        self.stirred = asyncio.Event()

    def __bool__(self) -> bool:
        """Say whether anybody is here at all."""
        return bool(self._spots)

    def enter(self, connection: Connection) -> None:
        """Show from now on that she is here, if she wants it."""
        if connection.shown_in:
            self._tabs.setdefault(connection.person_id, set()).add(connection)
            self._look_at(connection.person_id)

    def leave(self, connection: Connection) -> None:
        """Forget a tab. Safe to repeat."""
        self._stop_viewing(connection)
        tabs = self._tabs.get(connection.person_id, set())
        if connection in tabs:
            tabs.discard(connection)
            if not tabs:
                del self._tabs[connection.person_id]
            self._look_at(connection.person_id)

    def end(self, person_id: int) -> None:
        """Let nothing linger of somebody who did not leave by herself."""
        spots = self._spots.get((_HERE, person_id), {})
        open_still = {spot: until for spot, until in spots.items() if until == math.inf}
        self._put((_HERE, person_id), open_still)

    def view(self, connection: Connection, place: Place | None) -> None:
        """Note which page she looks at; she is told who else is there."""
        if connection not in self._tabs.get(connection.person_id, ()):
            return
        self._stop_viewing(connection)
        if place is not None and place[0] in connection.shown_in:
            connection.place = place
            self._viewers.setdefault(place, set()).add(connection)
            self._stir(place)
        self._look_at(connection.person_id)

    def type(self, connection: Connection) -> None:
        """Note that she writes something in the thread that she looks at."""
        if connection.place is not None and connection.place[1]:
            connection.typing_until = time.monotonic() + TYPING_SECONDS
            self._untold.add(connection.person_id)
            self._look_at(connection.person_id)

    def hear(self, source: str, person_id: int, spots: Iterable[Spot]) -> None:
        """Take over what another process says of somebody."""
        now = time.monotonic()
        believed = {False: now + BELIEVED_SECONDS, True: now + _TYPING_BELIEVED_SECONDS}
        self._put((source, person_id), {spot: believed[spot.typing] for spot in spots})

    def expire(self) -> None:
        """Forget what has lasted long enough."""
        now = time.monotonic()
        ended = [who for who, spots in self._spots.items() if min(spots.values()) <= now]
        for source, person_id in ended:
            if source == _HERE:
                self._look_at(person_id)
            else:
                spots = self._spots[source, person_id]
                left = {spot: until for spot, until in spots.items() if until > now}
                self._put((source, person_id), left)

    def present(self, spot: Spot) -> list[int]:
        """Return who is there, each once; who came first first."""
        return list(dict.fromkeys(person_id for _source, person_id in self._at.get(spot, ())))

    def viewers(self, place: Place) -> list[Connection]:
        """Return the tabs that look at a page."""
        return list(self._viewers.get(place, ()))

    def take_changed(self) -> set[Place]:
        """Return which places are to be told anew, once."""
        changed, self._changed = self._changed, set()
        return changed

    def take_untold(self) -> set[int]:
        """Return of whom the other processes are to be told, once."""
        untold, self._untold = self._untold, set()
        return untold

    def put_back(self, changed: Iterable[Place], untold: Iterable[int]) -> None:
        """Have what could not be told told later."""
        self._changed.update(changed)
        self._untold.update(untold)
        self.stirred.set()

    def mine(self) -> set[int]:
        """Return everybody whom this process knows by itself."""
        return {person_id for source, person_id in self._spots if source == _HERE}

    def spots_of(self, person_id: int) -> list[Spot]:
        """Return what the others are to know of somebody whom this process knows."""
        return list(self._spots.get((_HERE, person_id), ()))[:SPOTS]

    def _stop_viewing(self, connection: Connection) -> None:
        place = connection.place
        if place is None:
            return
        connection.place, connection.typing_until, connection.told = None, 0.0, ""
        viewers = self._viewers.get(place, set())
        viewers.discard(connection)
        if not viewers:
            self._viewers.pop(place, None)

    def _look_at(self, person_id: int) -> None:
        """Gather what her tabs show of her; what has just ended lingers, but for writing."""
        now, spots = time.monotonic(), dict[Spot, float]()
        for spot, until in self._spots.get((_HERE, person_id), {}).items():
            if not spot.typing and until > now:
                spots[spot] = min(until, now + LINGER_SECONDS)
        for tab in self._tabs.get(person_id, ()):
            spots.update({Spot(network_id, 0, False): math.inf for network_id in tab.shown_in})
            if tab.place and tab.place[1]:
                spots[Spot(*tab.place, False)] = math.inf
                typing = Spot(*tab.place, True)
                if tab.typing_until > now:
                    spots[typing] = max(tab.typing_until, spots.get(typing, 0.0))
        self._put((_HERE, person_id), spots)

    def _put(self, who: _Who, spots: dict[Spot, float]) -> None:
        before = self._spots.pop(who, {})
        if spots:
            self._spots[who] = spots
        for spot in before.keys() - spots.keys():
            there = self._at[spot]
            del there[who]
            if not there:
                del self._at[spot]
        for spot in spots.keys() - before.keys():
            self._at.setdefault(spot, {})[who] = None
        for spot in before.keys() ^ spots.keys():
            self._stir(spot.place)
            if who[0] == _HERE:
                self._untold.add(who[1])

    def _stir(self, place: Place) -> None:
        self._changed.add(place)
        self.stirred.set()
