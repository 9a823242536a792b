"""An entry of a zip as the zip has it, and what that tells of it."""

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: Encrypted in one way or another, also the directory.
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_UTF_8: Final = 0x800
_DOS_FOLDER: Final = 0x10
_DOS_VOLUME: Final = 0x08
#: FAT, HPFS, NTFS and VFAT.
_DOS_HOSTS: Final = frozenset({0, 6, 10, 11, 14})


@dataclass(frozen=True, slots=True)
class Record:
    """An entry, as the directory at the end of the zip has it."""

    name: bytes
    #: Its field with the name in UTF-8, of which it must be proved that it is meant.
    unicode_name: bytes
    #: The system that it was made on.
    host: int
    flags: int
    method: int
    checksum: int
    #: In bytes: as it is in the zip, and as it says that it is unpacked.
    packed: int
    size: int
    attributes: int
    #: Where its own header begins.
    offset: int


def is_encrypted(record: Record) -> bool:
    """Say whether it takes a password to read it."""
    return bool(record.flags & _ENCRYPTED)


def says_utf_8(record: Record) -> bool:
    """Say whether its name is in UTF-8 by its own word."""
    return bool(record.flags & _UTF_8)


def made_on_windows(record: Record) -> bool:
    """Say whether it was made where folders are also written with backslashes."""
    return record.host in _DOS_HOSTS


def is_folder(record: Record, name: str) -> bool:
    """Say whether an entry of this name is a folder."""
    if name.endswith("/") or (made_on_windows(record) and name.endswith("\\")):
        return True
    if _mode(record):
        return stat.S_ISDIR(_mode(record))
    return bool(record.attributes & _DOS_FOLDER)


def is_special(record: Record) -> bool:
    """Say whether it is neither file nor folder, but a link, a device or the label of a disk."""
    if _mode(record):
        return not stat.S_ISREG(_mode(record))
    return bool(record.attributes & _DOS_VOLUME)


def _mode(record: Record) -> int:
    """Return what kind of file it is in Unix, or 0 where nobody says."""
    return stat.S_IFMT(record.attributes >> 16)


def clashing(records: Sequence[Record], begins: Sequence[int | None]) -> set[int]:
    """Return the places of entries that lie within each other, as in the bombs of D. Fifield."""
    spans = sorted(
        (record.offset, begin + record.packed, at)
        for at, (record, begin) in enumerate(zip(records, begins, strict=True))
        if begin is not None
    )
    clashing, furthest, holder = set[int](), 0, -1
    for begin, end, at in spans:
        if begin < furthest:
            clashing |= {at, holder}
        if end > furthest:
            furthest, holder = end, at
    return clashing
