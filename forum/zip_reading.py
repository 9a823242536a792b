"""Unpacking a zip that somebody sends: what of it can be taken, and the bytes of that.

Nothing that a zip says of itself is believed. Everything here may block, and belongs in a thread.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from forum import document_names, personal_numbers, zip_directory, zip_names, zip_records
from forum.text import one_line
from forum.zip_reasons import Reason
from forum.zip_records import Record

_STORED: Final = 0
_DEFLATED: Final = 8
_DRIVE: Final = re.compile("[A-Za-z]:/")
#: Less than this does no harm, however little it was packed into: in bytes.
_HARMLESS: Final = 10 * 1024 * 1024
_READ: Final = 64 * 1024
_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken of one zip: sizes in bytes, and how many folders may be within each other."""

    each: int
    entries: int = 10_000
    depth: int = 20
    #: How many times larger than packed. Text becomes a tenth, and a white page a thousandth.
    ratio: int = 250


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that can be taken."""

    #: The folders that it lies in, and its name: as they can be in a network's folders.
    path: tuple[str, ...]
    #: Where it lies in the zip, as it is called there; and whether it is called otherwise here.
    told: str
    renamed: bool
    size: int
    checksum: int
    method: int
    begin: int
    packed: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is not taken. A personnummer in its name is masked."""

    told: str
    reason: Reason


@dataclass(slots=True)
class Plan:
    """What becomes of a zip."""

    entries: list[Entry] = field(default_factory=list)
    #: Every folder, also an empty one, after the one that it lies in.
    folders: list[tuple[str, ...]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    #: Why nothing at all can be taken.
    trouble: Reason | None = None

    @property
    def size(self) -> int:
        """How many bytes the files will have; none of them becomes larger than it says."""
        return sum(entry.size for entry in self.entries)


class Damaged(Exception):
    """A file in a zip is not what the zip says that it is."""


class _Skip(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def plan(path: Path, limits: Limits) -> Plan:
    """Return what can be taken of a zip, what cannot and why. Raises OSError alone."""
    with path.open("rb") as file:
        try:
            directory = zip_directory.listed(file, limits.entries)
        except zip_directory.Unreadable as unreadable:
            return Plan(trouble=unreadable.reason)
        begins = [
            zip_directory.data_begin(file, record, directory.begin) for record in directory.records
        ]
    clashing = zip_records.clashing(directory.records, begins)
    names = zip_names.decoded(directory.records)
    planning = _Planning(limits)
    for at, record in enumerate(directory.records):
        planning.add(record, names[at], begins[at], at in clashing)
    return planning.plan


def open_entry(path: Path, entry: Entry) -> Iterator[bytes]:
    """Yield the bytes of a file in a zip, never more than it says, a megabyte at most at a time.

    Raises Damaged, before the last of them or after, when they are not those that were packed.
    """
    size = checksum = 0
    with path.open("rb") as file:
        file.seek(entry.begin)
        for piece in _unpacked(file, entry):
            size += len(piece)
            if size > entry.size:
                raise Damaged
            checksum = zlib.crc32(piece, checksum)
            yield piece
    if size != entry.size or checksum != entry.checksum:
        raise Damaged


def _unpacked(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    left = entry.packed
    # Of what is hostile: zlib, which the world has tried to break, and not ISA-L.
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == _DEFLATED else None
    while left:
        packed = file.read(min(_READ, left))
        if not packed:
            raise Damaged
        left -= len(packed)
        if unpacker is None:
            yield packed
        elif unpacker.eof:
            # It would keep whatever follows in memory.
            raise Damaged
        else:
            yield from _inflated(unpacker, packed)
    if unpacker is not None and entry.packed and not unpacker.eof:
        raise Damaged


def _inflated(unpacker: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    while True:
        try:
            piece = unpacker.decompress(packed, _PIECE)
        except zlib.error:
            raise Damaged from None
        if piece:
            yield piece
        packed = unpacker.unconsumed_tail
        if not packed and len(piece) < _PIECE:
            return


class _Planning:
    def __init__(self, limits: Limits) -> None:
        self.plan = Plan()
        self._limits = limits
        # What each path is there as, by its keys, and how it was first spelt.
        self._files: set[tuple[str, ...]] = set()
        self._folders: dict[tuple[str, ...], tuple[str, ...]] = {(): ()}

    def add(self, record: Record, name: str | None, begin: int | None, clashing: bool) -> None:
        """Plan for one entry of the zip."""
        try:
            if not name:
                raise _Skip(Reason.NO_NAME)
            parts = self._parts(record, name)
            if zip_records.is_folder(record, name):
                self._folder(_acceptable(parts))
                return
            self._check(record, begin, clashing)
            self._file(record, parts, begin or 0)
        except _Skip as skip:
            told = name or record.name.decode("ascii", "replace")
            self.plan.skipped.append(Skipped(personal_numbers.masked(one_line(told)), skip.reason))

    def _parts(self, record: Record, name: str) -> list[str]:
        """Return the folders and the name of an entry, as they are called there."""
        path = name.replace("\\", "/") if zip_records.made_on_windows(record) else name
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if path.startswith("/") or ".." in parts or _DRIVE.match(path):
            raise _Skip(Reason.OUTSIDE)
        if not parts:
            raise _Skip(Reason.NO_NAME)
        if any(document_names.is_scratch(part) for part in parts):
            raise _Skip(Reason.SCRATCH)
        if any(personal_numbers.holds_one(part) for part in parts):
            raise _Skip(Reason.PERSONAL_NUMBER)
        if len(parts) > self._limits.depth + 1:
            raise _Skip(Reason.TOO_DEEP)
        return [unicodedata.normalize("NFC", part) for part in parts]

    def _check(self, record: Record, begin: int | None, clashing: bool) -> None:
        """Raise _Skip for an entry that is no file, or none that can be unpacked."""
        if zip_records.is_special(record):
            raise _Skip(Reason.SPECIAL)
        if zip_records.is_encrypted(record):
            raise _Skip(Reason.ENCRYPTED)
        if record.method not in (_STORED, _DEFLATED):
            raise _Skip(Reason.PACKING)
        if begin is None:
            raise _Skip(Reason.DAMAGED)
        if clashing:
            raise _Skip(Reason.OVERLAPPING)
        if record.method == _STORED and record.packed != record.size:
            raise _Skip(Reason.DAMAGED)
        if record.size > self._limits.each:
            raise _Skip(Reason.TOO_LARGE)
        if record.size > max(_HARMLESS, self._limits.ratio * record.packed):
            raise _Skip(Reason.BOMB)

    def _folder(self, parts: list[str]) -> tuple[str, ...]:
        """Plan for a folder and those that it lies in; return how it is spelt."""
        for depth in range(1, len(parts) + 1):
            keys = _keys(parts[:depth])
            if keys in self._files:
                raise _Skip(Reason.DUPLICATE)
            if keys not in self._folders:
                self._folders[keys] = (*self._folders[keys[:-1]], parts[depth - 1])
                self.plan.folders.append(self._folders[keys])
        return self._folders[_keys(parts)]

    def _file(self, record: Record, told: list[str], begin: int) -> None:
        parts = _acceptable(told)
        keys = _keys(parts)
        if keys in self._files or keys in self._folders:
            raise _Skip(Reason.DUPLICATE)
        path = (*self._folder(parts[:-1]), parts[-1])
        self._files.add(keys)
        self.plan.entries.append(
            Entry(
                path=path,
                told=one_line("/".join(told)),
                renamed=path != tuple(told),
                size=record.size,
                checksum=record.checksum,
                method=record.method,
                begin=begin,
                packed=record.packed,
            )
        )


def _acceptable(parts: Sequence[str]) -> list[str]:
    """Return folders and a name as they can be called here."""
    return [document_names.acceptable(part.replace("\\", "_")) for part in parts]


def _keys(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(document_names.key(part) for part in parts)
