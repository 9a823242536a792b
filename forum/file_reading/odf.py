"""OpenDocument's texts and slides (ISO/IEC 26300) into paragraphs, lists and tables."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final
from xml.etree.ElementTree import Element

from forum.file_reading import xml_parts
from forum.file_reading.blocks import Cell, Words, Writer, inline, joined, link, marked, plain
from forum.file_reading.found import Found, Kind, Trouble, Unreadable
from forum.file_reading.odf_styles import Styles
from forum.file_reading.xml_parts import outermost
from forum.file_reading.zipped import Package

_ODF: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TEXT, TABLE, DRAW, STYLE, PRESENTATION, SVG = (
    f"{_ODF}{name}:1.0}}"
    for name in ("office", "text", "table", "drawing", "style", "presentation", "svg-compatible")
)
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_STYLES: Final = frozenset({STYLE + "style", TEXT + "list-style"})
_BLOCKS: Final = frozenset({TEXT + "h", TEXT + "p", TEXT + "list", TABLE + "table"})
#: What has been deleted while changes were tracked, what others say of it, and what has no words.
_PASSED_BY: Final = frozenset(
    {TEXT + "tracked-changes", OFFICE + "annotation", TEXT + "ruby-text", OFFICE + "forms"}
)
_CELL: Final = TABLE + "table-cell"
_ENCRYPTED: Final = _ODF + "manifest:1.0}encryption-data"
_PLAIN: Final = {TEXT + "s": " ", TEXT + "tab": "\t", TEXT + "soft-page-break": ""}


def gather_text(package: Package, main: str) -> Found:
    """Give what stands in an ODT. Raises Unreadable."""
    return _gathered(package, main, _BLOCKS, _Document.block)


def gather_slides(package: Package, main: str) -> Found:
    """Give what stands in an ODP. Raises Unreadable."""
    return _gathered(package, main, frozenset({DRAW + "page"}), _Document.slide)


def refuse_protected(package: Package) -> None:
    """Raise Unreadable for a package that needs a password."""
    manifest = "META-INF/manifest.xml"
    if "encrypted-package" in package.names:
        raise Unreadable(Trouble.PROTECTED)
    if manifest in package.names:
        with package.part(manifest) as part:
            if next(xml_parts.pieces(part, {_ENCRYPTED}), None) is not None:
                raise Unreadable(Trouble.PROTECTED)


def _gathered(
    package: Package,
    main: str,
    wanted: frozenset[str],
    write: Callable[["_Document", Element], None],
) -> Found:
    document = _Document(Found(Kind.HTML))
    found = document.write.found
    try:
        if "styles.xml" in package.names:
            with package.part("styles.xml") as part:
                for piece in xml_parts.pieces(part, _STYLES):
                    document.styles.add(piece)
        with package.part(main) as part:
            for piece in xml_parts.pieces(part, wanted | _STYLES, _PASSED_BY):
                if piece.tag in _STYLES:
                    document.styles.add(piece)
                else:
                    write(document, piece)
                if found.is_full:
                    found.cut = found.shown_in_part = True
                    break
    except Unreadable as unreadable:
        if not found.texts or unreadable.trouble is not Trouble.TOO_LARGE:
            raise
        found.cut = found.shown_in_part = True
    document.write.end_list()
    return found


class _Document:
    def __init__(self, found: Found) -> None:
        self.write = Writer(found)
        self.styles = Styles()
        self._slides = 0

    def block(self, piece: Element) -> None:
        """Write a paragraph, list or table."""
        boxes: list[Element] = []
        if piece.tag == TEXT + "h":
            level = 1
            with suppress(ValueError):
                level = int(piece.get(TEXT + "outline-level", "1"))
            self.write.heading(self._words(piece, boxes), level)
        elif piece.tag == TEXT + "p":
            words = self._words(piece, boxes)
            if piece.get(TEXT + "style-name", "") in self.styles.titles:
                self.write.heading(words, 1)
            else:
                self.write.paragraph(words)
        elif piece.tag == TEXT + "list":
            self._list(piece, "", 0, boxes)
            self.write.end_list()
        elif piece.tag == TABLE + "table":
            self.write.table(self._rows(piece))
        for box in boxes:
            for inner in outermost(box, *_BLOCKS):
                self.block(inner)

    def slide(self, page: Element) -> None:
        """Write a slide: its title, which is a heading, and what else stands on it."""
        self._slides += 1
        title, others, notes = plain(""), [], []
        for frame in page:
            if frame.tag == PRESENTATION + "notes":
                notes.append(frame)
            elif frame.get(PRESENTATION + "class") == "title" and not title:
                title = joined([self._words(one, []) for one in frame.iter(TEXT + "p")], " ", " ")
            else:
                others.append(frame)
        self.write.heading(joined([plain(f"{self._slides}."), title], " ", " "), 1)
        for frame in others:
            for block in outermost(frame, *_BLOCKS):
                self.block(block)
            for words in _description(frame):
                self.write.paragraph(words)
        for note in notes:  # what is said, not what is shown
            for one in note.iter(TEXT + "p"):
                self.write.found.say(self._words(one, []).text)

    def _list(self, piece: Element, style: str, level: int, boxes: list[Element]) -> None:
        style = piece.get(TEXT + "style-name", style)
        numbered = self.styles.is_numbered(style, level)
        number = 0
        for entry in piece:
            first = True
            for child in entry:
                if child.tag == TEXT + "list":
                    self._list(child, style, level + 1, boxes)
                elif child.tag in {TEXT + "p", TEXT + "h"}:
                    words = self._words(child, boxes)
                    number += first and bool(words)
                    first = False
                    self.write.item(words, level, number if numbered else None)

    def _rows(self, table: Element) -> Iterator[list[Cell]]:
        for part in outermost(table, TABLE + "table-header-rows", TABLE + "table-row"):
            heading = part.tag == TABLE + "table-header-rows"
            for row in outermost(part, TABLE + "table-row") if heading else [part]:
                yield [self._cell(cell, heading) for cell in row if cell.tag == _CELL]

    def _cell(self, cell: Element, heading: bool) -> Cell:
        columns = 1
        with suppress(ValueError):
            columns = int(cell.get(TABLE + "number-columns-spanned", "1"))
        lines = [self._words(one, []) for one in outermost(cell, TEXT + "p", TEXT + "h")]
        return Cell(joined(lines), heading, columns)

    def _words(self, element: Element, boxes: list[Element]) -> Words:
        return inline(self._runs(element, boxes))

    def _runs(self, element: Element, boxes: list[Element]) -> Iterator[Words]:
        yield plain(element.text or "")
        for child in element:
            if child.tag == TEXT + "span":
                bold, italic = self.styles.looks.get(
                    child.get(TEXT + "style-name", ""), (False, False)
                )
                yield marked(self._words(child, boxes), bold=bold, italic=italic)
            elif child.tag == TEXT + "a":
                yield link(child.get(_HREF, ""), self._words(child, boxes))
            elif child.tag == TEXT + "line-break":
                yield Words("\n", "<br>")
            elif child.tag == TEXT + "note":
                yield from self._note(child)
            elif child.tag == DRAW + "frame":
                boxes += child.iter(DRAW + "text-box")
                yield from _description(child)
            elif child.tag in _PLAIN:
                yield plain(_PLAIN[child.tag])
            else:
                yield self._words(child, boxes)
            yield plain(child.tail or "")

    def _note(self, note: Element) -> Iterator[Words]:
        lines = [self._words(one, []) for one in note.iter(TEXT + "p")]
        yield inline([plain(" ("), joined(lines, " ", " "), plain(")")])


def _description(frame: Element) -> Iterator[Words]:
    """Give what a picture shows, in the words of whoever put it there."""
    for name in ("desc", "title"):
        said = frame.find(SVG + name)
        if said is not None and (said.text or "").strip():
            yield plain(f"[{(said.text or '').strip()}]")
            return
