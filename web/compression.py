"""Pages compressed, for every browser there is: gzip (RFC 1952), also put together of pieces.

What many are shown is compressed once. Each piece is deflated by itself and ends on a whole byte
(RFC 1951, what zlib calls a full flush), so that pieces can be laid one after another; the sum of
all is put together of theirs.
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request

# Level 6 takes three times as long for a tenth less.
LEVEL = 2
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
    """A part of a page, deflated; its sum, its length in bytes, and what that does to sums."""

    deflated: bytes
    crc: int
    length: int
    shift: int

    def plain(self) -> bytes:
        """Return it as it was."""
        return zlib.decompress(self.deflated + _END, -zlib.MAX_WBITS)


def piece(text: str) -> Piece:
    """Deflate a part of a page."""
    plain = text.encode()
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH)
    return Piece(deflated, zlib.crc32(plain), len(plain), _shift(len(plain)))


def gzip(pieces: Iterable[Piece]) -> bytes:
    """Return the pieces as one gzip file."""
    crc, length, parts = 0, 0, [_HEAD]
    for one in pieces:
        crc = _times(one.shift, crc) ^ one.crc
        length += one.length
        parts.append(one.deflated)
    return b"".join((*parts, _END, struct.pack("<LL", crc, length & 0xFFFFFFFF)))


# A CRC is the remainder of a polynomial over two elements. The sum of two parts is that of the
# first, multiplied by x once for each bit of the second, plus that of the second. Bits stand in
# the order of zlib's crc32, the highest power last.
_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31


def _times(a: int, b: int) -> int:
    """Multiply two remainders."""
    product, bit = 0, _ONE
    while a:
        if a & bit:
            product ^= b
            a ^= bit
        bit >>= 1
        b = (b >> 1) ^ _POLYNOMIAL if b & 1 else b >> 1
    return product


def _squares() -> list[int]:
    """Return x to the power of 1, 2, 4, 8 and so on."""
    powers = [_ONE >> 1]
    for _ in range(63):
        powers.append(_times(powers[-1], powers[-1]))
    return powers


_POWERS = _squares()


def _shift(length: int) -> int:
    """Return x to the power of the bits in so many bytes."""
    product, bits = _ONE, length * 8
    for power in _POWERS:
        if bits & 1:
            product = _times(power, product)
        bits >>= 1
        if not bits:
            break
    return product
