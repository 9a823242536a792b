"""One's own account: another password, and how one wants the pages."""

from forum import login, sessions
from forum.language import gettext as _
from forum.passwords import hash_password
from forum.refusals import Invalid
from storage import database
from storage.people import Language, Person, Theme, View


async def change_password(
    person: Person, present: str, wanted: str, address: str, device: str | None
) -> None:
    """Change the password and log the person out everywhere.

    Raises Invalid for a wrong present password or a weak new one, and Throttled for guessing:
    whoever finds a computer unlocked should not get to guess.
    """
    if person.password_hash is not None:
        try:
            await login.log_in(person.username, present, address, device)
        except login.WrongCredentials:
            raise Invalid(current_password=_("This is not your present password.")) from None
    password_hash = await hash_password(wanted, person)

    async def change() -> None:
        await Person.filter(id=person.id).update(password_hash=password_hash)
        await sessions.end_all(person)

    await database.write(change)


async def prefer(
    person: Person,
    *,
    language: Language | None = None,
    view: View | None = None,
    theme: Theme | None = None,
) -> None:
    """Save how the person wants her pages; what is None stays."""
    wanted = {"language": language, "view": view, "theme": theme}
    changes = {name: value for name, value in wanted.items() if value is not None}
    if changes:
        await database.write(lambda: Person.filter(id=person.id).update(**changes))
