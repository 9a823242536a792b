"""A world in which every page can be seen in every state: empty, full, long, archived, done."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from forum import (
    addresses,
    areas,
    discussions,
    images,
    marks,
    members,
    networks,
    organisations,
    people,
    profiles,
    uploads,
)
from forum.new_threads import NewThread
from forum.profiles import Profile
from forum.uploads import Limits
from storage import clock, database, door
from storage.attachments import Attachment
from storage.discussions import Thread, ThreadKind
from storage.door import Inside
from storage.organisations import OrganisationKind
from storage.people import Language, Person, View
from storage.roles import Role
from tests import files
from tests.browser import (
    gallery_asking,
    gallery_documents,
    gallery_folders,
    gallery_posts,
    gallery_publications,
)
from tests.world import World, ask

LONG_NAME = "Anna-Karin Margareta Svensson-Hohenhausen af Överförmyndarsamverkansavdelningen"
LONG_ORGANISATION = "Funktionsstödsförvaltningens verksamhetsutvecklingsavdelning i Jönköping"
LONG_NETWORK = (
    "Funktionshindersomsorgsverksamhetsutvecklingsnätverket för boendestödjare, stödpedagoger och "
    "biståndshandläggare"
)
LONG_AREA = "Överförmyndarsamverkansöverenskommelser och individuella genomförandeplaner"
LONG_TITLE = (
    "Genomförandeplansuppföljningsrutiner: hur samverkar ni om "
    "korttidstillsynsverksamhetsansökningar när personen har boendestöd i en annan kommun?"
)
RICH = """\
## Vad vi har prövat

1. En **gemensam** blankett
2. Ett möte i månaden
   - med anhöriga
   - utan anhöriga

- [ ] Fråga nämnden
- [x] Skriva till [regionen](https://www.rjl.se)

> Det tog ett halvår innan det fungerade.
>
> > Ja, minst.

| Kommun | Timmar per vecka | Överenskommelse | Uppföljningsansvarig befattning |
| --- | ---: | :---: | --- |
| Aneby | 12 | ja | verksamhetsutvecklare för funktionshindersomsorgen |
| Habo | 7,5 | nej | enhetschef |

```
samverkan person add "Anna Ek" --organisation Aneby --title "en rad som är längre än någon telefon"
```

Se <https://www.example.org/en/mycket/lang/adress/utan/avstavning/som/ingen/telefon/rymmer.html>
eller fråga @bob.berg. Funktionshindersomsorgsverksamhetsutvecklingsnätverksträffsanteckningar.

---

Med *vänlig* hälsning, `kod` och allt.
"""


@dataclass(frozen=True, slots=True)
class Gallery:
    """The people of the world and some more, and where things are: ``{thread}`` in addresses."""

    world: World
    people: Mapping[str, Person]
    places: Mapping[str, str]


async def made(world: World, limits: Limits) -> Gallery:
    """Fill the world's database with more; return where to find what."""
    painter = _Painter(world, limits)
    await database.write(painter.paint)
    await images.close()
    return Gallery(world, painter.people, painter.places)


def load(folder: Path) -> Gallery:
    """Return the gallery that was saved beside its database."""
    gallery: Gallery = pickle.loads((folder / "gallery.pickle").read_bytes())  # noqa: S301
    return gallery


@dataclass
class _Painter:
    world: World
    limits: Limits
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    async def paint(self) -> None:
        self.people |= self.world.people
        inside = await self._inside("ann")
        self.places |= {
            "network": addresses.network(inside.network.slug),
            "thread": addresses.thread(inside.network.slug, self.world.thread.id),
            "area": str(self.world.area_id),
        }
        await self._more_people(inside)
        await self._threads(inside)
        self.places |= await gallery_asking.painted(
            self._inside, self.world.area_id, LONG_TITLE, RICH
        )
        self.places |= await gallery_posts.painted(
            self._inside, self.world.area_id, LONG_TITLE, RICH
        )
        self.places |= await gallery_publications.painted(
            self._inside, self.limits.store, LONG_TITLE[:160], LONG_AREA
        )
        self.places |= await gallery_folders.painted(self._inside, self.limits, LONG_AREA)
        self.places |= await gallery_documents.painted(
            self._inside, self.limits, LONG_AREA, self.places["thread"], RICH
        )
        await self._files()
        await self._other_networks()

    async def _files(self) -> None:
        """A thread with files, a member with a picture, and an image that is not posted yet."""
        bob, long = await self._inside("bob"), self.people["long"]
        rows = [
            await self._upload(bob, name, content)
            for name, content in (
                ("AKK-samtalskarta.png", files.image(size=(900, 600))),
                ("Streck.png", files.image(size=(1600, 40))),
                (f"{LONG_AREA} {LONG_AREA}.docx", b"x" * 1_449_000),
                ("Plan.pdf", b"x"),
            )
        ]
        shows = {rows[0].id: LONG_TITLE, rows[1].id: ""}
        draft = NewThread(
            kind=ThreadKind.DISCUSSION,
            title="Bilder och filer",
            area_id=self.world.area_id,
            body="Se filerna.",
            files=[row.id for row in rows],
            alts=shows,
        )
        thread = await discussions.create_thread(bob, draft, "files")
        self.places["files"] = addresses.thread(bob.network.slug, thread.id)
        self.places["file"] = str(rows[0].id)
        upload = await self._upload(bob, f"{LONG_AREA}.png", files.image())
        self.places["upload"] = str(upload.id)
        shown = Profile(
            long.name, long.title, long.phone, long.language, long.view, long.theme, presence=True
        )
        picture = await files.sent(self.limits.store, "jag.png", files.image(), "picture")
        await profiles.save(long, shown, self.limits, picture)

    async def _upload(self, inside: Inside, name: str, content: bytes) -> Attachment:
        came = await files.sent(self.limits.store, name, content)
        return await uploads.receive(inside, self.limits, came)

    async def _inside(self, who: str, slug: str = "") -> Inside:
        return await door.enter(self.people[who], slug or self.world.network.slug)

    async def _person(self, key: str, name: str, **wishes: object) -> Person:
        person = await people.add_person(name, f"{key}@kommun.example", "brukarvägledare")
        await Person.filter(id=person.id).update(**wishes)
        self.people[key] = await Person.get(id=person.id)
        return self.people[key]

    async def _more_people(self, inside: Inside) -> None:
        (home, *_others) = await organisations.all_organisations()
        far = await organisations.add_organisation(LONG_ORGANISATION, OrganisationKind.MUNICIPALITY)
        await self._person("new", "Nils Ny")
        easy = await self._person("easy", "Sam Ek", view=View.EASY)
        await self._person("alone", "Ensa Ek", view=View.EASY)
        english = await self._person("english", "Emma English", language=Language.ENGLISH)
        long = await self._person("long", LONG_NAME, phone="+46 36 10 50 00 ankn. 12345")
        late = await self._person("late", "Lina Sen", view=View.EASY)
        for person, organisation in ((easy, home), (english, home), (long, far), (late, far)):
            joined = await members.add_member(inside, person, organisation.id)
            if person is long:
                self.places["long_member"] = addresses.member(inside.network.slug, joined.id)
        mine = await inside.memberships.get(person_id=self.people["bob"].id)
        self.places["member"] = addresses.member(inside.network.slug, mine.id)
        last_day = clock.today() + timedelta(days=90)
        await inside.memberships.filter(id=mine.id).update(ends_on=last_day)

    async def _threads(self, inside: Inside) -> None:
        area = await areas.add_area(inside, LONG_AREA, f"Allt om {LONG_AREA.lower()}.")
        self.places["long_area"] = str(area.id)
        bob, long = await self._inside("bob"), await self._inside("long")
        solved = await ask(bob, "Vem betalar?", "Undrar *vi* i Habo.", area.id)
        for number, who in enumerate((inside, long, inside, bob)):
            reply = await discussions.post_reply(who, solved.id, RICH, f"solved-{number}")
            if number in {1, 2}:
                await marks.mark_helpful(bob, reply.id, helpful=True)
        await marks.mark_solved(bob, solved.id, solved=True)
        talk = await ask(long, LONG_TITLE, RICH, area.id, ThreadKind.DISCUSSION)
        await discussions.post_reply(inside, talk.id, "Ja.", "talk")
        notice = await self._notice(inside)
        many = await ask(inside, "Många svar", "Hur gör ni?", area.id)
        for number in range(2, 45):
            who = (inside, bob, long)[number % 3]
            await discussions.post_reply(who, many.id, f"Svar *{number}*.", f"many-{number}")
        for number in range(20):
            await ask(inside, f"Fråga nummer {number}", "Vad gör ni?", area.id)
        for name, thread in (
            ("solved", solved),
            ("talk", talk),
            ("notice", notice),
            ("many", many),
        ):
            self.places[name] = addresses.thread(inside.network.slug, thread.id)

    async def _notice(self, inside: Inside) -> Thread:
        draft = NewThread(
            kind=ThreadKind.NOTICE,
            title="Träffen den 3 december är flyttad till Vetlanda",
            area_id=self.world.area_id,
            body=RICH,
            ends_on=clock.today() + timedelta(days=14),
            short="Vi träffas i **Vetlanda** den 3 december.\n\nSäg till om du inte kan komma.",
        )
        return await discussions.create_thread(inside, draft, "notice")

    async def _other_networks(self) -> None:
        olga, ann = self.people["olga"], self.people["ann"]
        (home, *_others) = await organisations.all_organisations()
        for key, name in (
            ("empty", "Tomt nätverk"),
            ("archived", "Avslutat"),
            ("big", LONG_NETWORK),
        ):
            network = await networks.create_network(
                olga, name, ann, home, description=f"{LONG_TITLE} {LONG_TITLE}"
            )
            self.places[key] = addresses.network(network.slug)
            self.places[f"{key}_id"] = str(network.id)
            inside = await self._inside("ann", network.slug)
            await members.add_member(inside, self.people["bob"], home.id)
            if key == "empty":
                await members.add_member(inside, self.people["easy"], home.id)
            if key == "empty":
                continue
            await members.add_member(inside, self.people["gus"], home.id, role=Role.GUEST)
            await members.add_member(inside, self.people["easy"], home.id)
            area = await areas.add_area(inside, LONG_AREA if key == "big" else "Allmänt")
            thread = await ask(inside, f"{key}: {LONG_TITLE}", RICH, area.id)
            bob = await self._inside("bob", network.slug)
            await discussions.post_reply(bob, thread.id, RICH, f"in-{key}")
            self.places[f"{key}_thread"] = addresses.thread(network.slug, thread.id)
            if key == "archived":
                self.places |= await gallery_asking.archived(inside, bob, area.id)
                await gallery_folders.archived(inside, self.limits)
                self.places |= await gallery_documents.archived(inside, self.limits)
                await networks.change_network(
                    inside, name=name, description="Det är klart.", archived=True
                )
