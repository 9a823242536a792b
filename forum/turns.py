"""Taking turns at what there is little of, so that nobody holds all of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


class TooManyWaiting(Exception):
    """So much of hers waits already that no more is taken in."""


@dataclass(slots=True)
class _Line:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    length: int = 0


class Turns:
    """One thing of each person at a time; `waiting` of hers may be under way in all.

    What everybody's next ones then wait for serves who came first, so a person who sends many
    things is given every other turn at most as soon as there is another.
    """

    def __init__(self, waiting: int) -> None:
        self._waiting = waiting
        self._lines: dict[int, _Line] = {}

    @asynccontextmanager
    async def of(self, person_id: int) -> AsyncIterator[None]:
        """Wait until it is the person's turn. Raises TooManyWaiting."""
        line = self._lines.setdefault(person_id, _Line())
        if line.length >= self._waiting:
            raise TooManyWaiting
        line.length += 1
        try:
            async with line.turn:
                yield
        finally:
            line.length -= 1
            if not line.length:
                del self._lines[person_id]
