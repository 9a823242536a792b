"""Bytes that come over the network, on their way into a file."""

import asyncio
from contextlib import suppress

from storage.blobs.arriving import BATCH, Arriving


class Taking:
    """Gathers what comes, while what came before is hashed and written in a thread.

    The same two stretches of memory serve the whole of a file, however large it is: to ask for new
    ones would take as long as to hash them.
    """

    def __init__(self, arriving: Arriving) -> None:
        """Begin where the file ends."""
        self._arriving = arriving
        self._gathering, self._spare = memoryview(bytearray(BATCH)), memoryview(bytearray(BATCH))
        self._gathered = 0
        self._writing: asyncio.Task[None] | None = None
        #: How large the file is with what is still to be written, in bytes.
        self.size = arriving.size

    async def add(self, piece: bytes | memoryview) -> None:
        """Take a piece. Raises OSError for what could not be written of this or earlier ones."""
        rest = memoryview(piece)
        self.size += len(rest)
        while rest:
            part = rest[: BATCH - self._gathered]
            self._gathering[self._gathered : self._gathered + len(part)] = part
            self._gathered += len(part)
            rest = rest[len(part) :]
            if self._gathered == BATCH:
                await self._hand_over()

    async def _hand_over(self) -> None:
        full = self._gathering[: self._gathered]
        # Of what cannot be written nothing is to follow either: the file would have a gap.
        self._gathered = 0
        await self._written()
        self._gathering, self._spare = self._spare, self._gathering
        self._writing = asyncio.create_task(asyncio.to_thread(self._arriving.write, full))

    async def _written(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    async def end(self) -> None:
        """Write what is left. Raises OSError."""
        if self._gathered:
            await self._hand_over()
        await self._written()

    async def stop(self) -> None:
        """Let go of what is left; nothing is being written afterwards."""
        self._gathered = 0
        with suppress(OSError):
            await self._written()
