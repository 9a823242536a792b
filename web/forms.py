"""What a browser sends: fields as texts, and nothing else."""

import re
from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from forum.language import gettext as _
from forum.refusals import Invalid
from web.safety import TooLarge

MAX_FIELDS = 60
# Eight times the longest text, in UTF-8: what is longer is answered before it is looked at.
MAX_FIELD_BYTES = 256 * 1024

# NUL, which PostgreSQL cannot store, and halves of characters, which UTF-8 cannot write: no
# keyboard makes either.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Entries = list[tuple[str, str]]


class AnothersForm(Exception):
    """The form was shown to somebody else, who has used this browser before."""


class Form:
    """The fields of one request. A field that was not sent is an empty text."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
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


async def read(request: Request) -> Form:
    """Return the request's form, which is read once, however often it is asked for.

    Raises HTTPException 400 for too many fields, TooLarge for too large ones.
    """
    form: Form | None = getattr(request.state, "form", None)
    if form is None:
        form = request.state.form = await _read(request)
    return form


async def _read(request: Request) -> Form:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"", "application/x-www-form-urlencoded"}:
        # Our pages send no other. A multipart form would name its own encoding, and some of
        # Python's take minutes for a megabyte.
        raise HTTPException(400)
    try:
        sent = await request.form(max_files=0, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES)
    except HTTPException as error:
        if "maximum size" in str(error.detail):
            raise TooLarge from None
        raise
    entries = [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]
    if any(_UNSTORABLE.search(text) for entry in entries for text in entry):
        raise HTTPException(400)
    return Form(entries)
