"""What the styles of an OpenDocument say of words and lists: bold, italic, numbered."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

_ODF: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_STYLE: Final = _ODF + "style:1.0}"
_TEXT: Final = _ODF + "text:1.0}"
_FO: Final = _ODF + "xsl-fo-compatible:1.0}"


@dataclass
class Styles:
    """The styles of one document, by their names."""

    #: Whether words are bold, and italic.
    looks: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    #: Of paragraphs that are the document's title.
    titles: set[str] = field(default_factory=lambda: {"Title"})
    _lists: dict[str, dict[int, bool]] = field(default_factory=dict)

    def add(self, style: Element) -> None:
        """Take in one style:style or text:list-style."""
        name = style.get(_STYLE + "name", "")
        if style.tag == _TEXT + "list-style":
            self._lists[name] = {
                _number(level.get(_TEXT + "level", "")) - 1: level.tag.endswith("number")
                for level in style
            }
            return
        parent = style.get(_STYLE + "parent-style-name", "")
        bold, italic = self.looks.get(parent, (False, False))
        said = style.find(_STYLE + "text-properties")
        if said is not None:
            bold = said.get(_FO + "font-weight", "bold" if bold else "") in _BOLD
            italic = said.get(_FO + "font-style", "italic" if italic else "") in _ITALIC
        self.looks[name] = bold, italic
        if parent in self.titles:
            self.titles.add(name)

    def is_numbered(self, style: str, level: int) -> bool:
        """Say whether a list has numbers at a level, of which the outermost is 0."""
        return self._lists.get(style, {}).get(level, False)


_BOLD: Final = frozenset({"bold", "600", "700", "800", "900"})
_ITALIC: Final = frozenset({"italic", "oblique"})


def _number(text: str) -> int:
    with suppress(ValueError):
        return int(text)
    return 1
