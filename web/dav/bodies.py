"""What a client sends to a drive, taken in before any thread is asked to do something with it."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from forum.arrivals import NoRoom
from forum.uploads import Limits
from storage.blobs import BATCH, Arriving
from web.safety import TooLarge

#: Of what is no file: the XML of locks and properties.
XML_LIMIT = 512 * 1024


class CutShort(Exception):
    """The client went away before the end."""


async def xml(request: Request) -> bytes:
    """Return a body that is no file. Raises TooLarge, and CutShort."""
    request.state.body_limit = XML_LIMIT
    try:
        return await request.body()
    except ClientDisconnect:
        raise CutShort from None


async def file(request: Request, limits: Limits) -> Arriving:
    """Return a file that is whole and on the disk. Whoever asks discards it in the end.

    Raises TooLarge, NoRoom, CutShort, and OSError.
    """
    request.state.body_limit = limits.each
    announced = request.headers.get("content-length", "0")
    # macOS sends what it does not know the length of in chunks, and says what it expects.
    expected = request.headers.get("x-expected-entity-length", announced)
    size = int(expected) if expected.isdecimal() else 0
    if size > limits.each:
        raise TooLarge
    if size > BATCH and not await limits.store.room(size):
        raise NoRoom
    first = await _batch(chunks := _Chunks(request))
    arriving = await asyncio.to_thread(_begun, limits, first)
    try:
        while not chunks.ended:
            await asyncio.to_thread(arriving.write, await _batch(chunks))
        await arriving.finish()
    except BaseException:
        arriving.discard()
        raise
    return arriving


class _Chunks:
    """The body of a request, and whether it has come to its end."""

    def __init__(self, request: Request) -> None:
        self._stream = request.stream()
        self.ended = False

    async def next(self) -> bytes:
        try:
            return await anext(self._stream)
        except StopAsyncIteration:
            self.ended = True
            return b""
        except ClientDisconnect:
            raise CutShort from None


async def _batch(chunks: _Chunks) -> bytes:
    """Return the next megabyte, or what is left."""
    parts, size = [], 0
    while size < BATCH and not chunks.ended:
        part = await chunks.next()
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _begun(limits: Limits, first: bytes) -> Arriving:
    """In a thread: begin a file."""
    arriving = limits.store.arriving()
    try:
        arriving.write(first)
    except BaseException:
        arriving.discard()
        raise
    return arriving
