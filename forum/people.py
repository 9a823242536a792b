"""Accounts: opening one, and the name one logs in with."""

import re

from forum import names
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import folded, one_line
from storage import database
from storage.people import Person

#: Of what somebody works as, in characters.
TITLE_LIMIT = 120
# Only what tells a typing error apart; whether the address works is proved by a mail.
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")


def username_for(name: str) -> str:
    """Return ``förnamn.efternamn`` folded to ASCII: the first and the last word of the name.

    Raises Invalid when nothing is left to build it from.
    """
    words = [word for word in (folded(part) for part in name.split()) if word]
    if not words:
        raise Invalid(name=_("Write the person’s name with letters."))
    return ".".join(dict.fromkeys((words[0], words[-1])))[:70].strip(".-")


def email_key(email: str) -> str | None:
    """Return the address as it is stored and compared, or None for an empty one.

    Raises Invalid when it cannot be an address.
    """
    # Not casefold(), which makes another address of one with ß in it.
    key = one_line(email).lower()
    if not key:
        return None
    if len(key) > 254 or not _EMAIL.fullmatch(key):
        raise Invalid(email=_("Write an e-mail address, such as anna.ek@kommun.example."))
    return key


async def add_person(
    name: str, email: str = "", title: str = "", *, operator: bool = False
) -> Person:
    """Open an account and return it. It has no password until one is chosen.

    Raises Invalid for an empty or too long name and for an address that another account has.
    """
    name, title = names.checked(name), one_line(title)
    if len(title) > TITLE_LIMIT:
        raise Invalid(title=_("Write a title of at most 120 characters."))
    address = email_key(email)
    wanted = username_for(name)

    async def add() -> Person:
        if address and await Person.exists(email=address):
            raise Invalid(email=_("Another account already has this e-mail address."))
        return await Person.create(
            username=await _free(wanted),
            name=name,
            email=address,
            title=title,
            operator=operator,
        )

    return await database.write(add)


async def _free(wanted: str) -> str:
    """Number the username when it is taken: anna.ek, anna.ek2, anna.ek3."""
    taken = {person.username for person in await Person.filter(username__startswith=wanted)}
    number, username = 1, wanted
    while username in taken:
        number += 1
        username = f"{wanted}{number}"
    return username


async def find(login: str) -> Person | None:
    """Return the active person with this username or e-mail address."""
    key = one_line(login).lower()
    # Tortoise will not even look for what is longer than its column.
    if "@" in key:
        return await Person.get_or_none(email=key, active=True) if len(key) <= 254 else None
    return await Person.get_or_none(username=key, active=True) if len(key) <= 80 else None
