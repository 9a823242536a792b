"""Pages compressed, for every browser there is: gzip (RFC 1952), also put together of pieces.

What many are shown is compressed once. Each piece is deflated by itself and ends on a whole byte
(RFC 1951, what zlib calls a full flush), so that pieces can be laid one after another; the sum of
all is put together of theirs.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from isal import isal_zlib
from starlette.requests import Request

# ISA-L's levels are its own: 0 to 3. 3 takes twice as long for three bytes in a hundred less.
LEVEL = 1
# No name, no time: the same page always gives the same bytes.
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# An empty last block.
_END = b"\x03\x00"


def accepts_gzip(request: Request) -> bool:
    """Say whether the browser takes gzip (RFC 9110, 12.5.3)."""
    for one in request.headers.get("accept-encoding", "").split(","):
        name, _, weight = one.partition(";")
        if name.strip().lower() in {"gzip", "*"}:
            return weight.strip().removeprefix("q=") not in {"0", "0.0", "0.00", "0.000"}
    return False


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a page that is kept: deflated, its sum and its length in bytes."""

    deflated: bytes
    crc: int
    length: int

    def plain(self) -> bytes:
        """Return it as it was."""
        return isal_zlib.decompress(self.deflated + _END, -isal_zlib.MAX_WBITS)


def piece(text: str) -> Piece:
    """Deflate a part of a page."""
    whole = text.encode()
    packer = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, -isal_zlib.MAX_WBITS)
    deflated = packer.compress(whole) + packer.flush(isal_zlib.Z_FULL_FLUSH)
    # Copied: the original is what is left of a larger buffer, whose rest nothing fits into.
    return Piece(bytes(memoryview(deflated)), isal_zlib.crc32(whole), len(whole))


def gzip(parts: Iterable[Piece | str]) -> bytes:
    """Return pieces and what stands between them as one gzip file."""
    crc, length, deflated = 0, 0, [_HEAD]
    for part in parts:
        one = part if isinstance(part, Piece) else piece(part)
        crc = isal_zlib.crc32_combine(crc, one.crc, one.length)
        length += one.length
        deflated.append(one.deflated)
    return b"".join((*deflated, _END, struct.pack("<LL", crc, length & 0xFFFFFFFF)))


def plain(parts: Iterable[Piece | str]) -> bytes:
    """Return pieces and what stands between them as they were."""
    return b"".join(one.plain() if isinstance(one, Piece) else one.encode() for one in parts)
