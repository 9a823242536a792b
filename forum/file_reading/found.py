"""What is found in a file while it is read: its text, and HTML to show, each within bounds."""

import html
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

#: Characters of text, of which search has use for all.
MOST_TEXT: Final = 2_000_000
#: Characters of HTML: more than anybody reads on one page.
MOST_HTML: Final = 400_000
#: Cells of all tables: a browser takes a second for them, a screen reader much longer.
MOST_CELLS: Final = 10_000

#: What no page may hold, and controls that text has no use for.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class Kind(StrEnum):
    """How a file is shown."""

    PAGES = "pages"
    HTML = "html"
    TABLE = "table"
    IMAGE = "image"
    TEXT = "text"
    NONE = "none"


class Trouble(StrEnum):
    """Why there is less to see, or to search in, than one would think."""

    PROTECTED = "protected"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    UNKNOWN = "unknown"
    NOT_INSTALLED = "not_installed"
    SCANNED = "scanned"


class Unreadable(Exception):
    """The file gives nothing: why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass
class Found:
    """What has been gathered so far. What does not fit any more is left out, and that is noted."""

    kind: Kind
    #: The text is Markdown, which is rendered as posts are, by another process.
    markup: bool = False
    texts: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    page_count: int = 0
    cut: bool = False
    shown_in_part: bool = False
    trouble: Trouble | None = None
    cells_left: int = MOST_CELLS
    _text_left: int = MOST_TEXT
    _html_left: int = MOST_HTML

    def say(self, text: str) -> None:
        """Add a line of text."""
        # Cut before it is tidied: a line may be as long as the file.
        line = tidied(text[: self._text_left + 1]).strip()
        if not line:
            return
        self.cut |= len(line) > self._text_left or len(text) > self._text_left + 1
        line = line[: self._text_left]
        self._text_left = max(0, self._text_left - len(line) - 1)
        if line:
            self.texts.append(line)

    def show(self, block: str) -> None:
        """Add a block of HTML, whole or not at all; after one that does not fit, none does."""
        self._html_left -= len(block)
        if self._html_left < 0:
            self.shown_in_part = True
            self._html_left = 0
        elif block:
            self.blocks.append(block)

    @property
    def room(self) -> int:
        """How many characters of HTML there is room for, a table's own tags left out."""
        return self._html_left - 100

    @property
    def is_full(self) -> bool:
        """Whether there is no use in reading on."""
        return self._text_left <= 0

    def answer(self) -> dict[str, Any]:
        """Give it as what becomes a Reading."""
        return {
            "kind": self.kind,
            "markup": self.markup,
            "text": "\n".join(self.texts),
            "cut": self.cut,
            "html": "\n".join(self.blocks),
            "pages": self.pages,
            "page_count": self.page_count,
            "shown_in_part": self.shown_in_part,
            "trouble": self.trouble,
        }


def tidied(text: str) -> str:
    """Give the text with one kind of line ending and without what no page may hold."""
    return _UNWANTED.sub("", re.sub("\r\n?|\x0b|\x0c|\u2028|\u2029", "\n", text))


def escaped(text: str) -> str:
    """Give text as HTML that says the same."""
    return html.escape(tidied(text), quote=False)
