"""What the paragraphs of a DOCX are, by the names of their styles: headings, items of lists."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from forum.file_reading import xml_parts
from forum.file_reading.zipped import Package

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VALUE: Final = W + "val"
_ABSTRACT: Final = W + "abstractNum"


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph is: a heading of a level, 1 to 9, or an item of a list, or neither."""

    heading: int = 0
    list_id: str = ""
    list_level: int = 0


@dataclass
class Styles:
    """The styles and lists of one document, by their ids."""

    named: dict[str, Style] = field(default_factory=dict)
    # Whether each level of a list is numbered.
    lists: dict[str, dict[int, bool]] = field(default_factory=dict)

    def of(self, paragraph: Element) -> Style:
        """Say what a paragraph is: what it says itself goes before what its style says."""
        said = paragraph.find(W + "pPr")
        if said is None:
            return Style()
        return _style(said, self.named.get(_value(said, "pStyle"), Style()))

    def is_numbered(self, list_id: str, level: int) -> bool:
        """Say whether a list has numbers at a level."""
        return self.lists.get(list_id, {}).get(level, False)


def styles_of(package: Package, main: str) -> Styles:
    """Give the styles that belong to a document's main part. Raises Unreadable."""
    folder = main.rpartition("/")[0]
    styles = Styles()
    for name, read in (("styles.xml", _read_styles), ("numbering.xml", _read_lists)):
        path = f"{folder}/{name}"
        if path in package.names:
            with package.part(path) as part:
                read(part, styles)
    return styles


def _read_styles(part: xml_parts.Readable, styles: Styles) -> None:
    found = {style.get(W + "styleId", ""): style for style in xml_parts.pieces(part, {W + "style"})}
    for name in found:
        # Each is based on another; a ring of them ends with the bound.
        line = [name]
        while len(line) < 10 and (below := _value(found[line[-1]], "basedOn")) in found:
            line.append(below)
        style = Style()
        for one in reversed(line):
            said = found[one].find(W + "pPr")
            style = _style(said, style) if said is not None else style
            if level := _level_named(_value(found[one], "name")):
                style = Style(level)
        styles.named[name] = style


def _read_lists(part: xml_parts.Readable, styles: Styles) -> None:
    abstract: dict[str, dict[int, bool]] = {}
    for piece in xml_parts.pieces(part, {_ABSTRACT, W + "num"}):
        if piece.tag == _ABSTRACT:
            abstract[piece.get(W + "abstractNumId", "")] = {
                _number(level.get(W + "ilvl", "")): _value(level, "numFmt")
                not in {"bullet", "none", ""}
                for level in piece.iter(W + "lvl")
            }
        else:
            styles.lists[piece.get(W + "numId", "")] = abstract.get(
                _value(piece, "abstractNumId"), {}
            )


def _style(said: Element, style: Style) -> Style:
    """Say what it is that says this about itself, and is otherwise like the style."""
    outline = _number(_value(said, "outlineLvl"), 9)
    if outline < 9:
        return Style(outline + 1)
    numbering = said.find(W + "numPr")
    if numbering is None or style.heading:
        return style  # headings with numbers are headings
    list_id = _value(numbering, "numId") or style.list_id
    if list_id == "0":  # taken out of its style's list
        return Style()
    return Style(0, list_id, _number(_value(numbering, "ilvl"), style.list_level))


def _level_named(name: str) -> int:
    """Give the level of a heading. Styles have English names in the file, in every language."""
    if name.lower() == "title":
        return 1
    with suppress(ValueError):
        word, _space, number = name.lower().partition(" ")
        return int(number) if word == "heading" and 1 <= int(number) <= 9 else 0
    return 0


def _value(element: Element, name: str) -> str:
    found = element.find(W + name)
    return found.get(_VALUE, "") if found is not None else ""


def _number(text: str, otherwise: int = 0) -> int:
    with suppress(ValueError):
        return int(text)
    return otherwise
