"""What a browser sends: fields as texts, and files where a page asks for them."""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from forum.language import gettext as _
from forum.refusals import Invalid
from forum.settings import Settings
from forum.uploads import Limits, Sent
from web.multipart import Expected, Reader
from web.safety import TooLarge

# Those of three hundred files that are put into a folder, which have three each.
MAX_FIELDS = 1_000
# Eight times the longest text, in UTF-8: what is longer is answered before it is looked at.
MAX_FIELD_BYTES = 256 * 1024

# NUL, which PostgreSQL cannot store, and halves of characters, which UTF-8 cannot write: no
# keyboard makes either.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Entries = list[tuple[str, str]]


#: How large and how many files may be, of an installation's settings.
LimitsOf = Callable[[Settings], Limits]


class AnothersForm(Exception):
    """The form was shown to somebody else, who has used this browser before."""


class Form:
    """The fields of one request. A field that was not sent is an empty text."""

    def __init__(self, entries: Entries, files: Sequence[Sent] = ()) -> None:
        self.entries = entries
        # A browser sends a field of files that nobody has chosen as one without a name.
        self.files = [sent for sent in files if sent.name]
        self._first = dict(reversed(entries))

    def text(self, name: str) -> str:
        r"""Return a field's text, with line breaks as ``\n`` whatever the browser sent."""
        return self._first.get(name, "").replace("\r\n", "\n").replace("\r", "\n")

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def number(self, name: str) -> int | None:
        """Return a whole number that fits the database, or None."""
        text = self._first.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None

    def numbers(self, name: str) -> list[int]:
        """Return the whole numbers of a field that may be sent several times."""
        each = [Form([entry]).number(name) for entry in self.entries if entry[0] == name]
        return [number for number in each if number is not None]

    def day(self, name: str) -> date | None:
        """Return a date or None when empty. Raises Invalid for what is none."""
        text = self.text(name).strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Invalid(
                **{name: _("Write the date as year-month-day, such as 2027-06-30.")}
            ) from None

    def month(self, name: str) -> date | None:
        """Return the first day of a month or None when empty. Raises Invalid for what is none."""
        text = self.text(name).strip()
        if not text:
            return None
        try:
            return date.fromisoformat(f"{text}-01")
        except ValueError:
            raise Invalid(**{name: _("Write the month as year-month, such as 2027-06.")}) from None

    def all(self, name: str) -> list[str]:
        """Return the texts of all fields with this name, such as boxes that can be ticked."""
        return [value for sent, value in self.entries if sent == name]

    def choice(self, name: str, among: type[Any], default: Any) -> Any:
        """Return the member of an enumeration, or the default for an unknown value."""
        try:
            return among(self.text(name))
        except ValueError:
            return default


def expect_files(request: Request, field: str, of: LimitsOf, *, keep: bool) -> None:
    """Let this request bring files in a field; ``keep`` says whether anything becomes of them.

    ``of`` says, of an installation's settings, how large and how many they may be.
    """
    limits = of(request.app.state.settings)
    request.state.expected_files = Expected(field, limits, keep)
    if _kind(request) == "multipart/form-data":
        request.state.body_limit += limits.at_once * limits.each


async def read(request: Request) -> Form:
    """Return the request's form, which is read once, however often it is asked for.

    Raises HTTPException 400 for too many fields, TooLarge for too large ones.
    """
    form: Form | None = getattr(request.state, "form", None)
    if form is None:
        form = request.state.form = await _read(request)
    return form


async def _read(request: Request) -> Form:
    expected: Expected | None = getattr(request.state, "expected_files", None)
    files: list[Sent] = []
    if expected is not None and _kind(request) == "multipart/form-data":
        most = request.app.state.settings.body_mb * 1024 * 1024
        reader = Reader(request, expected, MAX_FIELDS, most)
        await reader.read()
        entries, files = reader.entries, reader.files
    else:
        entries = await _urlencoded(request)
    form = Form(entries, files)
    if any(_UNSTORABLE.search(text) for entry in entries for text in entry):
        await discard(form)
        raise HTTPException(400)
    return form


async def discard(form: Form | None) -> None:
    """Delete what a form has brought and nobody has kept."""
    for sent in form.files if form else ():
        await asyncio.to_thread(sent.discard)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _urlencoded(request: Request) -> Entries:
    if _kind(request) not in {"", "application/x-www-form-urlencoded"}:
        # Our pages send no other where they ask for no files.
        raise HTTPException(400)
    body = (await request.body()).decode("latin-1")
    try:
        entries = parse_qsl(body, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise HTTPException(400) from None
    if any(len(value) > MAX_FIELD_BYTES for _name, value in entries):
        raise TooLarge
    return entries
