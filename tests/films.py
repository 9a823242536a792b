"""Films to send: boxes within boxes, with places told in all of them."""

import struct
from collections.abc import Sequence

from tests.files import SECRET_PLACE

#: What stands for pictures and sound. It must come through as it is.
PICTURES = b"HUR DET SER UT"
#: The name of a key that a telephone tells the place under, and the place as it writes it.
_KEY = b"com.apple.quicktime.location.ISO6709"


def box(kind: bytes, *content: bytes, long: bool = False) -> bytes:
    """Return a box of this kind, its size in 32 bits or, if ``long``, in 64."""
    inner = b"".join(content)
    if long:
        return struct.pack(">I4sQ", 1, kind, len(inner) + 16) + inner
    return struct.pack(">I4s", len(inner) + 8, kind) + inner


def full(kind: bytes, *content: bytes) -> bytes:
    """Return a box with version and flags."""
    return box(kind, bytes(4), *content)


def telling() -> list[bytes]:
    """Return every box that tells a place: telephones', cameras' and XMP's."""
    item = box(struct.pack(">I", 1), box(b"data", struct.pack(">II", 1, 0), SECRET_PLACE))
    keys = full(b"keys", struct.pack(">I", 1), box(b"mdta", _KEY))
    handler = full(b"hdlr", bytes(4), b"mdta", bytes(12))
    return [
        box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(SECRET_PLACE), 0), SECRET_PLACE)),
        box(b"udta", full(b"loci", bytes(2), SECRET_PLACE, bytes(14)), bytes(4)),
        box(b"meta", handler, keys, box(b"ilst", item)),
        full(b"meta", handler, keys, box(b"ilst", item)),
        box(b"uuid", bytes(16), SECRET_PLACE, long=True),
        box(b"free", SECRET_PLACE),
        box(b"XXXX", SECRET_PLACE),
    ]


def track(handler: bytes, pieces: Sequence[tuple[int, int]], *more: bytes) -> bytes:
    """Return a track whose samples lie in these pieces of the film: (where, how long)."""
    runs = [struct.pack(">III", number, 1, 1) for number in range(1, len(pieces) + 1)]
    lengths = [struct.pack(">I", length) for _where, length in pieces]
    places = [struct.pack(">I", where) for where, _length in pieces]
    table = box(
        b"stbl",
        full(b"stsd", bytes(4)),
        full(b"stsc", struct.pack(">I", len(runs)), *runs),
        full(b"stsz", struct.pack(">II", 0, len(lengths)), *lengths),
        full(b"stco", struct.pack(">I", len(places)), *places),
    )
    named = full(b"hdlr", b"mhlr", handler, bytes(12), b"handler\0")
    media = box(b"mdia", full(b"mdhd", bytes(20)), named, box(b"minf", table))
    return box(b"trak", full(b"tkhd", bytes(80)), media, *more)


def film(
    *,
    first: bool = False,
    in_moov: Sequence[bytes] = (),
    in_track: Sequence[bytes] = (),
    outside: Sequence[bytes] = (),
    followed: bytes = b"",
    long: bool = False,
) -> bytes:
    """Return a film with these boxes, its tables ``first`` or after the pictures.

    ``followed`` is what a track of measurements says among the pictures.
    """
    opening = box(b"ftyp", b"qt  ", bytes(4), b"qt  ") + b"".join(outside)
    data = box(b"mdat", PICTURES, followed, PICTURES, long=long)

    def tables(at: int) -> bytes:
        begin = at + (16 if long else 8)
        middle = begin + len(PICTURES)
        last = middle + len(followed)
        half = len(followed) // 2
        shown = [(begin, len(PICTURES)), (last, len(PICTURES))]
        measured = [(middle, half), (middle + half, len(followed) - half)]
        tracks = [track(b"vide", shown, *in_track)]
        tracks += [track(b"meta", measured)] if followed else []
        return box(b"moov", full(b"mvhd", bytes(96)), *tracks, *in_moov)

    if not first:
        return opening + data + tables(len(opening))
    return opening + tables(len(opening) + len(tables(0))) + data
