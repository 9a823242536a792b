"""A real S3 on this machine (moto's server), buckets in it, and a way there that can be cut."""

import asyncio
import itertools
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import httpx

from storage.blobs.bucket import Place
from tests.faults.proxies import ended, waited_for
from tests.faults.serving import free_port

_NUMBERS = itertools.count(1)


class Moto:
    """Amazon's S3, as far as tests go; it takes any key."""

    def __init__(self, folder: Path) -> None:
        """Start it and wait until it takes connections."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        log = folder / "moto.log"
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        with log.open("ab") as written:
            self._process = subprocess.Popen(command, stdout=written, stderr=written)
        waited_for(self._process, self.port, log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        ended(self._process)

    def bucket(self) -> Place:
        """Make a bucket that nobody has used, and return where it is."""
        name = f"tests-{os.getpid()}-{next(_NUMBERS)}"
        httpx.put(f"{self.url}/{name}").raise_for_status()
        return self.place(f"s3://{name}/a/prefix")

    def place(self, url: str) -> Place:
        """Return where a bucket is."""
        return Place(url, self.url, "eu-north-1", "key", "a-secret")


class Way:
    """What lies between us and a server: it lets through what it is told to, and is then cut."""

    def __init__(self, port: int) -> None:
        """Lead to a port of this machine."""
        self._port = port
        #: How many bytes go through before it is cut.
        self.left: float = float("inf")
        self.url = ""
        self._open: set[asyncio.Task[None]] = set()

    @property
    def open(self) -> int:
        """How many connections there are."""
        return len(self._open)

    @asynccontextmanager
    async def led(self) -> AsyncIterator[None]:
        """Take connections, at ``url``."""
        server = await asyncio.start_server(self._taken, "127.0.0.1", 0)
        async with server:
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield
            server.close()
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._through(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carried(reader, back))
                both.create_task(self._carried(there, writer))
        except* (ConnectionError, EOFError):
            pass
        finally:
            for one in (back, writer):
                one.transport.abort()

    async def _carried(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(1 << 16):
            self.left -= len(piece)
            if self.left < 0:
                break
            writer.write(piece)
            await writer.drain()
        # Either side's end is the end of it.
        raise EOFError
