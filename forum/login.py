"""Logging in with a password, and slowing down those who guess.

Guesses are counted by account and address together, so that a stranger cannot lock anybody out
from elsewhere; a browser she has used before is counted by itself, so that not even a guesser
behind the same municipality's one address can. A link by mail works in any case.
"""

import hashlib
import ipaddress
from datetime import timedelta

from forum import passwords, people
from forum.refusals import Throttled
from forum.text import one_line
from forum.tokens import hashed, mint
from storage import clock, database
from storage.people import Person
from storage.sessions import FailedLogin, KnownDevice

WINDOW = timedelta(minutes=15)
TRIES = 10
# A whole municipality shares an address.
ADDRESS_WINDOW = timedelta(hours=1)
ADDRESS_TRIES = 300


class WrongCredentials(Exception):
    """No such name, no password chosen yet, or not this password: nobody is told which."""


async def log_in(login: str, password: str, address: str, device: str | None) -> Person:
    """Return whose name and password these are.

    ``address`` is the client's, ``device`` the token of a browser used before. Raises
    WrongCredentials, or Throttled with the number of seconds to wait.
    """
    person = await people.find(login)
    subject = _subject(login)
    known = person is not None and device is not None and await _is_known(person, device)
    source = f"device:{hashed(device or '')[:40]}" if known else _source(address)
    # Written before it is counted and before the password is tried: of many guesses sent at
    # once, no more get through than of guesses sent one after the other.
    attempt = await database.write(
        lambda: FailedLogin.create(subject=subject, address=source, at=clock.now())
    )
    try:
        await _throttle(subject, source)
    except Throttled:
        await database.write(attempt.delete)
        raise
    if not await passwords.matches(password, person) or person is None:
        raise WrongCredentials
    await database.write(lambda: FailedLogin.filter(subject=subject, address=source).delete())
    return person


async def remember_device(person: Person, device: str | None) -> str:
    """Return the token by which this browser will be known to the person."""
    if device and await _is_known(person, device):
        return device
    token, token_hash = mint()
    await database.write(
        lambda: KnownDevice.create(token_hash=token_hash, person_id=person.id, seen_at=clock.now())
    )
    return token


async def _is_known(person: Person, device: str) -> bool:
    return await KnownDevice.exists(token_hash=hashed(device), person_id=person.id)


async def _throttle(subject: str, source: str) -> None:
    now = clock.now()
    tries = await FailedLogin.filter(subject=subject, address=source, at__gt=now - WINDOW).count()
    if tries > TRIES:
        raise Throttled(await _wait(now - WINDOW, subject=subject, address=source))
    from_address = await FailedLogin.filter(address=source, at__gt=now - ADDRESS_WINDOW).count()
    if from_address > ADDRESS_TRIES:
        raise Throttled(await _wait(now - ADDRESS_WINDOW, address=source))


async def _wait(since: object, **which: str) -> int:
    """Seconds until the oldest counted attempt is forgotten."""
    oldest = await FailedLogin.filter(**which, at__gt=since).order_by("at").first()
    if oldest is None:
        return 1
    window = WINDOW if "subject" in which else ADDRESS_WINDOW
    return max(1, int((oldest.at + window - clock.now()).total_seconds()) + 1)


def _subject(login: str) -> str:
    """What was typed, never whose it is: a name that nobody has is throttled alike.

    Were a username and an e-mail address counted together, the count would tell that they
    belong to one person.
    """
    return hashlib.sha256(one_line(login).casefold().encode()).hexdigest()


def _source(address: str) -> str:
    """The address, or the /64 of an IPv6 one, since a single household has that many."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
