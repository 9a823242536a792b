"""Hearing that something has been committed, by whichever process: a hint to look at the rows.

PostgreSQL tells by NOTIFY, which comes with the commit. SQLite has no such thing: its
``data_version`` is another number when somebody has written, and is looked at five times a second.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress

from storage import database
from storage.stamps import Stamp

log = logging.getLogger(__name__)

CHANNEL = "samverkan"
# What processes tell each other that is in no row.
ASIDE = "samverkan_aside"
LOOK_EVERY_SECONDS = 0.2
# A connection that was cut without a word is noticed within this.
ASK_EVERY_SECONDS = 10.0
_ANSWER_WITHIN_SECONDS = 5.0
# Between attempts to connect again.
_PAUSE_SECONDS = 0.2, 1.0


async def heard(call: Callable[[], None], aside: Callable[[str], None]) -> None:
    """Call ``call`` whenever somebody may have written something that concerns others, for ever.

    It is called too when it may have been missed: at first, and after each new connection.
    ``aside`` is handed what any process tells aside, this one too.
    """
    while True:
        try:
            # A task of its own each time: one that has lived through a restart of the server
            # does not get over it.
            sqlite = database.dialect() == "sqlite"
            await asyncio.create_task(_watch(call) if sqlite else _listen(call, aside))
        except Exception as error:
            # Whatever it was, a disk or a network: open pages must hear of others again.
            log.warning("not hearing of what others write: %s", type(error).__name__)
        await asyncio.sleep(random.uniform(*_PAUSE_SECONDS))  # noqa: S311 (only to be spread)


async def _watch(call: Callable[[], None]) -> None:
    seen: Stamp | None = None
    while True:
        stamp = await database.stamp()
        if stamp != seen:
            seen = stamp
            call()
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def _listen(call: Callable[[], None], aside: Callable[[str], None]) -> None:
    connection = await database.connected(_ANSWER_WITHIN_SECONDS)
    try:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        await connection.add_listener(CHANNEL, lambda *_said: call())
        await connection.add_listener(ASIDE, lambda *said: aside(str(said[-1])))
        call()
        while not lost.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(ASK_EVERY_SECONDS):
                    await lost.wait()
            await connection.fetchval("SELECT 1", timeout=_ANSWER_WITHIN_SECONDS)
    finally:
        connection.terminate()


async def tell() -> None:
    """Within a write: have those who hear called when it is committed.

    On SQLite every commit is heard of.
    """
    if database.dialect() == "postgres":
        await database.change(f"SELECT pg_notify('{CHANNEL}', '')", {})


async def tell_aside(payload: str) -> None:
    """Tell the other processes something that is kept nowhere, in less than 8,000 bytes.

    Whoever serves from SQLite is alone.
    """
    if database.dialect() == "postgres":
        values = {"channel": ASIDE, "payload": payload}
        await database.read("SELECT pg_notify(:channel, :payload)", values)
