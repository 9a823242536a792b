"""Persons: who can log in, how they want their pages, and when any of them changed."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model


class Language(StrEnum):
    """The languages of the interface (ISO 639-1)."""

    SWEDISH = "sv"
    ENGLISH = "en"


class View(StrEnum):
    """Ordinary pages, or easy-read ones with few choices and large text."""

    STANDARD = "standard"
    EASY = "easy"


class Theme(StrEnum):
    """Light or dark by the person's own choice, otherwise as the system says."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Person(Model):
    """Somebody with an account. What she may do is said by her memberships alone."""

    id = fields.BigIntField(primary_key=True)
    username = fields.CharField(max_length=80, unique=True)
    name = fields.CharField(max_length=120)
    email: str | None = fields.CharField(max_length=254, unique=True, null=True)  # type: ignore[assignment]
    title = fields.CharField(max_length=120, default="")
    phone = fields.CharField(max_length=40, default="")
    password_hash: str | None = fields.CharField(max_length=200, null=True)  # type: ignore[assignment]
    language = fields.CharEnumField(Language, max_length=2, default=Language.SWEDISH)
    view = fields.CharEnumField(View, max_length=10, default=View.STANDARD)
    theme = fields.CharEnumField(Theme, max_length=10, default=Theme.AUTO)
    #: Shown to the other members who want it too when she is here, reads and writes.
    presence = fields.BooleanField(default=False, db_default=False)
    #: Creates networks and names coordinators, but reads no network she is not a member of.
    operator = fields.BooleanField(default=False)
    active = fields.BooleanField(default=True)
    #: The SHA-256 of her picture among the blobs.
    picture: str | None = fields.CharField(max_length=64, null=True)  # type: ignore[assignment]
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "person"


async def wanting_presence(person_ids: Iterable[int]) -> set[int]:
    """Return those of these persons who want it to be seen that they are here."""
    wanting: set[int] = set()
    every = sorted(person_ids)
    for first in range(0, len(every), _AT_ONCE):
        some = Person.filter(id__in=every[first : first + _AT_ONCE], presence=True)
        wanting.update(person.id for person in await some.only("id"))
    return wanting


_AT_ONCE = 500


class Epoch(Model):
    """A number that goes up when something changes that is shown on many pages."""

    name = fields.CharField(max_length=40, primary_key=True)
    value = fields.BigIntField(default=1)

    class Meta:
        table = "epoch"


#: Goes up when a name or a picture changes, or something is removed for good: pages that were kept
#: with it in them are not used again, and every process forgets them.
PEOPLE_EPOCH = "people"


async def people_changed() -> None:
    """Within a write: say that no page that is kept may be used again."""
    await raise_epoch(PEOPLE_EPOCH)


async def raise_epoch(name: str) -> None:
    """Within a write: let a new epoch begin."""
    if not await Epoch.filter(name=name).update(value=F("value") + 1):
        await Epoch.create(name=name)
