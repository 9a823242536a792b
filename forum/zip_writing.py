"""A folder or some documents as a zip, written while it is sent: nothing of it is kept anywhere.

The format is PKWARE's APPNOTE 6.3.10, in 64 bits where 32 do not do. Checksums and sizes come after
each file's bytes, since nobody knows them before.
"""

import asyncio
import struct
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from isal import isal_zlib

from forum import file_names
from storage.clock import STOCKHOLM

T = TypeVar("T")

_STORED: Final = 0
_DEFLATED: Final = 8
_LEVEL: Final = 2
#: That a name is in UTF-8, and that what comes after the bytes holds their checksum.
_UTF_8: Final = 0x800
_AFTER: Final = 0x8
_UNIX: Final = 3
_FILE: Final = 0o100644 << 16
# And what DOS calls a folder.
_FOLDER: Final = 0o40755 << 16 | 0x10
_MOST_32: Final = 0xFFFFFFFF
_MOST_16: Final = 0xFFFF
#: From here on 64 bits are taken: what cannot be packed becomes a bit larger by trying.
_LARGE: Final = _MOST_32 - 16 * 1024 * 1024
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_ENTRY: Final = struct.Struct("<4s2B5H3L5H2L")
_END_64: Final = struct.Struct("<4sQ2H2L4Q4sLQL")
_END: Final = struct.Struct("<4s4H2LH")
#: Files that are packed in themselves, so that packing them anew would take time for nothing.
_PACKED: Final = frozenset(
    """
    docx xlsx pptx docm xlsm pptm odt ods odp epub pdf zip 7z gz bz2 xz rar jpg jpeg png gif webp
    avif heic heif mp3 m4a aac ogg opus flac mp4 m4v mov webm mkv 3gp woff woff2
    """.split()  # noqa: SIM905 (forty words are read more easily so)
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, or a folder when it has no content."""

    #: The folders that it lies in and its name, each as ``document_names.checked`` takes it.
    path: tuple[str, ...]
    at: datetime
    #: In bytes.
    size: int = 0
    content: AsyncIterator[bytes] | None = None

    @property
    def _name(self) -> bytes:
        return ("/".join(self.path) + ("/" if self.content is None else "")).encode()

    @property
    def _method(self) -> int:
        packed = not self.size or file_names.suffix(self.path[-1]) in _PACKED
        return _STORED if packed else _DEFLATED

    @property
    def _large(self) -> bool:
        return self.size >= _LARGE


class WrongSize(Exception):
    """A file has another size than was said of it."""


def length(entries: Iterable[Entry]) -> int | None:
    """Return how many bytes the zip of these will have; None when some of them are to be packed."""
    at = directory = count = 0
    for entry in entries:
        if entry._method != _STORED:
            return None
        written = _Written(entry, at, entry.size, 0)
        at += len(_header(entry)) + entry.size + len(_trailer(written))
        directory += len(_central(written))
        count += 1
    return at + directory + len(_end(count, directory, at))


async def zipped(entries: AsyncIterable[Entry]) -> AsyncGenerator[bytes]:
    """Yield the bytes of a zip of these entries, in their order.

    What their contents raise is raised, so that the zip has no end and nobody takes it for whole;
    likewise WrongSize.
    """
    at, directory = 0, list[bytes]()
    async with _closing(entries):
        async for entry in entries:
            packing = _Packing(entry)
            async with aclosing(packing.pieces()) as pieces:
                async for piece in pieces:
                    yield piece
            directory.append(_central(_Written(entry, at, packing.packed, packing.checksum)))
            at += packing.sent
    whole = b"".join(directory)
    yield whole + _end(len(directory), len(whole), at)


@dataclass(frozen=True, slots=True)
class _Written:
    entry: Entry
    at: int
    packed: int
    checksum: int


class _Packing:
    """An entry on its way: its bytes, and what comes before and after them."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self.checksum = self.packed = self.sent = 0

    async def pieces(self) -> AsyncGenerator[bytes]:
        header = _header(self._entry)
        yield header
        if self._entry.content is not None:
            async with aclosing(self._packed(self._entry.content)) as packed:
                async for piece in packed:
                    self.packed += len(piece)
                    yield piece
        trailer = _trailer(_Written(self._entry, 0, self.packed, self.checksum))
        yield trailer
        self.sent = len(header) + self.packed + len(trailer)

    async def _packed(self, content: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
        size, packer = 0, None
        if self._entry._method == _DEFLATED:
            packer = isal_zlib.compressobj(_LEVEL, wbits=-isal_zlib.MAX_WBITS)
        async with _closing(content):
            async for piece in content:
                size += len(piece)
                self.checksum = isal_zlib.crc32(piece, self.checksum)
                yield await asyncio.to_thread(packer.compress, piece) if packer else piece
        if size != self._entry.size:
            raise WrongSize
        if packer:
            yield await asyncio.to_thread(packer.flush)


@asynccontextmanager
async def _closing(given: AsyncIterable[T]) -> AsyncIterator[AsyncIterable[T]]:
    """Leave nothing open when nobody wants the rest of what is given."""
    try:
        yield given
    finally:
        if isinstance(given, AsyncGenerator):
            await given.aclose()


def _moment(entry: Entry) -> tuple[int, int]:
    """Return time and day as DOS had them, by the clock on a Swedish wall, in steps of 2 s."""
    at = entry.at.astimezone(STOCKHOLM)
    # What was before computers had DOS is told as the first of its days.
    if at.year < 1980:
        return 0, 1 << 5 | 1
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    return time, min(at.year - 1980, 127) << 9 | at.month << 5 | at.day


def _flags(entry: Entry) -> int:
    return _UTF_8 | (0 if entry.content is None else _AFTER)


def _header(entry: Entry) -> bytes:
    """Return what comes before an entry's bytes."""
    extra = struct.pack("<2H2Q", 1, 16, 0, 0) if entry._large else b""
    size = _MOST_32 if entry._large else 0
    name = entry._name
    return (
        _LOCAL.pack(
            *(b"PK\3\4", 45 if entry._large else 20, _flags(entry), entry._method),
            *_moment(entry),
            *(0, size, size, len(name), len(extra)),
        )
        + name
        + extra
    )


def _trailer(written: _Written) -> bytes:
    """Return what comes after an entry's bytes."""
    if written.entry.content is None:
        return b""
    form = "<4sL2Q" if written.entry._large else "<4s3L"
    return struct.pack(form, b"PK\7\10", written.checksum, written.packed, written.entry.size)


def _central(written: _Written) -> bytes:
    """Return what stands of an entry in the directory at the end."""
    entry, name = written.entry, written.entry._name
    size, packed, at = entry.size, written.packed, written.at
    long = list[int]()
    if entry._large:
        long += [size, packed]
        size = packed = _MOST_32
    if at >= _MOST_32:
        long.append(at)
        at = _MOST_32
    extra = struct.pack(f"<2H{len(long)}Q", 1, 8 * len(long), *long) if long else b""
    needs = 45 if long else 20
    return (
        _ENTRY.pack(
            *(b"PK\1\2", needs, _UNIX, needs, _flags(entry), entry._method),
            *_moment(entry),
            *(written.checksum, packed, size, len(name), len(extra), 0, 0, 0),
            *(_FOLDER if entry.content is None else _FILE, at),
        )
        + name
        + extra
    )


def _end(count: int, directory: int, at: int) -> bytes:
    """Return the end of a zip with so many entries and a directory of so many bytes from there."""
    end = b""
    if count >= _MOST_16 or directory >= _MOST_32 or at >= _MOST_32:
        end = _END_64.pack(
            *(b"PK\6\6", 44, 45, 45, 0, 0, count, count, directory, at),
            *(b"PK\6\7", 0, at + directory, 1),
        )
        count, directory, at = min(count, _MOST_16), min(directory, _MOST_32), min(at, _MOST_32)
    return end + _END.pack(b"PK\5\6", 0, 0, count, count, directory, at, 0)
