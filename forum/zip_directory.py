"""What a zip says that it holds, when it may have been made to do harm.

The format is PKWARE's APPNOTE 6.3.10. Python's ``zipfile`` refuses a whole zip for one odd name and
keeps millions of entries in memory; this reads so many entries at most, and bounds each.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from forum.zip_reasons import Reason
from forum.zip_records import Record

_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_ENTRY: Final = struct.Struct("<4sxB2x2H4x3L3H4x2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_FIELD: Final = struct.Struct("<2H")
_LONGEST_COMMENT: Final = 0xFFFF
_MOST_32: Final = 0xFFFFFFFF
#: Nobody's path is longer; one that is has no name here.
_LONGEST_NAME: Final = 4096
#: Fields of an entry that hold sizes of 64 bits, and its name in UTF-8 (Info-ZIP).
_SIZES: Final = 0x0001
_NAME: Final = 0x7075


class Unreadable(Exception):
    """It is no zip, or one that cannot be taken at all."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Directory:
    """The entries of a zip, and where it begins itself: all that they hold lies before it."""

    records: list[Record]
    begin: int


@dataclass(frozen=True, slots=True)
class _End:
    begin: int
    size: int
    #: How many bytes there are before what the zip takes for its first.
    before: int


def listed(file: BinaryIO, most: int) -> Directory:
    """Return the entries, in the order of the directory. Raises Unreadable, OSError."""
    end = _found_end(file)
    records = list[Record]()
    for record in _records(file, end):
        if len(records) == most:
            raise Unreadable(Reason.TOO_MANY)
        records.append(record)
    return Directory(records, end.begin)


def data_begin(file: BinaryIO, record: Record, end: int) -> int | None:
    """Return where the bytes of an entry begin, or None when they are not there before ``end``."""
    if record.offset > end:
        return None
    file.seek(record.offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or header[:4] != b"PK\3\4":
        return None
    *_others, name, extra = _LOCAL.unpack(header)
    begin = record.offset + _LOCAL.size + int(name) + int(extra)
    return begin if begin + record.packed <= end else None


def _found_end(file: BinaryIO) -> _End:
    """Return where the directory is, by the last mark of its end that tells of one."""
    size = file.seek(0, 2)
    start = max(0, size - _LONGEST_COMMENT - _END.size)
    file.seek(start)
    tail = file.read(size - start)
    at = len(tail)
    while (at := tail.rfind(b"PK\5\6", 0, at + 3)) >= 0:
        if at + _END.size <= len(tail) and (end := _end(file, start + at, tail[at:])):
            return end
    raise Unreadable(Reason.NO_ZIP)


def _end(file: BinaryIO, at: int, tail: bytes) -> _End | None:
    _mark, disk, _first, _here, _count, size, offset, comment = _END.unpack(tail[: _END.size])
    if comment > len(tail) - _END.size:
        return None
    if long := _long_end(file, at):
        at, size, offset = long
    begin = at - size
    if begin < offset or not (size == 0 or _is_entry(file, begin)):
        return None
    if disk not in (0, 0xFFFF):
        raise Unreadable(Reason.DIVIDED)
    return _End(begin, size, begin - offset)


def _long_end(file: BinaryIO, at: int) -> tuple[int, int, int] | None:
    """Return where the directory ends, its size and its offset, when they have 64 bits."""
    if at < _LOCATOR.size + _END_64.size:
        return None
    file.seek(at - _LOCATOR.size)
    mark, _disk, told, _disks = _LOCATOR.unpack(file.read(_LOCATOR.size))
    if mark != b"PK\6\7":
        return None
    for place in (at - _LOCATOR.size - _END_64.size, min(told, at)):
        file.seek(place)
        header = file.read(_END_64.size)
        if len(header) == _END_64.size and header[:4] == b"PK\6\6":
            *_others, size, offset = _END_64.unpack(header)
            return place, size, offset
    return None


def _is_entry(file: BinaryIO, at: int) -> bool:
    file.seek(at)
    return file.read(4) == b"PK\1\2"


def _records(file: BinaryIO, end: _End) -> Iterator[Record]:
    """Yield the entries. Their number at the end is not trusted: some programs count modulo."""
    at, last = end.begin, end.begin + end.size
    while at < last:
        file.seek(at)
        header = file.read(_ENTRY.size)
        if len(header) < _ENTRY.size or header[:4] != b"PK\1\2":
            raise Unreadable(Reason.DAMAGED)
        _mark, host, flags, method, checksum, packed, size, *rest = _ENTRY.unpack(header)
        name, extra, comment, attributes, offset = rest
        at += _ENTRY.size + name + extra + comment
        if at > last:
            raise Unreadable(Reason.DAMAGED)
        text = file.read(name)
        fields = _fields(file.read(extra))
        size, packed, offset = _long(fields.get(_SIZES, b""), size, packed, offset)
        yield Record(
            name=text if name <= _LONGEST_NAME else b"",
            unicode_name=fields.get(_NAME, b"")[:_LONGEST_NAME],
            host=host,
            flags=flags,
            method=method,
            checksum=checksum,
            packed=packed,
            size=size,
            attributes=attributes,
            offset=end.before + offset,
        )


def _fields(extra: bytes) -> dict[int, bytes]:
    """Return the first of each kind of the fields that follow a name."""
    fields, at = dict[int, bytes](), 0
    while at + _FIELD.size <= len(extra):
        kind, length = _FIELD.unpack_from(extra, at)
        at += _FIELD.size
        fields.setdefault(kind, extra[at : at + length])
        at += length
    return fields


def _long(field: bytes, *short: int) -> list[int]:
    """Return the numbers, where they did not fit into 32 bits as the field has them, in order."""
    numbers, at = list[int](), 0
    for number in short:
        if number == _MOST_32 and at + 8 <= len(field):
            number = int.from_bytes(field[at : at + 8], "little")
            at += 8
        numbers.append(number)
    return numbers
