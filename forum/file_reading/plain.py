"""Text as text: in which encoding it is kept, and RTF, which is text about text."""

import codecs
import re
from pathlib import Path
from typing import Final

from striprtf.striprtf import rtf_to_text

from forum.file_reading.found import MOST_TEXT, Found, Kind, Trouble, Unreadable

#: Bytes of a file: four for each character of the most that is kept.
MOST_BYTES: Final = 4 * MOST_TEXT
#: striprtf looks at each sign by itself.
_MOST_RTF: Final = 8 * 1024 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Pictures and other programs' files in an RTF, as rows of figures.
_FIGURES: Final = re.compile(r"[0-9a-fA-F\s]{512,}+")


def gather(source: Path, *, markup: bool = False) -> Found:
    """Give a file of text, which may be Markdown."""
    found = Found(Kind.TEXT, markup=markup)
    text, found.cut = text_of(source)
    found.say(text)
    return found


def text_of(source: Path) -> tuple[str, bool]:
    """Give the text of a file, and whether it goes on beyond what is read."""
    with source.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    return decoded(content[:MOST_BYTES]), len(content) > MOST_BYTES


def decoded(content: bytes) -> str:
    """Give bytes as text, by their mark, as UTF-8 or as what Windows wrote before it."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return codecs.getincrementaldecoder(encoding)("replace").decode(content)
    if b"\0" in content[:4096]:
        low, high = content[:4096:2].count(0), content[1:4096:2].count(0)
        encoding = "utf-16-be" if low > high else "utf-16-le"
        return codecs.getincrementaldecoder(encoding)("replace").decode(content)
    try:
        # Not final: what was read may end within a character.
        return codecs.getincrementaldecoder("utf-8")("strict").decode(content)
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def gather_rtf(source: Path) -> Found:
    """Give the text of an RTF. Raises Unreadable."""
    found = Found(Kind.TEXT)
    with source.open("rb") as file:
        content = file.read(_MOST_RTF + 1)
    found.cut = len(content) > _MOST_RTF
    written = _FIGURES.sub("", content[:_MOST_RTF].decode("ascii", "replace"))
    try:
        found.say(rtf_to_text(written, errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, LookupError, RecursionError):
        raise Unreadable(Trouble.DAMAGED) from None
    return found
