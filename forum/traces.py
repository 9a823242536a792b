"""What a text that is removed for good can be known again by, where others have quoted it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

#: In letters and digits. What is shorter may well be somebody's own words, unless it is quoted.
OWN_WORDS = 12
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it was written and as it was shown: quotations are made of either."""

    written: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Traces:
    """The lines of removed texts, as bare words. They are never written anywhere."""

    lines: frozenset[str]

    def held_by(self, text: str) -> bool:
        """Say whether a text holds something of them."""
        return any(self._in(line) for line in text.split("\n"))

    def taken_from(self, text: str) -> str:
        """Return the text without the lines that hold something of them."""
        return "\n".join(line for line in text.split("\n") if not self._in(line))

    def _in(self, line: str) -> bool:
        words = _bare(line)
        long = len(words) >= OWN_WORDS
        if not words or not (long or line.lstrip().startswith(">")):
            return False
        # A passage that was marked on the page may begin and end within a word.
        passage = words if long else f" {words} "
        return any(
            passage in f" {one} " or (len(one) >= OWN_WORDS and one in words) for one in self.lines
        )


def traces(removed: Iterable[Text], remaining: Iterable[Text] = ()) -> Traces:
    """Return the traces of what is removed and does not remain in another text of the post."""
    gone, left = (
        {line for text in texts for line in _lines(text)} for texts in (removed, remaining)
    )
    return Traces(frozenset(gone - left))


def _lines(text: Text) -> Iterable[str]:
    reader = _Lines(convert_charrefs=True)
    reader.feed(text.html)
    reader.close()
    lines = [*text.written.split("\n"), *"".join(reader.parts).split("\n")]
    return filter(None, map(_bare, lines))


def _bare(text: str) -> str:
    """Return the words alone, in lower case."""
    return " ".join(_WORD.findall(text.casefold()))


class _Lines(HTMLParser):
    """The text of a page, with a line for each block."""

    def __init__(self, *, convert_charrefs: bool) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"a", "em", "strong", "code"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
