"""What a text may be: tidied of what nobody can see, with words in it, and of bounded size."""

import re
import unicodedata
from typing import Final, Literal

MAX_CHARACTERS: Final = 32_000
MAX_CELLS: Final = 2_000
MAX_MARKS: Final = 2_000
MAX_HTML: Final = 64 * 1024  # bytes
MAX_MENTIONS: Final = 50
SECONDS: Final = 1.0
# Characters that the parser's time grows with worse than evenly, or has. Of ">": reference
# definitions between deep quotations took 3 s at 8,000 characters.
MARKS: Final = "[*_&<>"

# A full stop ends a sentence, not a name; the atomic group keeps `@anna.ekö` from being @anna.
USERNAME: Final = re.compile(
    r"(?<![\w@/.+-])@(?P<username>(?>[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*))(?![\w@])"
)

# Text this short and plain is rendered on the event loop: see `is_light`.
LIGHT_CHARACTERS: Final = 2_000
LIGHT_MARKS: Final = 100

Reason = Literal[
    "empty", "too_long", "too_many_cells", "too_many_marks", "too_much_html", "too_slow", "busy"
]

# Controls, what makes text run backwards over its surroundings, and what UTF-8 or XML refuse.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# Nothing becomes an element without one of these, so their number bounds the work.
_STRUCTURE: Final = re.compile(r"[\n\[*_&<`!|#>+~:@\\(-]|www\.")
_DELIMITER_ROW: Final = re.compile(r"[ \t>]*([|:-][|: \t-]*)")


class MarkupRefused(ValueError):
    """The text is beyond a bound: which, its value, what was found and of which character."""

    def __init__(
        self, reason: Reason, limit: int, found: int | None = None, character: str | None = None
    ) -> None:
        super().__init__(reason, limit, found, character)
        self.reason, self.limit, self.found, self.character = reason, limit, found, character


def tidied(text: str) -> str:
    """Give the text with one kind of line ending and without unwanted characters."""
    return without_unwanted(re.sub("\r\n?|\u2028|\u2029", "\n", text))


def without_unwanted(text: str) -> str:
    """Give the text, or HTML, without characters that deceive or that no page may hold."""
    return _UNWANTED.sub("", text)


def is_light(text: str) -> bool:
    """Whether rendering the text takes so little time that the event loop can wait for it."""
    if len(text) > LIGHT_CHARACTERS or cells(text):
        return False
    return sum(1 for _ in _STRUCTURE.finditer(text)) <= LIGHT_MARKS


def check(text: str) -> None:
    """Raise MarkupRefused for a text without words, or with more than the parser can take."""
    _check_words(text)
    check_length(text)
    for character in MARKS:
        _check("too_many_marks", MAX_MARKS, text.count(character), character)
    _check("too_many_cells", MAX_CELLS, cells(text))


def check_length(text: str) -> None:
    """Raise MarkupRefused for a text of too many characters."""
    _check("too_long", MAX_CHARACTERS, len(text))


def check_html(html: str) -> None:
    """Raise MarkupRefused for what became too many bytes of HTML, or no words."""
    _check("too_much_html", MAX_HTML, len(html.encode()))
    _check_words(re.sub("<[^>]*>", "", html))


def _check(reason: Reason, limit: int, found: int, character: str | None = None) -> None:
    if found > limit:
        raise MarkupRefused(reason, limit, found, character)


def _check_words(text: str) -> None:
    if not has_words(text):
        raise MarkupRefused("empty", 1, 0)


def has_words(text: str) -> bool:
    """Whether there is anything in the text to see: more than spaces and invisible characters."""
    return any(unicodedata.category(character)[0] not in "ZC" for character in text)


def cells(text: str) -> int:
    """Count at least as many table cells as the parser will make, header cells too.

    It fills short rows up to the header's width, which is what makes tables expensive. A table
    ends at an empty line at the latest; what may end it before that is not looked at.
    """
    found = columns = 0
    above = ""
    for line in text.split("\n"):
        if not line.strip(" \t>"):
            columns = 0
        elif "|" in above and (row := _DELIMITER_ROW.fullmatch(line)):
            width = sum(1 for cell in row[1].split("|") if cell.strip())
            found += columns or width
            columns = max(columns, width)
        else:
            found += columns
        above = line
    return found
