"""Whether anything has been written since, asked of PostgreSQL."""

import asyncio
import logging

import asyncpg

from storage.stamps import STANDING

log = logging.getLogger(__name__)

# Which transactions are done, and which are not. It is another text as soon as one that has written
# anything is committed: transactions that only read have no number (PostgreSQL 9.27.10).
_PRESENT = f"SELECT pg_current_snapshot()::text AS state, ({STANDING}) AS standing"

# For a connection and for an answer: who waits longer than that is better off without.
SECONDS = 5


class Snapshots:
    """Asks for the present snapshot, once for all who ask while the answer to others is coming.

    Who comes meanwhile waits for the next: an answer that is on its way may be older than what
    she has just been told is written.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._connections = 0
        self._next: asyncio.Future[tuple[str, str | None] | None] | None = None
        self._asking: asyncio.Task[None] | None = None

    async def present(self) -> tuple[str, str | None] | None:
        """Return a stamp's state and its standing; None: they cannot be had."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        # One who hangs up must not take the answer from the others.
        return await asyncio.shield(self._next)

    async def close(self) -> None:
        """Hang up."""
        if self._asking is not None:
            await self._asking
        if self._connection is not None:
            await self._connection.close()

    async def _ask(self) -> None:
        while self._next is not None:
            asked, self._next = self._next, None
            asked.set_result(await self._snapshot())

    async def _snapshot(self) -> tuple[str, str | None] | None:
        log.debug("%s", _PRESENT)
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(self._url, timeout=SECONDS)
                self._connections += 1
            [found] = await self._connection.fetch(_PRESENT, timeout=SECONDS)
        except Exception as error:
            # Whatever it is, who asks reads the rows instead, and hears of the same trouble there.
            log.info("no snapshot: %s", type(error).__name__)
            if self._connection is not None:
                # What it had not answered in time it would answer before anything else.
                self._connection.terminate()
                self._connection = None
            return None
        # What a server had not written down when it crashed it has not counted either, and the same
        # numbers come again. No connection outlives that.
        state, standing = found["state"], found["standing"]
        times = self._connections
        return f"{times} {state}", None if standing is None else f"{times} {standing}"
