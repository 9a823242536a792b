"""A forum in which every name, title and text is hostile, and the pages that show them.

A new place where people write is one entry in PLACES; a new page is one in PAGES or in FORMS.
"""

import pickle
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from forum import (
    addresses,
    discussions,
    members,
    networks,
    organisations,
    people,
    revisions,
    summaries,
    uploads,
)
from forum.refusals import Invalid
from forum.revisions import Wording
from storage import clock, database, door
from storage.attachments import Attachment
from storage.blobs import Store
from storage.discussions import Thread
from storage.door import Inside
from storage.organisations import Organisation, OrganisationKind
from storage.people import Person
from tests import files
from tests.payloads import PAYLOADS
from tests.world import World, ask


@dataclass
class Hostile:
    """Where the payloads stand: addresses by the kind of thing that is there."""

    addresses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: How many payloads each place has taken; the others it has refused.
    taken: dict[str, int] = field(default_factory=lambda: defaultdict(int))


async def made(world: World, store: Store) -> Hostile:
    """Write every payload in every place of the world's database, which is open."""
    hostile = Hostile()

    async def write() -> None:
        writer = await _writer(world, hostile, uploads.Limits(store, 10_000))
        for payload in PAYLOADS:
            for place, put in PLACES.items():
                try:
                    await put(writer, payload)
                except Invalid:
                    continue
                hostile.taken[place] += 1

    await database.write(write)
    return hostile


def load(folder: Path) -> Hostile:
    """Return what was saved beside its database."""
    hostile: Hostile = pickle.loads((folder / "hostile.pickle").read_bytes())  # noqa: S301
    return hostile


@dataclass
class _Writer:
    """Who writes what next: named by the latest payload that each place has taken."""

    world: World
    hostile: Hostile
    ann: Inside
    author: Inside
    home: Organisation
    organisation: Organisation
    area_id: int
    thread: Thread
    #: What every file is a copy of, under another name.
    files: tuple[Attachment, Attachment]


async def _writer(world: World, hostile: Hostile, limits: uploads.Limits) -> _Writer:
    ann = await door.enter(world["ann"], world.network.slug)
    (home, *_others) = await organisations.all_organisations()
    paper = await files.sent(limits.store, "papper.txt", b"Text.")
    picture = await files.sent(limits.store, "bild.png", files.image())
    received = (
        await uploads.receive(ann, limits, paper),
        await uploads.receive(ann, limits, picture),
    )
    return _Writer(
        world, hostile, ann, ann, home, home, world.area_id, world.thread, files=received
    )


# ---- Places, in the order in which they need each other --------------------------------------


async def _organisation(writer: _Writer, payload: str) -> None:
    writer.organisation = await organisations.add_organisation(
        payload[:120], OrganisationKind.MUNICIPALITY
    )


async def _person(writer: _Writer, payload: str) -> None:
    person = await people.add_person(payload[:120], title=payload[:120])
    await Person.filter(id=person.id).update(phone=payload[:40])
    membership = await members.add_member(writer.ann, person, writer.organisation.id)
    slug = writer.ann.network.slug
    writer.author = await door.enter(person, slug)
    writer.hostile.addresses["member"].append(addresses.member(slug, membership.id))


async def _area(writer: _Writer, payload: str) -> None:
    area = await networks.add_area(writer.ann, payload[:80], payload[:300])
    writer.area_id = area.id


async def _thread(writer: _Writer, payload: str) -> None:
    writer.thread = await ask(writer.author, payload[:160], payload, writer.area_id)
    address = addresses.thread(writer.ann.network.slug, writer.thread.id)
    writer.hostile.addresses["thread"].append(address)


async def _summary(writer: _Writer, payload: str) -> None:
    await summaries.summarise(writer.ann, writer.thread.id, payload, "")


async def _reply(writer: _Writer, payload: str) -> None:
    thread_id, written = writer.world.thread.id, writer.hostile.addresses["quoting"]
    nonce = f"hostile-{len(written)}"
    reply = await discussions.post_reply(writer.author, thread_id, payload, nonce)
    written.append(f"{addresses.thread(writer.ann.network.slug, thread_id)}?quote={reply.number}")


async def _change(writer: _Writer, payload: str) -> None:
    """What one has written oneself is changed, and both texts can be compared."""
    thread_id = writer.thread.id
    nonce = f"change-{writer.hostile.taken['a change']}"
    reply = await discussions.post_reply(writer.ann, thread_id, f"Före.\n\n{payload}", nonce)
    changed = Wording(f"{payload}\n\nEfter {payload}", revision=1)
    await revisions.edit(writer.ann, thread_id, reply.number, changed)
    address = addresses.permalink(writer.ann.network.slug, thread_id, reply.number)
    writer.hostile.addresses["change"].append(address)


async def _file(writer: _Writer, payload: str) -> None:
    """A file and an image have the name, and the image is described by it."""
    ids = []
    for like, ending in zip(writer.files, ("", ".png"), strict=True):
        values = {name: getattr(like, name) for name in COPIED}
        name = uploads.checked_name(payload + ending)
        row = await writer.author.create(
            Attachment,
            person_id=writer.author.person.id,
            name=name,
            created_at=clock.now(),
            **values,
        )
        ids.append(row.id)
    alts = dict.fromkeys(ids, payload)
    nonce = f"file-{writer.hostile.taken['a file’s name and description']}"
    thread_id = writer.thread.id
    await discussions.post_reply(writer.author, thread_id, "Fil.", nonce, files=ids, alts=alts)


COPIED = ("media_type", "size", "blob_id", "width", "height")


async def _network(writer: _Writer, payload: str) -> None:
    written = writer.hostile.addresses["network"]
    network = await networks.create_network(
        writer.world["olga"],
        payload[:120],
        writer.world["charlie"],
        writer.home,
        description=payload,
        slug=f"hostile-{len(written)}",
    )
    written.append(addresses.network(network.slug))


PLACES: Mapping[str, Callable[[_Writer, str], Awaitable[None]]] = {
    "an organisation’s name": _organisation,
    "a person’s name, title and telephone": _person,
    "a subject area’s name and description": _area,
    "a thread’s title and text": _thread,
    "a summary": _summary,
    "a reply": _reply,
    "a change": _change,
    "a file’s name and description": _file,
    "a network’s name and description": _network,
}


# ---- Pages -----------------------------------------------------------------------------------

#: Who looks where: {thread}, {member}, {quoting} and {network} are those of each payload.
#: What is on further pages is found by their links.
PAGES = (
    ("ann", "/"),
    ("ann", "/n/boendestod"),
    ("ann", "/n/boendestod/threads"),
    ("ann", "/n/boendestod/threads/new"),
    ("ann", "/n/boendestod/threads/1"),
    ("ann", "/n/boendestod/areas"),
    ("ann", "/n/boendestod/members"),
    ("ann", "/n/boendestod/members/new"),
    ("ann", "{thread}"),
    ("ann", "{thread}/summary"),
    ("ann", "{thread}/area"),
    ("ann", "{thread}/posts/1/erasure"),
    ("ann", "{change}/edit"),
    ("ann", "{change}/revisions"),
    ("ann", "{change}/split"),
    ("ann", "{change}/erasure"),
    ("ann", "/n/boendestod/threads/similar?title=script+trap+img+src+onerror"),
    ("ann", "/account/profile"),
    ("ann", "{quoting}"),
    ("ann", "{member}"),
    ("charlie", "/"),
    ("charlie", "/networks"),
    ("charlie", "{network}"),
    ("charlie", "{network}/settings"),
    ("olga", "/operator/networks"),
    ("olga", "/operator/networks/new"),
)

#: Who sends what where, to have it shown again: {all} stands for every payload in one text,
#: {some} for as many as a text may hold.
FORMS: tuple[tuple[str | None, str, Mapping[str, str], int], ...] = (
    (None, "/login", {"username": "{all}", "password": "x", "next": "{all}"}, 422),
    (None, "/login-links", {"username": "{all}"}, 303),
    ("ann", "/n/boendestod/threads", {"kind": "question", "title": "{all}", "body": "{all}"}, 422),
    ("ann", "/n/boendestod/threads", {"kind": "{some}", "area": "{some}", "body": "x"}, 422),
    ("ann", "/n/boendestod/threads/1/replies", {"body": "{all}"}, 422),
    ("ann", "/n/boendestod/threads/1/replies", {"body": "{some}", "preview": "yes"}, 200),
    ("ann", "/n/boendestod/threads/1/summary", {"body": "{all}"}, 422),
    ("ann", "/n/boendestod/threads/1/posts/1/edit", {"title": "{all}", "body": "{all}"}, 422),
    ("ann", "/n/boendestod/threads/1/posts/1/edit", {"title": "x", "body": "{some}"}, 409),
    ("ann", "/n/boendestod/threads/1/posts/2/erasure", {"reason": "{all}", "part": "{all}"}, 422),
    ("ann", "/n/boendestod/threads/1/posts/2/split", {"title": "{all}", "kind": "question"}, 422),
    ("ann", "/account/profile", {"name": "{all}", "title": "{all}", "phone": "{all}"}, 422),
    ("ann", "/n/boendestod/areas", {"name": "{all}", "description": "{all}"}, 422),
    ("ann", "/n/boendestod/members", {"person": "{all}", "organisation": "{some}"}, 422),
    ("ann", "/n/boendestod/settings", {"name": "{all}", "description": "{all}"}, 422),
    ("ann", "/account/password", {"current_password": "{all}", "password": "{all}"}, 422),
    ("olga", "/operator/networks/new", {"name": "{all}", "slug": "{all}", "person": "{all}"}, 422),
)
