"""Words in the reader's language, Swedish dates, and Swedish order.

Texts in the code are English; ``locale/sv`` holds the Swedish. Contexts keep apart what Swedish
words differently ("ett möte är genomfört, en kallelse skickad").
"""

import gettext as gnu
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import format_decimal

from storage.clock import STOCKHOLM, today
from storage.people import Language

LOCALE = Path(__file__).parent / "locale"
_current: ContextVar[Language] = ContextVar("language", default=Language.SWEDISH)


def current() -> Language:
    """Return the language of the present request or job."""
    return _current.get()


def use(language: Language) -> None:
    """Set the language for the rest of the present request."""
    _current.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Use a language for a while, such as the recipient's while a letter is written."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


@lru_cache
def _catalogue(language: Language) -> gnu.NullTranslations:
    if language == Language.ENGLISH:
        return gnu.NullTranslations()
    # No fallback: a missing catalogue means that the build was not run, and must be heard of.
    return gnu.translation("messages", LOCALE, languages=[language])


def gettext(message: str) -> str:
    """Return the message in the present language."""
    return _catalogue(current()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the message in the form that the count wants."""
    return _catalogue(current()).ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """Return the message as it is said in this context."""
    return _catalogue(current()).pgettext(context, message)


def npgettext(context: str, singular: str, plural: str, count: int) -> str:
    """Return the message in this context, in the form that the count wants."""
    return _catalogue(current()).npgettext(context, singular, plural, count)


_ = gettext

_SIGN = {Language.SWEDISH: ".", Language.ENGLISH: ":"}


def local(moment: datetime) -> datetime:
    """Return the moment as a Swedish clock shows it."""
    return moment.astimezone(STOCKHOLM)


@lru_cache
def _names(language: Language) -> tuple[list[str], list[str], list[str]]:
    """Return the short names of days and the long and short ones of months, from CLDR by Babel."""
    days = get_day_names("abbreviated", locale=str(language))
    months = get_month_names("wide", locale=str(language))
    short_months = get_month_names("abbreviated", locale=str(language))
    return (
        [days[day] for day in range(7)],
        ["", *(months[month] for month in range(1, 13))],
        ["", *(short_months[month] for month in range(1, 13))],
    )


# A page has one of these for each post: a tenth of the time that Babel's patterns take.
def long_time(moment: datetime) -> str:
    """Return "mån 6 oktober 2025 10.14"."""
    days, months, _short = _names(current())
    at = moment.astimezone(STOCKHOLM)
    sign = _SIGN[current()]
    return (
        f"{days[at.weekday()]} {at.day} {months[at.month]} {at.year}"
        f" {at.hour:02}{sign}{at.minute:02}"
    )


def short_date(moment: datetime | date) -> str:
    """Return "tors 6 nov" within the present year, otherwise "6 okt 2025"."""
    days, _months, short = _names(current())
    day = moment.astimezone(STOCKHOLM).date() if isinstance(moment, datetime) else moment
    this_year = day.year == today().year
    shown = f"{days[day.weekday()]} {day.day} {short[day.month]}".replace(".", "")
    return shown if this_year else f"{shown.partition(' ')[2]} {day.year}"


def long_date(moment: datetime | date) -> str:
    """Return "6 oktober 2025"."""
    day = local(moment).date() if isinstance(moment, datetime) else moment
    return format_date(day, "d MMMM y", locale=str(current()))


def month(day: date) -> str:
    """Return "november 2026"."""
    return format_date(day, "LLLL y", locale=str(current()))


def file_size(size: int) -> str:
    """Return "1,4 MB", "182 kB" or "2,1 GB" for so many bytes."""
    if size < 999_500:
        return f"{max(1, round(size / 1000))}\xa0kB"
    unit, of = ("MB", 1_000_000) if size < 999_950_000 else ("GB", 1_000_000_000)
    return f"{format_decimal(size / of, '0.#', locale=str(current()))}\xa0{unit}"


def limit_size(size: int) -> str:
    """Return "25 MB" or "2 GB" for a limit that was set in megabytes, which are of 1,024 kB."""
    megabytes = size // (1024 * 1024)
    if megabytes < 1024 or megabytes % 1024:
        return f"{megabytes}\xa0MB"
    return f"{megabytes // 1024}\xa0GB"


def swedish_key(text: str) -> tuple[str, str]:
    """Return a key that sorts as Swedish does: å, ä and ö last, in that order."""
    folded = text.casefold().translate({ord("å"): "z{", ord("ä"): "z|", ord("ö"): "z}"})
    bare = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return bare, text


def listed(words: list[str]) -> str:
    """Return "Aneby, Habo och Mullsjö"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
