"""App passwords: what a program that opens networks as a drive is let in by. They open no page."""

import base64
import re
import secrets
from datetime import timedelta
from typing import Final

from forum import personal_numbers, throttle
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import one_line
from forum.tokens import hashed
from storage import clock, database
from storage.mounts import AppPassword, app_password_and_person
from storage.people import Person

NAME_LIMIT: Final = 80
#: Of one person: more than anybody has computers.
AT_MOST: Final = 30
#: 160 bits.
_BYTES: Final = 20
#: It is written to at most this often, not at every request.
_USED_EVERY: Final = timedelta(minutes=10)
_NOT_OF_IT: Final = re.compile("[^a-z2-7]")


class Wrong(Exception):
    """No such name, or not a password of hers: nobody is told which."""


async def add(person: Person, name: str) -> str:
    """Make an app password and return it: it is not to be seen again.

    Raises Invalid (``name``) for an empty or too long name, and for one too many.
    """
    plain = _checked(name)
    password = _mint()

    async def work() -> None:
        await Person.filter(id=person.id).select_for_update().get()
        if await AppPassword.filter(person_id=person.id).count() >= AT_MOST:
            raise Invalid(name=_("You have many app passwords. Remove one that is not used."))
        await AppPassword.create(
            person_id=person.id, name=plain, digest=_digest(password), created_at=clock.now()
        )

    await database.write(work)
    return password


def _checked(name: str) -> str:
    plain = one_line(name)
    if not plain:
        raise Invalid(name=_("Write where it will be used, such as “The computer at work”."))
    if len(plain) > NAME_LIMIT:
        raise Invalid(name=_("Write at most %(limit)d characters.") % {"limit": NAME_LIMIT})
    personal_numbers.refuse(name=plain)
    return plain


def _mint() -> str:
    """Return 160 random bits as 32 letters and digits, four at a time for whoever types them."""
    letters = base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _digest(password: str) -> str:
    """Return what it is stored as: typed in capitals or without hyphens it is the same."""
    return hashed(_NOT_OF_IT.sub("", password.lower()))


async def of(person: Person) -> list[AppPassword]:
    """Return a person's app passwords, the newest first."""
    return await AppPassword.filter(person_id=person.id).order_by("-created_at", "-id")


async def revoke(person: Person, password_id: int) -> bool:
    """Delete one of a person's own; False when she has no such password."""
    hers = AppPassword.filter(id=password_id, person_id=person.id)
    return await database.write(hers.delete) > 0


async def recognise(login: str, password: str, address: str) -> Person:
    """Return whose username, or e-mail address, and app password these are.

    Only what is wrong is counted, by what was typed and the client's ``address``: nobody guesses
    160 bits, and a drive that is right goes on while another beside it is wrong. Raises Wrong, or
    Throttled with the number of seconds to wait.
    """
    found = await app_password_and_person(_digest(password))
    key = one_line(login).lower()
    if found is None or not found[1].active or key not in {found[1].username, found[1].email}:
        await throttle.attempt(throttle.subject_of(f"drive {login}"), throttle.source_of(address))
        raise Wrong
    used, person = found
    now = clock.now()
    if used.used_at is None or now - used.used_at > _USED_EVERY:
        await database.write(lambda: AppPassword.filter(id=used.id).update(used_at=now))
    return person
