"""The names in a zip, which are bytes that mostly do not say how they are to be read.

Windows, 7-Zip and WinRAR write the code page of DOS, 850 in Sweden, and UTF-8 with a flag for what
is not in it; macOS writes UTF-8 without the flag, its letters apart from their marks; Info-ZIP and
WinZip add the name in UTF-8; others write Windows' own code page, or that of old Macs.
"""

import zlib
from collections.abc import Sequence
from typing import Final

from forum.zip_records import Record, says_utf_8

#: In the order in which they are believed. Of code page 437, which others have in DOS, 850 has all
#: letters in the same places, and letters where that one has lines and Greek.
_PAGES: Final = ("cp850", "cp1252", "mac_roman")
_LIKELY: Final = dict.fromkeys("åäöÅÄÖ", 4) | dict.fromkeys("éÉüÜøØæÆèÈáÁàÀëïôçñóíúß–’”“…§´°©®", 1)
_UNLIKELY: Final = -2


def decoded(records: Sequence[Record]) -> list[str | None]:
    """Return the name of each entry, or None for one that says how to read it and cannot be.

    Names in UTF-8 are known by their form; the others are all read in one way, that which gives
    most Swedish letters and least of what is in nobody's names.
    """
    names = [_known(record) for record in records]
    unknown = [
        record.name
        for record, name in zip(records, names, strict=True)
        if name is None and not says_utf_8(record)
    ]
    page = _page(b"".join(unknown))
    return [
        record.name.decode(page, "replace") if name is None and not says_utf_8(record) else name
        for record, name in zip(records, names, strict=True)
    ]


def _known(record: Record) -> str | None:
    """Return a name that is in UTF-8, as told or by its form."""
    if (told := _told(record)) is not None:
        return told
    try:
        return record.name.decode()
    except UnicodeDecodeError:
        return None


def _told(record: Record) -> str | None:
    """Return the name in Info-ZIP's field, when it is of the name that there is."""
    field = record.unicode_name
    if field[:1] != b"\1" or field[1:5] != zlib.crc32(record.name).to_bytes(4, "little"):
        return None
    try:
        return field[5:].decode()
    except UnicodeDecodeError:
        return None


def _page(text: bytes) -> str:
    """Return the code page that most likely is that of these names."""
    high = bytes(one for one in text if one >= 0x80)
    return max(_PAGES, key=lambda page: _likeness(high, page))


def _likeness(high: bytes, page: str) -> int:
    return sum(_LIKELY.get(one, _UNLIKELY) for one in high.decode(page, "replace"))
