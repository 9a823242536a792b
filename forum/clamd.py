"""Where clamd listens, and a connection to it."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

_LONGEST_ANSWER: Final = 4096


class ScannerDown(Exception):
    """The scanner has said nothing of the file: it is to be asked again later."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where clamd listens: a socket in the file system, or a host and a port."""

    path: str = ""
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        return f"unix:{self.path}" if self.path else f"tcp:{self.host}:{self.port}"


def address(value: str) -> Address:
    """Read ``unix:/path`` or ``tcp:host:port``. Raises ValueError with what was expected."""
    kind, _, where = value.partition(":")
    if kind == "unix" and where.startswith("/"):
        return Address(path=where)
    match = re.fullmatch(r"(\[[0-9a-f:.]+\]|[a-z0-9][a-z0-9.-]*):([0-9]{1,5})", where.lower())
    if kind == "tcp" and match and 1 <= int(match[2]) <= 65535:
        return Address(host=match[1].strip("[]"), port=int(match[2]))
    raise ValueError("unix:/run/clamav/clamd.ctl or tcp:host:3310")


class Connection:
    """A socket without a stream around it.

    A stream that cannot be written to any more is closed at once, with what clamd has said and
    nobody has read yet.
    """

    def __init__(self, address: Address, opened: socket.socket, seconds: float) -> None:
        self._address, self._socket, self._seconds = address, opened, seconds

    async def send(self, data: bytes) -> None:
        """Send it. Raises ConnectionError, or TimeoutError when it is not taken in time."""
        async with asyncio.timeout(self._seconds):
            await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def answer(self, seconds: float) -> str:
        """Return what it says within so long. Raises ScannerDown unless it says so to the end."""
        said = b""
        async with asyncio.timeout(seconds):
            while not said.endswith(b"\0"):
                piece = await asyncio.get_running_loop().sock_recv(self._socket, _LONGEST_ANSWER)
                said += piece
                if not piece or len(said) > _LONGEST_ANSWER:
                    raise ScannerDown(f"{self._address} hung up")
        return said.rstrip(b"\0").decode(errors="replace")


@asynccontextmanager
async def connected(address: Address, seconds: float) -> AsyncIterator[Connection]:
    """Open a connection; whatever goes wrong with it is ScannerDown.

    ``seconds`` is how long it may take to open, and to take each piece.
    """
    try:
        async with asyncio.timeout(seconds):
            opened = await _opened(address)
    except (OSError, TimeoutError) as error:
        raise ScannerDown(f"{address}: {_why(error)}") from None
    try:
        yield Connection(address, opened, seconds)
    except (ConnectionError, TimeoutError) as error:
        raise ScannerDown(f"{address}: {_why(error)}") from None
    finally:
        opened.close()


async def _opened(address: Address) -> socket.socket:
    """Return a socket that is connected. Raises OSError."""
    loop, trouble = asyncio.get_running_loop(), OSError("no such address")
    for family, place in await _places(address):
        opened = socket.socket(family, socket.SOCK_STREAM)
        opened.setblocking(False)
        try:
            await loop.sock_connect(opened, place)
        except BaseException as error:
            opened.close()
            if not isinstance(error, OSError):
                raise
            trouble = error
        else:
            return opened
    raise trouble


async def _places(address: Address) -> list[tuple[int, Any]]:
    if address.path:
        return [(socket.AF_UNIX, address.path)]
    loop = asyncio.get_running_loop()
    told = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    return [(one[0], one[4]) for one in told]


def _why(error: Exception) -> str:
    return str(error) or "does not answer"
