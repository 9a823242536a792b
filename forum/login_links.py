"""Links that work once: to log in without a password, and to choose one."""

from datetime import timedelta

from forum import mail as letters
from forum import people, sessions, throttle
from forum.language import gettext as _
from forum.language import speaking
from forum.passwords import hash_password
from forum.tokens import hashed, mint
from storage import clock, database
from storage.jobs import Job
from storage.people import Person
from storage.sessions import LoginLink, Purpose

LIFETIME = {Purpose.LOGIN: timedelta(minutes=15), Purpose.PASSWORD: timedelta(hours=24)}
# However often somebody asks in her name, a person gets no more mails than this within the time
# that a link lives. So one of those she has got still works, and nobody can shut her out by asking.
MAILS = 5
JOB = "mail login link"
WELCOME = "mail welcome"


class DeadLink(Exception):
    """The link is unknown, used or too old: nobody is told which."""


async def ask_for(login: str, address: str) -> None:
    """Have a link mailed to whoever this is; ``address`` is the client's.

    The page does the same work for an address that nobody has: the worker looks it up. Raises
    Throttled for who asks too often.
    """
    await throttle.attempt(throttle.subject_of(login), f"link:{throttle.source_of(address)}"[:64])
    await database.write(
        lambda: Job.create(kind=JOB, payload={"login": login[:254]}, run_at=clock.now())
    )


async def mail(login: str, base_url: str) -> None:
    """Write the letter with the link, if somebody has this name or address."""
    person = await people.find(login)
    if person is None or not person.email:
        return
    living = LoginLink.filter(
        person_id=person.id, purpose=Purpose.LOGIN, used_at=None, expires_at__gt=clock.now()
    )

    async def work() -> None:
        if await living.count() >= MAILS:
            return
        token = await _make(person, Purpose.LOGIN)
        with speaking(person.language):
            await letters.write(
                person,
                _("Your link to log in to Samverkan"),
                _(
                    "Hello %(name)s,\n\n"
                    "press the link and then the button on the page to log in:\n\n%(link)s\n\n"
                    "The link works once, within 15 minutes. If you did not ask for it, you need"
                    " do nothing."
                )
                % {"name": person.name, "link": f"{base_url}/login-links/{token}"},
            )

    await database.write(work)


async def welcome(person_id: int, base_url: str) -> None:
    """Write the letter that tells somebody of her new account, with a link to choose a password."""
    person = await Person.get(id=person_id)
    if not person.email:
        return

    async def work() -> None:
        token = await _make(person, Purpose.PASSWORD)
        with speaking(person.language):
            await letters.write(
                person,
                _("Welcome to Samverkan"),
                # Without her name, which a coordinator has written: no words of others go out.
                _(
                    "Hello,\n\n"
                    "you have been added to a network. Your name for logging in is %(username)s."
                    " Choose a password here:\n\n%(link)s\n\n"
                    "The link works once, within 24 hours. After that, have a link sent to you"
                    " from the login page: %(login)s"
                )
                % {
                    "username": person.username,
                    "link": _password_address(base_url, token),
                    "login": f"{base_url}/login-links",
                },
            )

    await database.write(work)


async def password_link(person: Person, base_url: str) -> str:
    """Return the address where the person can choose a password, once, within 24 hours."""
    token = await database.write(lambda: _make(person, Purpose.PASSWORD))
    return _password_address(base_url, token)


def _password_address(base_url: str, token: str) -> str:
    return f"{base_url}/password-links/{token}"


async def _make(person: Person, purpose: Purpose) -> str:
    token, token_hash = mint()
    await LoginLink.create(
        token_hash=token_hash,
        person_id=person.id,
        purpose=purpose,
        expires_at=clock.now() + LIFETIME[purpose],
    )
    return token


async def whose(token: str, purpose: Purpose) -> Person:
    """Return whom the link is for, without using it up. Raises DeadLink."""
    link = await LoginLink.get_or_none(token_hash=hashed(token), purpose=purpose, used_at=None)
    if link is None or link.expires_at <= clock.now():
        raise DeadLink
    person = await Person.get_or_none(id=link.person_id, active=True)
    if person is None:
        raise DeadLink
    return person


async def use(token: str, purpose: Purpose) -> Person:
    """Use the link up and return whom it was for. Raises DeadLink, also for the second of two."""
    person = await whose(token, purpose)

    async def work() -> int:
        used: int = await LoginLink.filter(token_hash=hashed(token), used_at=None).update(
            used_at=clock.now()
        )
        return used

    if not await database.write(work):
        raise DeadLink
    return person


async def choose_password(token: str, password: str) -> Person:
    """Set the password by a link, and end every session there was.

    Raises DeadLink, or Invalid for a weak password, which leaves the link as it was.
    """
    person = await whose(token, Purpose.PASSWORD)
    password_hash = await hash_password(password, person)

    async def work() -> None:
        await use(token, Purpose.PASSWORD)
        await Person.filter(id=person.id).update(password_hash=password_hash)
        await sessions.end_all(person)

    await database.write(work)
    return person
