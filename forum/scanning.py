"""Files looked through for viruses by clamd, which is given their bytes (INSTREAM, clamd(8)).

Only what clamd has said is believed: a connection that ends before it has answered says nothing of
a file, and neither does an answer that is not understood.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from forum.clamd import Address, Connection, ScannerDown, connected
from storage.blobs import BATCH, Arriving

#: Who does not take a connection, or another piece, within so long is as good as gone.
STALLED_SECONDS: Final = 30.0
#: How long it may look through a whole file. It gives up by itself after 120 (MaxScanTime).
VERDICT_SECONDS: Final = 300.0


class Found(StrEnum):
    """What a scanner says of a file."""

    CLEAN = "clean"
    INFECTED = "infected"
    #: It has not been looked through, and will not be: it is more than the scanner takes.
    TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner says of a file, and what it calls what it has found."""

    found: Found
    signature: str = ""


async def ping(address: Address, seconds: float = STALLED_SECONDS) -> None:
    """Raise ScannerDown unless it answers."""
    async with connected(address, seconds) as connection:
        await connection.send(b"zPING\0")
        answer = await connection.answer(seconds)
    if answer != "PONG":
        raise ScannerDown(f"{address} answers {answer!r}")


async def scan(
    address: Address,
    path: Path,
    *,
    stalled: float = STALLED_SECONDS,
    verdict: float = VERDICT_SECONDS,
) -> Verdict:
    """Have a file looked through. Raises ScannerDown when there is no telling, OSError of the file.

    ``stalled`` and ``verdict`` are seconds: for each piece, and for the answer after the last.
    """
    with await asyncio.to_thread(path.open, "rb") as file:
        async with connected(address, stalled) as connection:
            whole = await _sent(connection, file)
            answer = await connection.answer(verdict)
    return _understood(address, answer, whole=whole)


async def _sent(connection: Connection, file: BinaryIO) -> bool:
    """Send a file; False when clamd hung up before its end, as on what is too large for it."""
    try:
        await connection.send(b"zINSTREAM\0")
        while piece := await asyncio.to_thread(file.read, BATCH):
            await connection.send(len(piece).to_bytes(4, "big") + piece)
        await connection.send(bytes(4))
    except ConnectionError:
        return False
    return True


def _understood(address: Address, answer: str, *, whole: bool) -> Verdict:
    said = answer.removeprefix("stream: ")
    # The latter where clamd tells what it has passed over (AlertExceedsMax).
    if "size limit exceeded" in said or said.startswith("Heuristics.Limits.Exceeded"):
        return Verdict(Found.TOO_LARGE)
    if whole and answer == "stream: OK":
        return Verdict(Found.CLEAN)
    if whole and answer.startswith("stream: ") and said.endswith(" FOUND"):
        return Verdict(Found.INFECTED, said.removesuffix(" FOUND"))
    raise ScannerDown(f"{address} answers {answer!r}")


async def quarantine(arriving: Arriving) -> str:
    """Put a file aside where nobody is given it, for a month; return what the log may call it."""
    return await asyncio.to_thread(arriving.quarantine)
