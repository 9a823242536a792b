"""Logging in with a password.

A browser that somebody has used before is throttled by itself, so that not even a guesser behind
the same municipality's one address shuts her out. A link by mail works in any case.
"""

from forum import passwords, people, throttle
from forum.tokens import hashed, mint
from storage import clock, database
from storage.people import Person
from storage.sessions import KnownDevice


class WrongCredentials(Exception):
    """No such name, no password chosen yet, or not this password: nobody is told which."""


async def log_in(login: str, password: str, address: str, device: str | None) -> Person:
    """Return whose name and password these are.

    ``address`` is the client's, ``device`` the token of a browser used before. Raises
    WrongCredentials, or Throttled with the number of seconds to wait.
    """
    person = await people.find(login)
    known = person is not None and device is not None and await _is_known(person, device)
    subject = throttle.subject_of(login)
    source = f"device:{hashed(device or '')[:40]}" if known else throttle.source_of(address)
    await throttle.attempt(subject, source)
    if not await passwords.matches(password, person) or person is None:
        raise WrongCredentials
    await throttle.forget(subject, source)
    return person


async def remember_device(person: Person, device: str | None) -> str:
    """Return the token by which this browser will be known to the person."""
    if device and await _is_known(person, device):
        mine = KnownDevice.filter(token_hash=hashed(device), person_id=person.id)
        await database.write(lambda: mine.update(seen_at=clock.now()))
        return device
    token, token_hash = mint()
    await database.write(
        lambda: KnownDevice.create(token_hash=token_hash, person_id=person.id, seen_at=clock.now())
    )
    return token


async def _is_known(person: Person, device: str) -> bool:
    return await KnownDevice.exists(token_hash=hashed(device), person_id=person.id)
