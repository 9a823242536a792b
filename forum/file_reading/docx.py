"""Word's DOCX (ECMA-376, WordprocessingML) into paragraphs, lists and tables."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from xml.etree.ElementTree import Element

from forum.file_reading import xml_parts
from forum.file_reading.blocks import Cell, Words, Writer, inline, joined, link, marked, plain
from forum.file_reading.docx_styles import Styles, styles_of
from forum.file_reading.found import Found, Kind, Trouble, Unreadable
from forum.file_reading.xml_parts import outermost
from forum.file_reading.zipped import Package

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ALTERNATIVE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PICTURE: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_NOTES: Final = ("footnotes", "endnotes")
# What has been deleted or moved away while changes were tracked, and what older programs are shown
# instead of a text box, which would be its text once more.
_PASSED_BY: Final = frozenset({W + "del", W + "moveFrom", _ALTERNATIVE, W + "instrText"})
_PLAIN: Final = {
    W + "tab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "\u2011",
}


def gather(package: Package, main: str) -> Found:
    """Give what stands in a document whose main part has this name. Raises Unreadable."""
    found = Found(Kind.HTML)
    reader = _Document(found, styles_of(package, main), package.related(main))
    try:
        reader.take(package, main)
        for note in _NOTES:
            name = main.replace("document", note)
            if name in package.names:
                reader.take(package, name)
        for name in sorted(package.names & set(reader.related.values())):
            if _is_margin(name):
                reader.say(package, name)
    except Unreadable as unreadable:
        # What came before is worth showing.
        if not found.texts or unreadable.trouble is not Trouble.TOO_LARGE:
            raise
        found.cut = found.shown_in_part = True
    reader.write.end_list()
    return found


class _Document:
    def __init__(self, found: Found, styles: Styles, related: dict[str, str]) -> None:
        self.write = Writer(found)
        self._styles, self.related = styles, related
        self._counted: dict[tuple[str, int], int] = {}

    def take(self, package: Package, name: str) -> None:
        """Write what stands in one part."""
        with package.part(name) as part:
            for piece in xml_parts.pieces(part, {W + "p", W + "tbl"}, _PASSED_BY):
                if piece.tag == W + "p":
                    self._paragraph(piece)
                else:
                    self.write.table(self._rows(piece))
                if self.write.found.is_full:
                    self.write.found.cut = self.write.found.shown_in_part = True
                    break

    def say(self, package: Package, name: str) -> None:
        """Say what stands in one part, without showing it."""
        with package.part(name) as part:
            for piece in xml_parts.pieces(part, {W + "p"}, _PASSED_BY):
                self.write.found.say(self._words(piece, []).text)

    def _paragraph(self, paragraph: Element) -> None:
        boxes: list[Element] = []
        words = self._words(paragraph, boxes)
        style = self._styles.of(paragraph)
        if style.heading:
            self.write.heading(words, style.heading)
        elif style.list_id:
            self._item(words, style.list_id, style.list_level)
        else:
            self.write.paragraph(words)
        for box in boxes:
            for inner in box.iter(W + "p"):
                self.write.paragraph(self._words(inner, []))

    def _item(self, words: Words, list_id: str, level: int) -> None:
        number = None
        if words and self._styles.is_numbered(list_id, level):
            number = self._counted[list_id, level] = self._counted.get((list_id, level), 0) + 1
            for key in self._counted:
                if key[0] == list_id and key[1] > level:
                    self._counted[key] = 0
        self.write.item(words, level, number)

    def _words(self, element: Element, boxes: list[Element]) -> Words:
        """Give the words of a paragraph; text boxes in it are put aside."""
        return inline(self._runs(element, boxes))

    def _runs(self, element: Element, boxes: list[Element]) -> Iterator[Words]:
        for child in element:
            if child.tag == W + "r":
                yield from self._run(child, boxes)
            elif child.tag == W + "hyperlink":
                words = inline(self._runs(child, boxes))
                href = self.related.get(child.get(_R_ID, ""), "")
                yield link(href, words)
            elif child.tag not in {W + "pPr", W + "txbxContent"}:
                yield from self._runs(child, boxes)

    def _run(self, run: Element, boxes: list[Element]) -> Iterator[Words]:
        bold, italic = (_is_on(run.find(f"{W}rPr/{W}{name}")) for name in "bi")
        for child in run:
            if child.tag == W + "t":
                yield marked(plain(child.text or ""), bold=bold, italic=italic)
            elif child.tag == W + "br" and child.get(W + "type") in {None, "textWrapping"}:
                yield Words("\n", "<br>")
            elif child.tag in _PLAIN:
                yield plain(_PLAIN[child.tag])
            elif child.tag != W + "rPr":
                boxes += child.iter(W + "txbxContent")
                yield from _descriptions(child)

    def _rows(self, table: Element) -> Iterator[list[Cell]]:
        first = True
        headed = _has_heading(table)
        for row in outermost(table, W + "tr"):
            heading = _is_on(row.find(f"{W}trPr/{W}tblHeader")) or (first and headed)
            first = False
            yield [self._cell(cell, heading) for cell in outermost(row, W + "tc")]

    def _cell(self, cell: Element, heading: bool) -> Cell:
        lines = [self._words(paragraph, []) for paragraph in cell.iter(W + "p")]
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        columns = 1
        with suppress(ValueError):
            columns = int(span.get(W + "val", "1")) if span is not None else 1
        return Cell(joined(lines), heading, columns)


def _is_margin(name: str) -> bool:
    """Say whether a part stands above or below each page: searched, but no part of the text."""
    return name.rpartition("/")[2].startswith(("header", "footer"))


def _descriptions(drawing: Element) -> Iterator[Words]:
    """Give what pictures show, in the words of whoever put them there."""
    for picture in drawing.iter(_PICTURE):
        if description := picture.get("descr", "").strip():
            yield plain(f"[{description}]")


def _has_heading(table: Element) -> bool:
    """Say whether the table's style makes its first row stand out."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    if look is None:
        return False
    if (first := look.get(W + "firstRow")) is not None:
        return first in {"1", "true", "on"}
    with suppress(ValueError):
        return bool(int(look.get(W + "val", "0"), 16) & 0x20)
    return False


def _is_on(switch: Element | None) -> bool:
    return switch is not None and switch.get(W + "val", "1") not in {"0", "false", "off", "none"}
