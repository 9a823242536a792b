"""The people of the tests: Ann owns, Bob is a member, Charlie is a stranger.

``made()`` fills an empty, migrated database. Two networks, so that every test can ask what leaks:
"Boendestöd", where Ann is coordinator, and "Annat nätverk", where Charlie is a member.
"""

from dataclasses import dataclass
from datetime import timedelta

from forum import areas, asking, discussions, members, networks, organisations, passwords, people
from forum.new_threads import NewThread
from storage import clock, database, door
from storage.discussions import Reply, Thread, ThreadKind
from storage.door import Inside
from storage.networks import Network
from storage.organisations import Organisation, OrganisationKind
from storage.people import Person
from storage.roles import Role

PASSWORD = "fyra gula cyklar i regn"

#: Texts that nobody outside the network may ever be shown.
SECRET_TITLE = "Hur fördelar ni timmarna i hemligheten?"
SECRET_BODY = "Vi undrar om **kvällstimmar** som ingen utanför får läsa."
SECRET_REPLY = "Hos oss delar två grupper på dem, men säg det inte vidare."

NAMES = {
    "olga": "Olga Operatör",
    "ann": "Ann Alm",
    "bob": "Bob Berg",
    "gus": "Gus Gäst",
    "eva": "Eva Ek",
    "charlie": "Charlie Cederlöf",
}


@dataclass(frozen=True, slots=True)
class World:
    """What the tests find there."""

    network: Network
    elsewhere: Network
    people: dict[str, Person]
    area_id: int
    thread: Thread
    reply: Reply

    def __getitem__(self, name: str) -> Person:
        return self.people[name]


async def made() -> World:
    """Fill the database that is open and empty, and return what is in it."""
    return await database.write(_make)


async def _make() -> World:
    homes = {
        name: await organisations.add_organisation(name, OrganisationKind.MUNICIPALITY)
        for name in ("Aneby", "Habo", "Mullsjö", "Tranås")
    }
    everybody = {key: await _person(key, name) for key, name in NAMES.items()}
    olga, ann, bob, charlie = (everybody[key] for key in ("olga", "ann", "bob", "charlie"))
    network = await networks.create_network(
        olga, "Boendestöd", ann, homes["Aneby"], description="För den som ger stöd i boendet."
    )
    elsewhere = await networks.create_network(olga, "Annat nätverk", charlie, homes["Tranås"])
    inside = await door.enter(ann, network.slug)
    area = await areas.add_area(inside, "LSS", "Lagen och hur vi läser den.")
    await areas.add_area(await door.enter(charlie, elsewhere.slug), "Allmänt")
    await _join(inside, bob, homes["Habo"], Role.MEMBER)
    await _join(inside, everybody["gus"], homes["Tranås"], Role.GUEST)
    ended = await members.add_member(inside, everybody["eva"], homes["Mullsjö"].id)
    await _long_ago(inside)
    await members.end_member(inside, ended.id)
    thread = await ask(await door.enter(ann, network.slug), SECRET_TITLE, SECRET_BODY, area.id)
    reply = await discussions.post_reply(
        await door.enter(bob, network.slug), thread.id, SECRET_REPLY, "reply"
    )
    return World(network, elsewhere, everybody, area.id, thread, reply)


_hashes: dict[str, str] = {}


async def _person(key: str, name: str) -> Person:
    person = await people.add_person(
        name, f"{key}@kommun.example", "stödpedagog", operator=key == "olga"
    )
    # One password for all: argon2id is slow on purpose.
    if PASSWORD not in _hashes:
        _hashes[PASSWORD] = await passwords.hash_password(PASSWORD, person)
    person.password_hash = _hashes[PASSWORD]
    await person.save()
    return person


async def _join(inside: Inside, person: Person, home: Organisation, role: Role) -> None:
    await members.add_member(inside, person, home.id, role=role)


async def _long_ago(inside: Inside) -> None:
    """Everybody has been a member for a month, so that what is written today is new to them."""
    begun = clock.today() - timedelta(days=30)
    await inside.memberships.all().update(starts_on=begun)


async def ask(
    inside: Inside, title: str, body: str, area_id: int, kind: ThreadKind = ThreadKind.QUESTION
) -> Thread:
    """Post a thread as whoever is inside."""
    draft = NewThread(
        kind=kind,
        title=title,
        area_id=area_id,
        body=body,
        ends_on=clock.today() if kind == ThreadKind.NOTICE else None,
    )
    return await discussions.create_thread(inside, draft, f"{title}{body}"[:32])


async def ask_all(inside: Inside, area_id: int, title: str = "Hur många har ni?") -> Thread:
    """Post a question that asks every municipality, until today."""
    draft = NewThread(
        kind=ThreadKind.QUESTION,
        title=title,
        area_id=area_id,
        body="Vi räknar.",
        asks_all=True,
        answer_by=clock.today(),
    )
    return await discussions.create_thread(inside, draft, f"asked {title}"[:32])


async def look_for(inside: Inside, area_id: int, title: str = "Vem leder en slinga?") -> Thread:
    """Look for somebody where one is from, this month and until its last day."""
    draft = NewThread(
        kind=ThreadKind.WANTED,
        title=title,
        area_id=area_id,
        body="Den handlar om *måltider*.",
        wanted_in=inside.membership.organisation_id,
        wanted_month=clock.today().replace(day=1),
        ends_on=asking.last_of(clock.today()),
    )
    return await discussions.create_thread(inside, draft, f"wanted {title}"[:32])
