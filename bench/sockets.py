"""Browsers' sockets by the thousand: cheap enough not to be what is measured."""

import asyncio
import base64
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import cast

#: So many are opening at a time.
AT_ONCE = 100

Heard = Callable[["Tab", bytes, float], None]


class Tab(asyncio.Protocol):
    """A socket that answers pings, and hands on what it is told (RFC 6455)."""

    def __init__(self, number: int, path: str, headers: Mapping[str, str], heard: Heard) -> None:
        self.number = number
        self._request = _upgrade(path, headers)
        self._heard = heard
        self._buffer = b""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.opened.done():
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(RuntimeError(head.decode("latin-1")))
                return
            self._buffer = rest
            self.opened.set_result(None)
        self._frames(time.perf_counter())

    def _frames(self, now: float) -> None:
        at, data = 0, self._buffer
        while len(data) - at >= 2:
            length, head = data[at + 1] & 127, 2
            if length == 126:
                length, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            elif length == 127:
                length, head = int.from_bytes(data[at + 2 : at + 10], "big"), 10
            if len(data) - at < head + length:
                break
            payload = data[at + head : at + head + length]
            at += head + length
            kind = data[at - head - length] & 15
            if kind == 1:
                self._heard(self, payload, now)
            elif kind == 9:
                self.say(payload, 10)
        self._buffer = data[at:]

    def say(self, payload: bytes, kind: int = 1) -> None:
        """Send a frame, masked as a browser's are."""
        mask = os.urandom(4)
        length = bytes([128 | len(payload)]) if len(payload) < 126 else b""
        if not length:
            length = bytes([128 | 126]) + len(payload).to_bytes(2, "big")
        masked = bytes(byte ^ mask[at & 3] for at, byte in enumerate(payload))
        self.transport.write(bytes([128 | kind]) + length + mask + masked)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("closed before it was open"))
        if not self.lost.done():
            self.lost.set_result(None)


def _upgrade(path: str, headers: Mapping[str, str]) -> bytes:
    said = {
        **headers,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
    }
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join([*lines, "", ""]).encode()


@asynccontextmanager
async def opened(
    port: int, path: str, headers: Sequence[Mapping[str, str]], heard: Heard
) -> AsyncIterator[list[Tab]]:
    """Keep a socket open for each of these headers."""
    tabs: list[Tab] = []
    try:
        for first in range(0, len(headers), AT_ONCE):
            some = headers[first : first + AT_ONCE]
            tabs += await asyncio.gather(
                *(open_one(port, first + at, path, one, heard) for at, one in enumerate(some))
            )
        yield tabs
    finally:
        for tab in tabs:
            tab.transport.abort()
        await asyncio.gather(*(tab.lost for tab in tabs))


async def open_one(
    port: int, number: int, path: str, headers: Mapping[str, str], heard: Heard
) -> Tab:
    """Return a socket that is open. Raises RuntimeError or OSError when it is refused."""
    loop = asyncio.get_running_loop()
    made = partial(Tab, number, path, headers, heard)
    _transport, tab = await loop.create_connection(made, "127.0.0.1", port)
    await tab.opened
    return tab


class Tally:
    """When each message had reached all who should hear it, and who has heard which how often."""

    def __init__(self, listeners: int) -> None:
        self.listeners = listeners
        self.heard: Counter[int] = Counter()
        self.last: dict[int, float] = {}
        self.whole: dict[int, asyncio.Event] = {}

    def hear(self, message: int, now: float) -> None:
        """Count one who has heard it."""
        self.heard[message] += 1
        self.last[message] = now
        if self.heard[message] == self.listeners:
            self.whole.setdefault(message, asyncio.Event()).set()

    async def everybody(self, message: int, seconds: float) -> bool:
        """Wait until all have heard it; False when they have not within so long."""
        try:
            async with asyncio.timeout(seconds):
                await self.whole.setdefault(message, asyncio.Event()).wait()
        except TimeoutError:
            return False
        return True
