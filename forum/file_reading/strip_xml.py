"""XML of office documents written anew, without the names of those who have worked on them.

Elements are written as they were read, by their own prefixes: Word refuses a document whose
prefixes have changed, which is what ElementTree does to them. What is to go is known by its local
name, which is the same in every namespace that these formats have had.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from forum.file_reading.found import Trouble, Unreadable
from forum.file_reading.xml_parts import Readable

#: What stands where a name stood. A format wants a name there.
NEUTRAL: Final = "Författare"
_INITIAL: Final = "F"
_BATCH: Final = 64 * 1024
_MOST_DEEP: Final = 300

#: Attributes that name somebody, wherever they stand.
_NAMING: Final = {
    "author": NEUTRAL,
    "initials": _INITIAL,
    "userId": _INITIAL,
    "providerId": "None",
    "chg-author": NEUTRAL,
}
#: Attributes that do only in these elements.
_NAMING_IN: Final = {
    ("person", "displayName"): NEUTRAL,
    ("cmAuthor", "name"): NEUTRAL,
    ("author", "name"): NEUTRAL,
    ("userInfo", "name"): NEUTRAL,
    ("fileSharing", "userName"): NEUTRAL,
    ("header", "userName"): NEUTRAL,
}
#: Elements whose text is somebody's name: authors of comments, and fields that show who wrote it.
_NAMES: Final = {
    "author": NEUTRAL,
    "creator": NEUTRAL,
    "creator-initials": _INITIAL,
    "sender-initials": _INITIAL,
    "initial-creator": NEUTRAL,
    "printed-by": NEUTRAL,
    "author-name": NEUTRAL,
    "author-initials": _INITIAL,
}
#: Elements that are left out with all that they hold: in which sitting a word was written, where
#: on a disk the file lay, which template and which addresses it was made from.
_LEFT_OUT: Final = frozenset(
    {"rsids", "absPath", "attachedTemplate", "mailMerge", "docVars", "saveThroughXslt"}
)
_PRINTERS: Final = frozenset({"PrinterName", "PrinterSetup"})

Attributes = dict[str, str]


def _never(_element: str, _said: Attributes) -> bool:
    return False


def _as_it_is(_element: str, said: Attributes) -> Attributes:
    return said


@dataclass(frozen=True, slots=True)
class Edit:
    """What else becomes of a part: by an element's local name and its attributes."""

    is_left_out: Callable[[str, Attributes], bool] = _never
    changed: Callable[[str, Attributes], Attributes] = _as_it_is
    #: XML that is written before the end of it all.
    added: str = ""


def rewrite(part: Readable, target: IO[bytes], edit: Edit) -> None:
    """Write a part anew. Raises Unreadable."""
    writer = _Writer(target, edit)
    while batch := part.read(_BATCH):
        writer.take(batch)
    writer.take(b"", last=True)


class _Writer:
    def __init__(self, target: IO[bytes], edit: Edit) -> None:
        self._target, self._edit = target, edit
        self._depth = 0
        # The depth at which what is left out, or what has a name for text, began.
        self._out = self._name = 0
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse
        self._write('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')

    def take(self, batch: bytes, last: bool = False) -> None:
        try:
            self._parser.Parse(batch, last)
        except expat.ExpatError:
            raise Unreadable(Trouble.DAMAGED) from None

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > _MOST_DEEP:
            raise Unreadable(Trouble.TOO_LARGE)
        if self._out:
            return
        local = local_name(name)
        if local in _LEFT_OUT or self._edit.is_left_out(local, attributes):
            self._out = self._depth
            return
        kept = _without_names(local, self._edit.changed(local, attributes))
        self._write(f"<{name}{''.join(f' {key}={_quoted(kept[key])}' for key in kept)}>")
        if not self._name and (instead := _text_instead(local, attributes)) is not None:
            self._name = self._depth
            self._write(instead)

    def _end(self, name: str) -> None:
        if self._depth == 1:
            self._write(self._edit.added)
        if not self._out:
            self._write(f"</{name}>")
        if self._out == self._depth:
            self._out = 0
        if self._name == self._depth:
            self._name = 0
        self._depth -= 1

    def _text(self, text: str) -> None:
        if not self._out and not self._name:
            self._write(escape(text))

    def _write(self, text: str) -> None:
        self._target.write(text.encode())


def _without_names(element: str, attributes: Attributes) -> Attributes:
    kept = {}
    named = {local_name(key) for key in attributes}
    for key, value in attributes.items():
        local = local_name(key)
        if "rsid" in local or (local in {"date", "dateUtc"} and "author" in named):
            continue
        kept[key] = _NAMING_IN.get((element, local)) or _NAMING.get(local) or value
    return kept


def _text_instead(element: str, attributes: Attributes) -> str | None:
    """Give what an element is to say, or None for what it does."""
    if element == "config-item":
        return "" if attributes.get("config:name") in _PRINTERS else None
    if element.startswith("sender-"):
        return NEUTRAL
    return _NAMES.get(element)


def local_name(name: str) -> str:
    """Give a name without its prefix."""
    return name.rpartition(":")[2]


def _quoted(value: str) -> str:
    # A line break in an attribute is read as a space unless it is written like this.
    kept = escape(value, {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
    return f'"{kept}"'


def _refuse(*_declared: object) -> None:
    raise Unreadable(Trouble.DAMAGED)
