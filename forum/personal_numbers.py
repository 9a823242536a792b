"""Finds personnummer and samordningsnummer in what somebody writes: they have no place here.

How they are made is told by Skatteverket's brochures SKV 704 (personnummer) and SKV 707
(samordningsnummer): the day of birth as YYMMDD or YYYYMMDD, a hyphen, or a plus sign from the
year somebody turns 100, three digits and a check digit. A samordningsnummer adds 60 to the day.
A number is only found when its date is one and its check digit is right, so that telephone
numbers, diarienummer and bank accounts are left alone. Nothing here logs or repeats a number.
"""

import html
import re
import unicodedata
from datetime import date
from typing import Final

from forum.language import gettext as _
from forum.refusals import Invalid
from storage import clock

MASK: Final = "X"
_DIGITS: Final = 10
_ADDED_TO_DAY: Final = 60
# Not a part of a longer number, also not of one that is written with hyphens.
_CANDIDATE: Final = re.compile(
    r"(?<!\d)(?<!\d[-+])"
    r"(?P<century>18|19|20)?(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r" {0,2}(?P<sign>[-+]?) {0,2}(?P<number>\d{3})(?P<check>\d)"
    r"(?!\d)(?!-\d)"
)
_TAG: Final = re.compile(r"<[^>]*>")


def refuse(**texts: str) -> None:
    """Raise Invalid with an explanation for each of these fields that holds a number."""
    if problems := problems_in(**texts):
        raise Invalid(**problems)


def problems_in(**texts: str) -> dict[str, str]:
    """Return an explanation for each of these fields that holds a number."""
    return {name: explanation() for name, text in texts.items() if holds_one(text)}


def explanation() -> str:
    """Return what to do about it, in the reader's words. The number itself is not repeated."""
    return _(
        "There is something here that looks like a personal identity number or a coordination"
        " number. Remove it: nothing may be written that can be tied to an individual. If it is"
        " another number, write it with spaces between the digits."
    )


def holds_one(text: str) -> bool:
    """Say whether the text holds a valid number, however its digits and hyphens are written."""
    return bool(_spans(text))


def holds_one_when_shown(rendered: str) -> bool:
    """Say whether the words of some HTML hold a number: marks and entities can part its source."""
    return holds_one(html.unescape(_TAG.sub("", rendered)))


def masked(text: str) -> str:
    """Return the text with an X for each digit of its numbers."""
    for begin, end in _spans(text):
        covered = "".join(MASK if one.isdigit() else one for one in text[begin:end])
        text = text[:begin] + covered + text[end:]
    return text


def _spans(text: str) -> list[tuple[int, int]]:
    """Return where numbers begin and end in the text."""
    if sum(map(str.isdecimal, text)) < _DIGITS:
        return []
    plain, places = _plain(text)
    return [
        (places[found.start()], places[found.end() - 1] + 1)
        for found in _CANDIDATE.finditer(plain)
        if _is_one(found)
    ]


def _plain(text: str) -> tuple[str, list[int]]:
    """Return the text in ASCII digits, hyphens and spaces, and where each character came from.

    What nobody sees, such as soft hyphens and marks without width, is left out.
    """
    plain, places = [], []
    for place, character in enumerate(text):
        if shown := _shown_as(character):
            plain.append(shown)
            places.append(place)
    return "".join(plain), places


def _shown_as(character: str) -> str:
    if "!" <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    return " " if category == "Zs" or character == "\t" else character


def _is_one(found: re.Match[str]) -> bool:
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if found["number"] == "000":
        return False
    day -= _ADDED_TO_DAY if day > _ADDED_TO_DAY else 0
    digits = "".join(found[part] for part in ("year", "month", "day", "number", "check"))
    return _born(found, year, month, day) and _luhn(digits)


def _born(found: re.Match[str], year: int, month: int, day: int) -> bool:
    """Say whether somebody can have been born that day, in the century that the number means."""
    today = clock.today()
    if found["century"]:
        year += 100 * int(found["century"])
    else:
        year += today.year // 100 * 100
        # Without a century it is the latest day that has been; a plus sign means one before that.
        year -= 100 if (year, month, day) > (today.year, today.month, today.day) else 0
        year -= 100 if found["sign"] == "+" else 0
    try:
        return date(year, month, day) <= today
    except ValueError:
        return False


def _luhn(digits: str) -> bool:
    """Say whether the check digit is right: every other digit twice, the sums of digits a ten."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(product // 10 + product % 10 for product in doubled) % 10 == 0
