"""The demo: fills an empty database with invented people and what they have discussed."""

import asyncio
from dataclasses import dataclass, replace

from tortoise.exceptions import IntegrityError

from forum import organisations, people
from forum.demo.networks import NETWORKS
from forum.demo.people import (
    COORDINATOR,
    MEMBER,
    OPERATOR,
    ORGANISATIONS,
    PEOPLE,
    SERVICE_USER_GUIDE,
)
from forum.demo.shapes import Someone, When
from forum.demo.telling import OPENED, Cast, days_ago, tell
from forum.passwords import hash_password, matches
from storage import clock, database
from storage.organisations import Organisation
from storage.people import Person, View


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody whose password is known to all."""

    username: str
    password: str
    role: str
    changed: bool = False


LOGINS = (
    Login(COORDINATOR, "kardemumma-trappa-lingon", "coordinator"),
    Login(MEMBER, "paraply-havre-tusenfot", "member"),
    Login(SERVICE_USER_GUIDE, "gurka-lampa-cykel-sol", "service-user guide"),
)
#: When each of them was last here: what was written later is unread.
VISITS: dict[str, When] = {
    COORDINATOR: (2, "09.00"),
    MEMBER: (2, "15.40"),
    SERVICE_USER_GUIDE: (3, "13.45"),
}
_BY_USERNAME = {someone.username: someone for someone in PEOPLE}


async def fill() -> list[Login]:
    """Fill the open database, if it is empty, and return the logins.

    A database that has been filled keeps what it has. One with other people in it is left alone,
    and no logins are returned: a real one must never get passwords that everybody knows. Who has
    chosen another password since is ``changed``.
    """
    if not await Person.exists():
        # Before the transaction, since each takes a while. All or nothing: a demo that is killed
        # halfway begins anew the next time.
        hashes = dict(await asyncio.gather(*(_hashed(login) for login in LOGINS)))
        try:
            await database.write(lambda: _fill(hashes))
        except IntegrityError:
            # Two demos started at once. SQLite lets them write one after the other; PostgreSQL
            # stops the slower one at the first name that is taken, when the other has committed.
            if not await filled():
                raise
    return [await _present(login) for login in LOGINS] if await filled() else []


async def filled() -> bool:
    """Say whether these are our people: nobody real has an address that mail cannot reach."""
    ours = [_BY_USERNAME[login.username] for login in LOGINS]
    found = [await Person.exists(username=one.username, email=one.email) for one in ours]
    return all(found)


async def _present(login: Login) -> Login:
    person = await Person.get(username=login.username)
    return replace(login, changed=not await matches(login.password, person))


async def _hashed(login: Login) -> tuple[str, str]:
    someone = _BY_USERNAME[login.username]
    person = Person(username=someone.username, name=someone.name, email=someone.email)
    return login.username, await hash_password(login.password, person)


async def _fill(hashes: dict[str, str]) -> None:
    if await Person.exists():
        return  # another demo was quicker
    employers: dict[str, Organisation] = {}
    for name, kind in ORGANISATIONS.items():
        employers[name] = await organisations.add_organisation(name, kind)
    persons = {one.username: await _add(one, hashes.get(one.username)) for one in PEOPLE}
    cast = Cast(
        operator=persons[OPERATOR],
        people=persons,
        employers={one.username: employers[one.organisation] for one in PEOPLE},
    )
    for room in NETWORKS:
        await tell(cast, room, VISITS)
    opened = clock.beginning(days_ago(OPENED))
    await Organisation.all().update(created_at=opened)
    await Person.all().update(created_at=opened)
    gone = [one.username for one in PEOPLE if one.left]
    await Person.filter(username__in=gone).update(active=False)


async def _add(someone: Someone, password_hash: str | None) -> Person:
    person = await people.add_person(
        someone.name, someone.email, someone.title, operator=someone.operator
    )
    person.phone, person.password_hash = someone.phone, password_hash
    person.view = View.EASY if someone.easy else View.STANDARD
    await person.save(update_fields=["phone", "password_hash", "view"])
    return person
