"""Hearing what has been committed, by whomever, and telling the hub."""

import asyncio
import logging
from contextlib import suppress
from datetime import date, datetime, timedelta

from realtime.herald import Herald
from realtime.hub import Hub
from storage import clock, events, wakes
from storage.events import ARRANGEMENT

log = logging.getLogger(__name__)

BEAT_EVERY_SECONDS = 20.0
# After an error, such as a database that is being restarted.
_PAUSE_SECONDS = 0.2


class Listener:
    """Looks at the rows whenever it is woken, and goes through each network's events once."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        #: The access epoch and the day of the last recheck.
        self._access: tuple[int, date] | None = None

    async def run(self) -> None:
        """Listen until cancelled."""
        herald = Herald(self._hub)
        stop = events.on_commit(lambda _network_id, _seq: self._hub.woken.set())
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(wakes.heard(self._hub.woken.set, herald.hear))
                tasks.create_task(herald.run())
                tasks.create_task(self._follow())
                tasks.create_task(self._beat())
        finally:
            stop()

    async def _follow(self) -> None:
        woken = self._hub.woken
        while True:
            with suppress(TimeoutError):
                left = (self._next_end() - clock.now()).total_seconds()
                # Not wait_for, which forgets that it was cancelled when it is woken that moment.
                async with asyncio.timeout(max(0.0, left)):
                    await woken.wait()
            woken.clear()
            if not self._hub.visitors:
                continue
            try:
                # A task of its own each time: with asyncpg, one that has lived through a restart
                # of the server does not get over it.
                await asyncio.create_task(self.look())
            except Exception as error:
                log.warning("live updates wait: %s", type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)
                woken.set()

    async def look(self) -> None:
        """Tell what has happened since the last look, and close on those who may not know it."""
        hub, today = self._hub, clock.today()
        reached, epoch = await events.reached()
        news = []
        for network_id, upto in reached.items():
            # A network that is new since the last look is told of from its beginning.
            after = hub.reached.setdefault(network_id, 0 if hub.ready.is_set() else upto)
            if upto > after:
                found = await events.between(network_id, after, upto)
                news.append((network_id, after, upto, found))
        # Whose access has changed is closed on before anything else is told.
        arranged = any(one["kind"] in ARRANGEMENT for *_where, found in news for one in found)
        if arranged or (epoch, today) != self._access or self._next_end() <= clock.now():
            await hub.recheck_all()
            self._access = epoch, today
        for one in news:
            await hub.publish(*one)
        if not hub.visitors:
            # The last one has left meanwhile.
            hub.rest()
        elif reached.keys() <= hub.reached.keys():
            hub.ready.set()
        else:
            # And another one has come: what was known has been forgotten.
            hub.woken.set()

    def _next_end(self) -> datetime:
        """Return when the next session ends by its time, or the day, which may end memberships."""
        tomorrow = clock.beginning(clock.today() + timedelta(days=1))
        return min([tomorrow, *(one.until for one in self._hub.connections)])

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_EVERY_SECONDS)
            try:
                self._hub.beat()
            except Exception as error:
                # Whatever one socket's trouble is: the next heartbeat comes, and so do events.
                log.warning("a heartbeat failed: %s", type(error).__name__)
