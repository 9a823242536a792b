"""Half-year terms: "vt 2026" is January to June, "ht 2026" July to December."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from forum import document_names, named_dates
from forum.language import pgettext
from forum.text import LONGEST

_STORED: Final = re.compile(r"(?P<year>[12]\d{3})-(?P<half>[12])")
_ENGLISH: Final = re.compile(r"(?P<word>spring|autumn|fall)\s+(?P<year>[12]\d{3})")
_MONTHS_OF_SPRING: Final = 6


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """Half a year: ``half`` is 1 for the spring and 2 for the autumn."""

    year: int
    half: int

    @property
    def stored(self) -> str:
        """What rows and addresses hold, which sorts by time: "2026-1"."""
        return f"{self.year}-{self.half}"

    @property
    def shown(self) -> str:
        """What people read, in their language: "vt 2026"."""
        if self.half == 1:
            return pgettext("term", "spring %(year)d") % {"year": self.year}
        return pgettext("term", "autumn %(year)d") % {"year": self.year}

    def moved(self, terms: int) -> Self:
        """Return the term so many later, or earlier."""
        years, half = divmod(self.half - 1 + terms, 2)
        return type(self)(self.year + years, half + 1)


def of(day: date) -> Term:
    """Return the term that a day is in."""
    return Term(day.year, 1 if day.month <= _MONTHS_OF_SPRING else 2)


def parse(text: str) -> Term | None:
    """Return the term that is stored as "2026-1" or written as "vt 2026", "HT26", "2026 ht"."""
    folded = _folded(text).strip()
    if stored := _STORED.fullmatch(folded):
        return Term(int(stored["year"]), int(stored["half"]))
    if english := _ENGLISH.fullmatch(folded):
        return Term(int(english["year"]), 1 if english["word"] == "spring" else 2)
    whens, rest = named_dates.found(folded)
    return _term(whens[0]) if len(whens) == 1 and not rest.strip() else None


def guess(name: str, within: Term | None = None) -> Term | date | None:
    """Return what a file's name says of when it is from: a day, else a term, else None.

    A day without a year is one of the term that it lies ``within``, such as its folder's, or none:
    what is brought may be twenty years old.
    """
    whens, _rest = named_dates.found(_folded(document_names.split(name)[0]))
    days = (_day(when, within) for when in whens)
    terms = (_term(when) for when in whens)
    return next((one for one in (*days, *terms) if one), None)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text[:LONGEST]).casefold()


def _day(when: named_dates.When, within: Term | None) -> date | None:
    if not when.month or not when.day:
        return None
    if when.year:
        return date(when.year, when.month, when.day)
    try:
        day = within and date(within.year, when.month, when.day)
    except ValueError:
        return None
    return day if day and of(day) == within else None


def _term(when: named_dates.When) -> Term | None:
    if when.year and when.half:
        return Term(when.year, when.half)
    return of(date(when.year, when.month, 1)) if when.year and when.month else None
