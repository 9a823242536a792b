"""PowerPoint's PPTX (ECMA-376, PresentationML): slide by slide, each under its title."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from xml.etree.ElementTree import Element

from forum.file_reading import xml_parts
from forum.file_reading.blocks import Cell, Words, Writer, inline, joined, link, marked, plain
from forum.file_reading.found import Found, Kind, Trouble, Unreadable
from forum.file_reading.xml_parts import outermost
from forum.file_reading.zipped import Package

_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MOST_SLIDES: Final = 1000
#: Places for words that are not about the slide itself.
_REPEATED: Final = frozenset({"sldNum", "dt", "ftr", "hdr"})


def gather(package: Package, main: str) -> Found:
    """Give what stands on the slides. Raises Unreadable."""
    found = Found(Kind.HTML)
    write = Writer(found)
    related = package.related(main)
    with package.part(main) as part:
        ids = [one.get(_R_ID, "") for one in xml_parts.pieces(part, {_P + "sldId"})]
    found.shown_in_part = found.cut = len(ids) > _MOST_SLIDES
    try:
        for number, one in enumerate(ids[:_MOST_SLIDES], 1):
            if (name := related.get(one, "")) in package.names:
                _Slide(write, package, name).show(number)
            if found.is_full:
                found.cut = found.shown_in_part = True
                break
    except Unreadable as unreadable:
        if not found.texts or unreadable.trouble is not Trouble.TOO_LARGE:
            raise
        found.cut = found.shown_in_part = True
    write.end_list()
    return found


class _Slide:
    def __init__(self, write: Writer, package: Package, name: str) -> None:
        self._write, self._package, self._name = write, package, name
        self._related = package.related(name)

    def show(self, number: int) -> None:
        """Write the slide with this number, and say what its notes are."""
        shapes = list(self._shapes(self._name))
        title = plain("")
        for shape in shapes:
            if not title and _place(shape) in {"title", "ctrTitle"}:
                title = joined(list(self._paragraphs(shape)), " ", " ")
                shapes.remove(shape)
                break
        self._write.heading(joined([plain(f"{number}."), title], " ", " "), 1)
        for shape in shapes:
            self._shape(shape)
        for name in self._related.values():
            if "/notesSlide" in name and name in self._package.names:
                for shape in self._shapes(name):
                    for words in self._paragraphs(shape):
                        self._write.found.say(words.text)

    def _shapes(self, name: str) -> Iterator[Element]:
        """Yield what stands on a slide or its notes, but for what stands on each of them."""
        with self._package.part(name) as part:
            shapes = {_P + "sp", _P + "graphicFrame", _P + "pic"}
            for shape in xml_parts.pieces(part, shapes, {_FALLBACK}):
                if _place(shape) not in _REPEATED:
                    yield shape

    def _shape(self, shape: Element) -> None:
        for table in shape.iter(_A + "tbl"):
            self._write.table(self._rows(table))
            return
        if shape.tag == _P + "pic":
            for said in shape.iter(_P + "cNvPr"):
                if description := said.get("descr", "").strip():
                    self._write.paragraph(plain(f"[{description}]"))
            return
        place = _place(shape)
        for paragraph in outermost(shape, _A + "p"):
            words = self._words(paragraph)
            if place in {"body", "obj"}:
                self._write.item(words, _level(paragraph))
            else:
                self._write.paragraph(words)
        self._write.end_list()

    def _rows(self, table: Element) -> Iterator[list[Cell]]:
        said = table.find(_A + "tblPr")
        heading = said is not None and said.get("firstRow") in {"1", "true"}
        for row in table.iter(_A + "tr"):
            yield [
                Cell(joined(list(self._paragraphs(cell))), heading) for cell in row.iter(_A + "tc")
            ]
            heading = False

    def _paragraphs(self, shape: Element) -> Iterator[Words]:
        for paragraph in outermost(shape, _A + "p"):
            yield self._words(paragraph)

    def _words(self, paragraph: Element) -> Words:
        return inline(self._run(run) for run in paragraph)

    def _run(self, run: Element) -> Words:
        if run.tag == _A + "br":
            return Words("\n", "<br>")
        words = plain("".join(one.text or "" for one in run.iter(_A + "t")))
        said = run.find(_A + "rPr")
        if said is None:
            return words
        bold, italic = (said.get(name) in {"1", "true"} for name in "bi")
        words = marked(words, bold=bold, italic=italic)
        leads = said.find(_A + "hlinkClick")
        if leads is not None:
            return link(self._related.get(leads.get(_R_ID, ""), ""), words)
        return words


def _place(shape: Element) -> str:
    """Give what a shape is the place for; "" for one that somebody has drawn."""
    for place in shape.iter(_P + "ph"):
        return place.get("type", "obj")
    return ""


def _level(paragraph: Element) -> int:
    said = paragraph.find(_A + "pPr")
    with suppress(ValueError):
        return int(said.get("lvl", "0")) if said is not None else 0
    return 0
