"""XML of strangers, read piece by piece: no entities, no depths, no more than there is room for."""

from collections import deque
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final, Protocol
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from forum.file_reading.found import Trouble, Unreadable

_BATCH = 64 * 1024
#: What "Strict Open XML" calls what all others call otherwise.
_STRICT: Final = {
    f"http://purl.oclc.org/ooxml/{name}": f"http://schemas.openxmlformats.org/{usual}"
    for name, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("presentationml/main", "presentationml/2006/main"),
        ("drawingml/main", "drawingml/2006/main"),
        ("drawingml/wordprocessingDrawing", "drawingml/2006/wordprocessingDrawing"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
    )
}
_MOST_DEEP = 200
#: In one piece, such as a table; each takes some hundred bytes.
_MOST_ELEMENTS = 1_000_000


class Readable(Protocol):
    """Whatever bytes come from."""

    def read(self, size: int, /) -> bytes: ...


def pieces(
    part: Readable, wanted: Collection[str], passed_by: Collection[str] = ()
) -> Iterator[Element]:
    """Yield each outermost element with one of the wanted names, as soon as it is whole.

    Names are those of ElementTree, "{namespace}name". What lies in elements to be passed by is
    not looked at. Raises Unreadable.
    """
    reader = _Reader(frozenset(wanted), frozenset(passed_by))
    while batch := part.read(_BATCH):
        reader.take(batch)
        while reader.whole:
            yield reader.whole.popleft()
    reader.take(b"", last=True)
    yield from reader.whole


def root(part: Readable) -> Element:
    """Give the whole of a small part. Raises Unreadable."""
    reader = _Reader(None, frozenset())
    while batch := part.read(_BATCH):
        reader.take(batch)
    reader.take(b"", last=True)
    return reader.whole[0]


def outermost(element: Element, *names: str) -> Iterator[Element]:
    """Yield what is called so within an element, but not what lies within such a one."""
    for child in element:
        if child.tag in names:
            yield child
        else:
            yield from outermost(child, *names)


class _Reader:
    """Builds trees of what is wanted and forgets the rest; None wants everything."""

    def __init__(self, wanted: frozenset[str] | None, passed_by: frozenset[str]) -> None:
        self.whole: deque[Element] = deque()
        self._wanted, self._passed_by = wanted, passed_by
        self._depth = self._elements = 0
        # The depth at which the present piece, or what is passed by, began.
        self._piece = self._passing = 0
        self._builder = TreeBuilder()
        self._parser = parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        # No file of these kinds has one. Entities that name each other fill any memory.
        parser.StartDoctypeDeclHandler = _refuse

    def take(self, batch: bytes, last: bool = False) -> None:
        try:
            self._parser.Parse(batch, last)
        except expat.ExpatError:
            raise Unreadable(Trouble.DAMAGED) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MOST_DEEP:
            raise Unreadable(Trouble.TOO_LARGE)
        if self._passing:
            return
        name = _named(name)
        if name in self._passed_by:
            self._passing = self._depth
            return
        if not self._piece:
            if self._wanted is not None and name not in self._wanted:
                return
            self._piece, self._elements = self._depth, 0
            self._builder = TreeBuilder()
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise Unreadable(Trouble.TOO_LARGE)
        self._builder.start(name, {_named(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._passing:
            if self._depth < self._passing:
                self._passing = 0
        elif self._piece:
            self._builder.end(_named(name))
            if self._depth < self._piece:
                self._piece = 0
                self.whole.append(self._builder.close())

    def _text(self, text: str) -> None:
        if self._piece and not self._passing:
            self._builder.data(text)


@lru_cache(maxsize=4096)
def _named(name: str) -> str:
    space, _between, local = name.rpartition("}")
    return f"{{{_STRICT.get(space, space)}}}{local}" if space else name


def _refuse(*_declared: object) -> None:
    raise Unreadable(Trouble.DAMAGED)
