"""Visitors who ask as fast as they are answered: cheap enough not to be what is measured."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as it came."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return a header by its lower-case name."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Load:
    """What a while of asking gave."""

    seconds: float
    #: How long each answer took, in seconds, the quickest first.
    times: list[float]
    statuses: dict[int, int]
    #: How much of its core the client itself took: near 1, the client is what was measured.
    busy: float
    #: How many answers came in all: also those that came too late to be timed.
    answers: int
    #: How long the servers kept their core busy, in seconds; and of that, the database's.
    servers: float = 0.0
    database: float = 0.0

    @property
    def cost(self) -> float:
        """Seconds of the servers' core for an answer, whatever else the machine does."""
        return self.servers / self.answers

    @property
    def database_cost(self) -> float:
        """The database's part of it; SQLite's is part of the forum's own."""
        return self.database / self.answers

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, percent: float) -> float:
        """Return the time within which so many of the answers came, in seconds."""
        return self.times[min(len(self.times) - 1, int(len(self.times) * percent / 100))]


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """Return a request's bytes."""
    said = dict(headers)
    if method == "POST":
        said["Content-Type"] = "application/x-www-form-urlencoded"
        said["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def ask(port: int, sent: bytes) -> Answer:
    """Ask once, on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    pairs = [line.partition(":") for line in lines]
    headers = [(name.lower(), value.strip()) for name, _, value in pairs]
    body = await _body(reader, head)
    writer.close()
    return Answer(int(first.split()[1]), headers, body)


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if found := _LENGTH.search(head):
        return await reader.readexactly(int(found[1]))
    body = b""
    while _CHUNKED.search(head):
        size = int(await reader.readline(), 16)
        body += (await reader.readexactly(size + 2))[:size]
        if not size:
            break
    return body


async def load(port: int, visitors: Sequence[Iterator[bytes]], seconds: float) -> Load:
    """Let each visitor ask one thing after the other, on one connection, for so long.

    It ends earlier when all have asked all that they had to ask.
    On a machine that is busy elsewhere it takes longer: until each could have had an answer.
    """
    loop = asyncio.get_running_loop()
    tally = _Tally(len(visitors))
    began, worked = time.perf_counter(), time.process_time()
    for requests in visitors:
        await loop.create_connection(partial(_Visitor, requests, tally), "127.0.0.1", port)
    loop.call_later(seconds, tally.end_soon)
    await tally.ended.wait()
    return Load(
        seconds=tally.until - began,
        times=sorted(tally.times),
        statuses=dict(tally.statuses),
        answers=tally.answers,
        busy=(time.process_time() - worked) / (time.perf_counter() - began),
    )


class _Tally:
    """What all visitors of one load have seen."""

    def __init__(self, visitors: int) -> None:
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.answers = 0
        self.enough = 0
        self.over = False
        self.until = 0.0
        self.ended = asyncio.Event()
        self.visitors = visitors

    def answered(self, status: int, seconds: float) -> None:
        self.answers += 1
        if not self.over:
            self.times.append(seconds)
            self.statuses[status] += 1
            self._end_if_enough()

    def end_soon(self) -> None:
        self.enough = self.visitors
        self._end_if_enough()

    def _end_if_enough(self) -> None:
        if self.enough and len(self.times) >= self.enough:
            self.over, self.until = True, time.perf_counter()

    def left(self) -> None:
        self.visitors -= 1
        if not self.visitors:
            self.until = self.until or time.perf_counter()
            self.over = True
            self.ended.set()


class _Visitor(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], tally: _Tally) -> None:
        self.requests, self.tally = requests, tally
        self.buffer = b""
        self.wanted = 0
        #: Has nothing more to ask.
        self.content = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self.transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        self.buffer, self.wanted = b"", 0
        sent = next(self.requests, None)
        if sent is None:
            self.content = True
            self.transport.close()
            return
        self.asked = time.perf_counter()
        self.transport.write(sent)

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        if not self.wanted:
            self.wanted = _whole(self.buffer)
        if self.wanted > 0 and len(self.buffer) < self.wanted:
            return
        if self.wanted <= 0 and not self.buffer.endswith(b"\r\n0\r\n\r\n"):
            return
        self._answered()

    def _answered(self) -> None:
        self.tally.answered(int(self.buffer[9:12]), time.perf_counter() - self.asked)
        if self.tally.over:
            self.transport.close()
        else:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        # A server that hangs up early leaves fewer answers, and none of another status.
        if not self.tally.over and not self.content:
            self.tally.statuses[0] += 1
        self.tally.left()


def _whole(received: bytes) -> int:
    """Return how many bytes the answer has; 0 while that is not known, -1 when it is in chunks."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = received[:end]
    if found := _LENGTH.search(head):
        return end + 4 + int(found[1])
    return -1 if _CHUNKED.search(head) else end + 4
