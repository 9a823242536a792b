"""Paragraphs, lists and tables on their way into HTML, from whichever kind of document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from forum.file_reading.found import Found, escaped
from forum.file_reading.shown_html import REL
from forum.links import SAFE_HREF

#: Headings in documents stand below those of the page that shows them.
_TOP_HEADING: Final = 3
_LOWEST_HEADING: Final = 6
_DEEPEST_LIST: Final = 8
_WIDEST: Final = 60


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words: as text and as HTML."""

    text: str
    html: str

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its words, whether it heads a column, and how many columns it spans."""

    words: Words
    heading: bool = False
    columns: int = 1


def plain(text: str) -> Words:
    """Give text that has no markup."""
    return Words(text, escaped(text))


def inline(parts: Iterable[Words]) -> Words:
    """Give runs of words as one, with the spaces between them."""
    kept = list(parts)
    return Words("".join(part.text for part in kept), "".join(part.html for part in kept))


def joined(parts: Sequence[Words], text: str = "\n", html: str = "<br>") -> Words:
    """Give several as one, those without words left out."""
    kept = [part for part in parts if part]
    return Words(text.join(part.text for part in kept), html.join(part.html for part in kept))


def marked(words: Words, *, bold: bool = False, italic: bool = False) -> Words:
    """Give words as bold or italic. Spaces alone are neither."""
    if not words:
        return words
    html = f"<em>{words.html}</em>" if italic else words.html
    return Words(words.text, f"<strong>{html}</strong>" if bold else html)


def link(href: str, words: Words) -> Words:
    """Give words as a link, if the address is one that leads out."""
    href = href.strip()
    if not words or len(href) > 2000 or href[:1] in "/#" or not SAFE_HREF.fullmatch(href):
        return words
    href = href.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace('"', "%22")
    return Words(words.text, f'<a href="{href}" rel="{REL}">{words.html}</a>')


class Writer:
    """Writes blocks into what is found, and keeps lists open for as long as they go on."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self._items: list[tuple[int, int | None, Words]] = []

    def heading(self, words: Words, level: int) -> None:
        """Write a heading; 1 is a document's own highest."""
        self.end_list()
        if words:
            size = min(_LOWEST_HEADING, _TOP_HEADING - 1 + max(1, level))
            self.found.say(words.text)
            self.found.show(f"<h{size}>{words.html}</h{size}>")

    def paragraph(self, words: Words) -> None:
        """Write a paragraph."""
        self.end_list()
        if words:
            self.found.say(words.text)
            self.found.show(f"<p>{words.html}</p>")

    def item(self, words: Words, level: int = 0, number: int | None = None) -> None:
        """Write an item of a list, which may be numbered; the outermost level is 0."""
        if not words:
            return
        self.found.say(words.text)
        self._items.append((min(max(0, level), _DEEPEST_LIST), number, words))
        # A list is shown whole or not at all, so it must not become too long to be shown.
        if len(self._items) >= 500:
            self.end_list()

    def end_list(self) -> None:
        """Show the list that has gathered, if any."""
        items, self._items = self._items, []
        if items:
            self.found.show(_list(items))

    def table(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write a table. Its first rows, if all their cells are headings, become its head."""
        self.end_list()
        head: list[str] = []
        body: list[str] = []
        room = self.found.room
        for row in rows:
            self.found.say(" \t".join(cell.words.text.replace("\n", " ") for cell in row))
            kept = row[:_WIDEST]
            self.found.shown_in_part |= len(row) > _WIDEST
            if room > 0 and kept:
                in_head = not body and all(cell.heading for cell in kept)
                written = _row(kept, in_head)
                room -= len(written)
                self.found.cells_left -= len(kept)
                if room < 0 or self.found.cells_left < 0:
                    room = 0
                    self.found.shown_in_part = True
                else:
                    (head if in_head else body).append(written)
            if self.found.is_full:
                self.found.cut = self.found.shown_in_part = True
                break
        if head or body:
            shown = f"<thead>{''.join(head)}</thead>" if head else ""
            shown += f"<tbody>{''.join(body)}</tbody>" if body else ""
            self.found.show(f"<table>{shown}</table>")


def _row(cells: Sequence[Cell], heading: bool) -> str:
    tag, scope = ("th", ' scope="col"') if heading else ("td", "")
    written = []
    for cell in cells:
        columns = f' colspan="{cell.columns}"' if 1 < cell.columns <= _WIDEST else ""
        written.append(f"<{tag}{scope}{columns}>{cell.words.html}</{tag}>")
    return f"<tr>{''.join(written)}</tr>"


def _list(items: Sequence[tuple[int, int | None, Words]]) -> str:
    """Give items as lists within lists, by their levels."""
    written: list[str] = []
    opened: list[tuple[int, str]] = []
    for level, number, words in items:
        tag = "ul" if number is None else "ol"
        while opened and opened[-1][0] > level:
            written.append(f"</li></{opened.pop()[1]}>")
        if opened and opened[-1][0] == level and opened[-1][1] != tag:
            written.append(f"</li></{opened.pop()[1]}>")
        if opened and opened[-1][0] == level:
            written.append("</li>")
        else:
            start = f' start="{number}"' if number and 1 < number < 100_000 else ""
            written.append(f"<{tag}{start}>")
            opened.append((level, tag))
        written.append(f"<li>{words.html}")
    while opened:
        written.append(f"</li></{opened.pop()[1]}>")
    return "".join(written)
