"""Films and sound recordings that people send: what they tell beside what they show is blanked.

They are boxes within boxes (ISO/IEC 14496-12, and QuickTime before it). A box that is blanked is
called "free" and holds zeros. No box is moved, so pictures and sound stay as they are to the bit.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

#: What may stay, by the box that it lies in; the file itself has no name. Places, names, serial
#: numbers and Exif lie in many other boxes, which every maker calls something else.
KEPT: Final = {
    b"": frozenset(
        {b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"ssix", b"prft", b"wide"}
    ),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex", b"iods", b"pssh", b"ctab", b"clip"}),
    b"trak": frozenset(
        {b"tkhd", b"tref", b"trgr", b"edts", b"mdia", b"tapt", b"clip", b"matt", b"load", b"imap"}
    ),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf", b"elng"}),
    b"moof": frozenset({b"mfhd", b"traf", b"pssh"}),
}
#: Tracks that are seen and heard: pictures, sound, subtitles and the clock. Others follow where the
#: camera was, second by second.
SHOWN: Final = frozenset(
    {b"vide", b"soun", b"text", b"sbtl", b"subt", b"subp", b"clcp", b"tmcd", b"auxv", b"pict"}
)
#: Boxes, and samples of all tracks that are blanked. Half an hour of what a telephone measures has
#: as many; each costs some microseconds, and a hundred bytes while it is read.
MOST: Final = 50_000
# Of the tables that say how large the samples are, how they lie together and where.
_ROWS: Final = 3 * MOST
_FIRST: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"uuid", b"sidx"})
_BATCH: Final = 1024 * 1024


class NotUnderstood(Exception):
    """It is not made as such files are, so nobody knows what it tells."""


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    #: Where its content begins.
    body: int
    end: int


def is_film(head: bytes) -> bool:
    """Say by a file's first bytes whether it is made of such boxes. AVIF and HEIC are, too."""
    if head[4:8] in {b"ftyp", b"styp"}:
        return True
    # QuickTime's own need not say what they are. No text begins with a control character.
    return head[4:8] in _FIRST and head[0] < 0x10


def blank(path: Path) -> None:
    """Blank in the file what a film tells beside what it shows. Raises NotUnderstood, OSError."""
    with path.open("r+b") as file:
        _Film(file).blank()


class _Film:
    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self._size = file.seek(0, 2)
        self._boxes_left = MOST
        # Of all tracks together: many may name the same samples, to have us write for minutes.
        self._rows_left = _ROWS
        self._bytes_left = self._size
        self._seen: set[bytes] = set()
        self._followed = False

    def blank(self) -> None:
        self._walk(_Box(b"", 0, 0, self._size))
        # Without it there is nothing to play: a fragment, or a still image of an unknown kind. A
        # track that lies in fragments is found by tables that nobody has asked for yet.
        if b"moov" not in self._seen or (self._followed and b"moof" in self._seen):
            raise NotUnderstood

    def _walk(self, parent: _Box) -> None:
        for box in self._boxes(parent):
            self._seen.add(box.kind)
            if box.kind == b"cmov":
                raise NotUnderstood  # the rest of it, compressed
            if box.kind not in KEPT[parent.kind]:
                self._blank(box)
            elif box.kind == b"trak" and self._handler(box) not in SHOWN:
                self._blank_samples(box)
                self._blank(box)
            elif box.kind in KEPT:
                self._walk(box)

    def _boxes(self, parent: _Box) -> Iterator[_Box]:
        at = parent.body
        while parent.end - at >= 8:
            self._boxes_left -= 1
            box = self._box(at, parent.end)
            whole = box.body <= box.end <= parent.end
            if self._boxes_left < 0 or (not whole and (parent.kind or box.kind in KEPT[b""])):
                raise NotUnderstood
            if not whole:
                break  # what some cameras hang on behind
            yield box
            at = box.end
        self._zero(at, parent.end)

    def _box(self, at: int, end: int) -> _Box:
        size, kind = struct.unpack(">I4s", self._bytes(at, 8))
        if size == 1:
            (size,) = struct.unpack(">Q", self._bytes(at + 8, 8))
            return _Box(kind, at, at + 16, at + size)
        return _Box(kind, at, at + 8, at + size if size else end)

    def _handler(self, track: _Box) -> bytes:
        found = self._within(track, b"mdia", b"hdlr")
        if found is None:
            raise NotUnderstood
        return self._bytes(found.body + 8, 4)

    def _within(self, box: _Box, *path: bytes) -> _Box | None:
        for kind in path:
            found = next((one for one in self._boxes(box) if one.kind == kind), None)
            if found is None:
                return None
            box = found
        return box

    def _blank_samples(self, track: _Box) -> None:
        """Zero what a track has among the pictures and the sound."""
        self._followed = True
        for start, length in self._chunks(track):
            self._bytes_left -= length
            if self._bytes_left < 0 or start + length > self._size:
                raise NotUnderstood
            self._zero(start, start + length)

    def _chunks(self, track: _Box) -> Iterator[tuple[int, int]]:
        """Give the place and length of each piece of a track."""
        table = self._within(track, b"mdia", b"minf", b"stbl")
        if table is None:
            raise NotUnderstood
        offsets = self._numbers(table, b"stco", 4, ">I") or self._numbers(table, b"co64", 4, ">Q")
        if not offsets:
            return
        runs = self._numbers(table, b"stsc", 4, ">III")[::-1]
        sizes = self._sizes(table)
        sample = per_chunk = 0
        for number, (offset,) in enumerate(offsets, 1):
            if runs and runs[-1][0] == number:
                _first, per_chunk, _description = runs.pop()
            yield offset, sum(sizes[sample : sample + per_chunk])
            sample += per_chunk
        if sample != len(sizes) or runs:
            raise NotUnderstood

    def _sizes(self, table: _Box) -> list[int]:
        found = self._within(table, b"stsz")
        if found is None:
            raise NotUnderstood
        each, count = struct.unpack(">II", self._bytes(found.body + 4, 8))
        if not each:
            return [one for (one,) in self._numbers(table, b"stsz", 8, ">I")]
        self._count(count)
        return [each] * count

    def _count(self, rows: int) -> None:
        self._rows_left -= rows
        if rows > MOST or self._rows_left < 0:
            raise NotUnderstood

    def _numbers(self, table: _Box, kind: bytes, at: int, form: str) -> list[tuple[int, ...]]:
        """Return the rows of a list whose length stands ``at`` bytes from its beginning."""
        found = self._within(table, kind)
        if found is None:
            return []
        (count,) = struct.unpack(">I", self._bytes(found.body + at, 4))
        self._count(count)
        length = count * struct.calcsize(form)
        first = found.body + at + 4
        if first + length > found.end:
            raise NotUnderstood
        return list(struct.iter_unpack(form, self._bytes(first, length)))

    def _bytes(self, at: int, length: int) -> bytes:
        self.file.seek(at)
        found = self.file.read(length)
        if len(found) < length:
            raise NotUnderstood
        return found

    def _blank(self, box: _Box) -> None:
        self.file.seek(box.start + 4)
        self.file.write(b"free")
        self._zero(box.body, box.end)

    def _zero(self, start: int, end: int) -> None:
        self.file.seek(start)
        while start < end:
            start += self.file.write(bytes(min(_BATCH, end - start)))
