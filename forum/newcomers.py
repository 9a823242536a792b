"""Adding somebody to a network who may not have an account yet."""

from datetime import date

from forum import login_links, members, people
from forum.language import gettext as _
from forum.refusals import Invalid
from storage import clock, database
from storage.door import Inside
from storage.jobs import Job
from storage.networks import Function, Membership
from storage.people import Person
from storage.roles import Act, Role


async def add(
    inside: Inside,
    login: str,
    name: str,
    organisation_id: int,
    *,
    function: Function,
    role: Role,
    starts_on: date,
    ends_on: date | None,
) -> Membership:
    """Make whoever has this username or address a member; open an account when nobody has.

    For that an e-mail address and a name are needed, and a letter with a link to choose a
    password goes to the address. Raises Forbidden, or Invalid with a reason per field.
    """
    inside.require(Act.MANAGE_MEMBERS)
    # Before anybody is looked up, so that a form with a wrong date does not tell who exists.
    members.refuse_wrong_dates(starts_on, ends_on)

    async def work() -> Membership:
        return await members.add_member(
            inside,
            await people.find(login) or await _welcomed(login, name),
            organisation_id,
            function=function,
            role=role,
            starts_on=starts_on,
            ends_on=ends_on,
        )

    return await database.write(work)


async def _welcomed(login: str, name: str) -> Person:
    """Within a write: open an account, and have a letter written to the new person."""
    if "@" not in login or not name.strip():
        raise Invalid(
            person=_(
                "Nobody has this name or e-mail address. Check the spelling, or open an"
                " account: write the e-mail address here and the full name below."
            )
        )
    try:
        person = await people.add_person(name, login)
    except Invalid as invalid:
        # The form has one field for a username and an address.
        fields = {"email": "person"}
        errors = {fields.get(field, field): words for field, words in invalid.errors.items()}
        raise Invalid(**errors) from invalid
    await Job.create(kind=login_links.WELCOME, payload={"person": person.id}, run_at=clock.now())
    return person
