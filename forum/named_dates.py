"""Days, months, terms and weeks in the names of documents, in the ways that people write them.

What is found is a matter of convention, not of grammar: "260314" and "2026-03-14" are days, "14/3"
is the fourteenth of March, "1993:387" is a law and "RJL 2026-1234" a diarienummer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from storage import clock

_MONTHS: Final = (
    "januari|jan",
    "februari|feb",
    "mars|mar",
    "april|apr",
    "maj",
    "juni|jun",
    "juli|jul",
    "augusti|aug",
    "september|sept|sep",
    "oktober|okt",
    "november|nov",
    "december|dec",
)
_NUMBERS: Final = {word: at for at, both in enumerate(_MONTHS, 1) for word in both.split("|")}
_WHOLE: Final = "|".join(both.split("|")[0] for both in _MONTHS)
#: So many years from now is the last that two digits mean.
_AHEAD: Final = 5
# Numbers like those of earlier years are something else.
_EARLIEST: Final = 1990

_PARTS: Final = {
    "Y": r"(?P<year>(?:19|20)\d\d)",
    "y": r"(?P<short>\d\d)",
    "m": r"(?P<month>0[1-9]|1[0-2])",
    "d": r"(?P<day>0[1-9]|[12]\d|3[01])",
    "M": rf"(?P<month>{'|'.join(_MONTHS)})(?![a-zåäö])",
    "D": r"(?<!\d)(?P<day>\d{1,2})",
    "T": r"(?<![a-zåäö])(?P<half>vt|ht|våren|hösten|vårtermin(?:en)?|hösttermin(?:en)?)",
    "<": r"(?<!\d)(?<!\d[-/:])",
    ">": r"(?!\d)",
    " ": r"[\s_.-]*",
    "^": r"(?<![a-zåäö])(?:(?:den|mån|tis|ons|tors?|fre|lör|sön)(?:dag)?(?:en)?\.?[\s_]+){0,2}",
}


def _form(pattern: str) -> re.Pattern[str]:
    """Return a pattern in which %Y, %m and the like stand for the parts above."""
    return re.compile(re.sub(r"%(.)", lambda part: _PARTS[part[1]], pattern))


# In the order in which they are looked for: what says most comes first. The first ones are how
# people stamp what they save; the others say which meeting or which year it is about.
_STAMPS: Final = (
    _form(r"%<%Y(?P<sep>[-._ ]?)%m(?P=sep)%d%>(?:[t_-](?P<time>\d{4}(?:\d\d)?)%>)?"),
    _form(r"%<%y(?P<sep>-?)%m(?P=sep)%d%>(?!-\d)"),
)
_FORMS: Final = (
    _form(r"%^%D(?:\s?[-–]\s?\d{1,2})?(?::?e)?% %M\.?(?:% %Y%>|[\s_-]+%y%>(?![.:–-]\d))"),
    _form(r"%^%D(?:\s?[-–]\s?\d{1,2})?(?::?e)?% %M\.?"),
    _form(r"%<%Y[\s_-]+%M(?:[\s_-]+%D%>)?"),
    _form(r"(?<![a-zåäö])%M% %Y%>"),
    _form(r"%T% (?:%Y|%y)%>"),
    _form(r"%<(?:%Y|%y)% %T(?![a-zåäö])"),
    _form(r"(?<![a-zåäö])(?:vecka[\s_]*|v\.?\s?(?=\d\d))(?P<week>\d{1,2})(?![.,]?\d)(?:% %Y%>)?"),
    _form(r"%D[./-](?P<month>\d{1,2})[./-]%Y%>"),
    _form(r"%D/(?P<month>\d{1,2})(?:[\s_-]+%y)?%>"),
    _form(r"%<%Y[-–/](?:20\d\d|(?<=/)\d\d)%>"),
    _form(r"%<%Y-%m%>(?!-\d)"),
    _form(rf"(?<![a-zåäö])(?P<month>{_WHOLE})(?!-?[a-zåäö])"),
    _form(r"%<%Y%>(?![-:/]\d)"),
)


@dataclass(frozen=True, slots=True)
class When:
    """What a name says about time; None for what it does not say."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    half: int | None = None
    week: int | None = None
    #: Whether it is written as people stamp what they save.
    stamp: bool = field(default=False, compare=False)

    def fits(self, other: "When") -> bool:
        """Say whether both may mean the same: at most, one of them leaves out the year."""
        same_year = self.year == other.year or None in (self.year, other.year)
        return same_year and replace(self, year=None) == replace(other, year=None)


def found(folded: str) -> tuple[list[When], str]:
    """Return what a name in lower case says about time, and the name without that.

    The time of day, where a camera or a scanner has written it, stays.
    """
    whens: list[When] = []
    for form in (*_STAMPS, *_FORMS):
        folded = form.sub(_taking(whens, form in _STAMPS), folded)
    return whens, folded


def _taking(whens: list[When], stamp: bool) -> Callable[[re.Match[str]], str]:
    def take(match: re.Match[str]) -> str:
        when = _when(match.groupdict(), stamp)
        if when is None:
            return match[0]
        whens.append(when)
        # Two pictures of one day are two pictures.
        return " " + ":".join(re.findall(r"\d\d", match.groupdict().get("time") or ""))

    return take


def _when(parts: dict[str, str | None], stamp: bool) -> When | None:
    """Return what was found, or None when there is no such day."""
    year = _year(parts.get("year") or parts.get("short"))
    month = _NUMBERS.get(parts.get("month") or "") or _number(parts.get("month"))
    day, week = _number(parts.get("day")), _number(parts.get("week"))
    if not _can_be(year, month, day, week):
        return None
    return When(year, month, day, _half(parts.get("half")), week, stamp)


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _year(digits: str | None) -> int | None:
    if digits is None or len(digits) == 4:
        return _number(digits)
    year = 2000 + int(digits)
    return year if year <= clock.today().year + _AHEAD else year - 100


def _half(word: str | None) -> int | None:
    return None if word is None else 1 if word.startswith("v") else 2


def _can_be(year: int | None, month: int | None, day: int | None, week: int | None) -> bool:
    if year is not None and year < _EARLIEST:
        return False
    if week is not None and not 1 <= week <= 53:
        return False
    try:
        # A leap year, when none is told.
        date(year or 2024, month or 1, day or 1)
    except ValueError:
        return False
    return True
