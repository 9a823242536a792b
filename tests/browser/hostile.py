"""A forum in which every name, title and text is hostile, and the pages that show them.

A new place where people write is one entry in PLACES; a new page is one in PAGES or in FORMS.
"""

import pickle
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

from forum import (
    addresses,
    areas,
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
from storage.organisations import OrganisationKind
from storage.people import Person
from storage.sessions import FailedLogin
from tests.browser import (
    hostile_asking,
    hostile_documents,
    hostile_publishing,
    hostile_writer,
)
from tests.browser.hostile_writer import Hostile, Writer
from tests.payloads import PAYLOADS
from tests.world import World, ask


async def made(world: World, store: Store, *, long: bool) -> Hostile:
    """Write the payloads in the places of the world's database, which is open.

    Of what stands on a page of its own, which takes time to look at, some unless it is ``long``.
    """
    hostile = Hostile()

    async def write() -> None:
        writer = await hostile_writer.writer(world, hostile, uploads.Limits(store, 10_000))
        for number, payload in enumerate(PAYLOADS):
            for place, put in places(number, long=long).items():
                hostile.tried[place] += 1
                with suppress(Invalid):
                    await put(writer, payload)
                    hostile.taken[place] += 1

    await database.write(write)
    return hostile


def load(folder: Path) -> Hostile:
    """Return what was saved beside its database."""
    hostile: Hostile = pickle.loads((folder / "hostile.pickle").read_bytes())  # noqa: S301
    return hostile


# ---- Places, in the order in which they need each other --------------------------------------


async def _organisation(writer: Writer, payload: str) -> None:
    writer.organisation = await organisations.add_organisation(
        payload[:120], OrganisationKind.MUNICIPALITY
    )


async def _person(writer: Writer, payload: str) -> None:
    person = await people.add_person(payload[:120], title=payload[:120])
    await Person.filter(id=person.id).update(phone=payload[:40])
    membership = await members.add_member(writer.ann, person, writer.organisation.id)
    slug = writer.ann.network.slug
    writer.earlier, writer.author = writer.author, await door.enter(person, slug)
    writer.hostile.addresses["member"].append(addresses.member(slug, membership.id))


async def _area(writer: Writer, payload: str) -> None:
    area = await areas.add_area(writer.ann, payload[:80], payload[:300])
    writer.area_id = area.id


async def _thread(writer: Writer, payload: str) -> None:
    writer.thread = await ask(writer.author, payload[:160], payload, writer.area_id)
    address = addresses.thread(writer.ann.network.slug, writer.thread.id)
    writer.hostile.addresses["thread"].append(address)


async def _summary(writer: Writer, payload: str) -> None:
    await summaries.summarise(writer.ann, writer.thread.id, payload, "")
    address = addresses.thread(writer.slug, writer.thread.id)
    writer.hostile.addresses["summarised"].append(address)


async def _reply(writer: Writer, payload: str) -> None:
    thread_id, written = writer.world.thread.id, writer.hostile.addresses["quoting"]
    nonce = f"hostile-{len(written)}"
    reply = await discussions.post_reply(writer.author, thread_id, payload, nonce)
    written.append(f"{addresses.thread(writer.ann.network.slug, thread_id)}?quote={reply.number}")


async def _change(writer: Writer, payload: str) -> None:
    """What one has written oneself is changed, and both texts can be compared."""
    thread_id = writer.thread.id
    nonce = f"change-{writer.hostile.tried['a change']}"
    reply = await discussions.post_reply(writer.ann, thread_id, f"Före.\n\n{payload}", nonce)
    changed = Wording(f"{payload}\n\nEfter {payload}", revision=1)
    await revisions.edit(writer.ann, thread_id, reply.number, changed)
    # Nobody may change more than so much in an hour, nor could she.
    await FailedLogin.all().delete()
    address = addresses.permalink(writer.ann.network.slug, thread_id, reply.number)
    writer.hostile.addresses["change"].append(address)


async def _file(writer: Writer, payload: str) -> None:
    """A file and an image have the name, and the image is described by it."""
    ids = []
    for like, ending in zip(writer.files, ("", ".png"), strict=True):
        values = {name: getattr(like, name) for name in COPIED}
        name = uploads.checked_name(payload + ending)
        person_id = writer.ann.person.id
        row = await writer.ann.create(
            Attachment, person_id=person_id, name=name, created_at=clock.now(), **values
        )
        ids.append(row.id)
    alts = dict.fromkeys(ids, payload)
    nonce, thread_id = writer.nonce("file"), writer.thread.id
    reply = await discussions.post_reply(writer.ann, thread_id, "Fil.", nonce, files=ids, alts=alts)
    address = addresses.permalink(writer.slug, thread_id, reply.number)
    writer.hostile.addresses["file"].append(address)


COPIED = ("media_type", "size", "blob_id", "width", "height")


async def _network(writer: Writer, payload: str) -> None:
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
    charlie = await door.enter(writer.world["charlie"], network.slug)
    await areas.add_area(charlie, payload[:80], payload[:300])


Put = Callable[[Writer, str], Awaitable[None]]

#: What lists show.
LISTED: Mapping[str, Put] = {
    "an organisation’s name": _organisation,
    "a person’s name, title and telephone": _person,
    "a subject area’s name and description": _area,
    "a thread’s title and text": _thread,
    "a reply": _reply,
    "a network’s name and description": _network,
}
#: What stands on a page of its own.
ALONE: Mapping[str, Put] = {
    "a summary": _summary,
    "a change": _change,
    "a file’s name and description": _file,
    "a short version": hostile_asking.short_version,
    "a question to all": hostile_asking.asked_of_all,
    "what is wanted": hostile_asking.wanted_there,
    "why something was removed": hostile_asking.reason,
    "drafts": hostile_asking.draft,
    "a publication": hostile_publishing.publication,
    "what is said of a document": hostile_documents.document,
    "what is said of one that was discarded": hostile_documents.discarded,
}
#: On how many pages of each kind one looks in every run.
FEW = 10


def places(number: int, *, long: bool) -> Mapping[str, Put]:
    """Return the places that the payload of this number goes into, in the order of their needs.

    In every run each place of ALONE has a few, and not the same as the next place.
    """
    if long:
        return {**LISTED, **ALONE}
    turns = len(PAYLOADS) // FEW
    turn = {place: index * turns // len(ALONE) for index, place in enumerate(ALONE)}
    chosen = {place: ALONE[place] for place in ALONE if number % turns == turn[place]}
    return {**LISTED, **chosen}


def looked_at(addresses: list[str], *, long: bool) -> list[str]:
    """Return those that one looks at."""
    return addresses if long else addresses[:: max(1, len(addresses) // FEW)]


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
    ("ann", "/n/boendestod/documents"),
    ("ann", "/n/boendestod/documents/unsearchable"),
    ("ann", "/n/boendestod/trash"),
    ("ann", "{document}"),
    ("ann", "{document}/versions/1"),
    ("ann", "{document}/versions/1/acts"),
    ("ann", "{document}/versions/new"),
    ("ann", "{document}/versions/1/weeding"),
    ("ann", "{document}/comparison"),
    ("ann", "{document}/edit"),
    ("ann", "{document}/place"),
    ("ann", "{document}/thread"),
    ("ann", "{discarded}/weeding"),
    ("ann", "/n/boendestod/members"),
    ("ann", "/n/boendestod/members/new"),
    ("ann", "{thread}"),
    ("ann", "{summarised}"),
    ("ann", "{summarised}/summary"),
    ("ann", "{thread}/area"),
    ("ann", "{thread}/posts/1/erasure"),
    ("ann", "{change}/edit"),
    ("ann", "{change}/revisions"),
    ("ann", "{change}/split"),
    ("ann", "{change}/erasure"),
    ("ann", "{file}/edit"),
    ("ann", "{file}/erasure"),
    ("ann", "{short}"),
    ("ann", "{short}/posts/1/edit"),
    ("ann", "{short}/posts/1/revisions"),
    ("ann", "{asked}"),
    ("ann", "{wanted}"),
    ("ann", "{erased}/revisions"),
    ("ann", "/publikationer"),
    ("ann", "{publication}"),
    ("ann", "{publishing}"),
    ("ann", "/n/boendestod/publications"),
    ("ann", "/to-answer"),
    ("ann", "/new-posts"),
    ("ann", "/n/boendestod/threads/similar?title=script+trap+img+src+onerror"),
    ("ann", "/account/profile"),
    ("ann", "{quoting}"),
    ("ann", "{member}"),
    ("charlie", "/"),
    ("charlie", "/networks"),
    ("charlie", "/write"),
    ("charlie", "{network}"),
    ("charlie", "{begun}/threads/new"),
    ("charlie", "{begun}"),
    ("charlie", "{answering}"),
    ("charlie", "{network}/settings"),
    ("olga", "/operator/networks"),
    ("olga", "/operator/networks/new"),
)

_DATES = dict.fromkeys(("answer_by", "wanted_month", "last_day"), "{all}")
#: A draft that is not saved.
NUMBERED = "{all} 640823-3234"

#: Who sends what where, to have it shown again: {all} stands for every payload in one text,
#: {some} for as many as a text may hold. "bob, easy" has chosen easy reading.
FORMS: tuple[tuple[str | None, str, Mapping[str, str], int], ...] = (
    (None, "/login", {"username": "{all}", "password": "x", "next": "{all}"}, 422),
    (None, "/login-links", {"username": "{all}"}, 303),
    ("ann", "/n/boendestod/threads", {"kind": "question", "title": "{all}", "body": "{all}"}, 422),
    ("ann", "/n/boendestod/threads", {"kind": "{some}", "area": "{some}", "body": "x"}, 422),
    ("ann", "/n/boendestod/threads", {"kind": "notice", "short": "{all}", "ends_on": "{all}"}, 422),
    ("ann", "/n/boendestod/threads", {"kind": "question", "asks_all": "yes", **_DATES}, 422),
    ("ann", "/n/boendestod/threads", {"kind": "wanted", "wanted_in": "{all}", **_DATES}, 422),
    ("bob, easy", "/n/boendestod/threads", {"kind": "question", "body": "{all}"}, 422),
    ("bob, easy", "/n/boendestod/threads", {"body": "{some}", "next": "yes"}, 200),
    ("bob, easy", "/n/boendestod/threads", {"body": "x", "title": "{all}", "titled": "yes"}, 422),
    ("ann", "/n/boendestod/drafts", {"place": "new", "title": "{all}", "body": NUMBERED}, 422),
    ("ann", "/n/boendestod/drafts", {"place": "thread-1", "body": NUMBERED}, 422),
    ("ann", "/n/boendestod/threads/1/replies", {"body": "{all}"}, 422),
    ("ann", "/n/boendestod/threads/1/replies", {"body": "{some}", "preview": "yes"}, 200),
    ("ann", "/n/boendestod/threads/1/summary", {"body": "{all}"}, 422),
    ("ann", "/n/boendestod/threads/1/posts/1/edit", {"title": "{all}", "body": "{all}"}, 422),
    ("ann", "/n/boendestod/threads/1/posts/1/edit", {"short": "{all}", "body": "x"}, 422),
    ("ann", "/n/boendestod/threads/1/posts/1/edit", {"title": "x", "body": "{some}"}, 409),
    ("ann", "/n/boendestod/threads/1/posts/2/erasure", {"reason": "{all}", "part": "{all}"}, 422),
    ("ann", "/n/boendestod/threads/1/posts/2/split", {"title": "{all}", "kind": "question"}, 422),
    ("ann", "/account/profile", {"name": "{all}", "title": "{all}", "phone": "{all}"}, 422),
    ("ann", "/account/app-passwords", {"name": "{all}"}, 422),
    ("ann", "/n/boendestod/areas", {"name": "{all}", "description": "{all}"}, 422),
    ("ann", "/n/boendestod/folders/1/folders", {"name": "{all}"}, 422),
    ("ann", "/n/boendestod/folders/1/files", {"kind": "{all}", "term": "{all}"}, 422),
    ("ann", "/n/boendestod/documents/1/edit", {"name": "{all}", "description": "{all}"}, 422),
    ("ann", "/n/boendestod/documents/1/edit", {"name": "x", "keywords": "{all}"}, 422),
    ("ann", "/n/boendestod/documents/1/place", {"folder": "1", "name": "{all}"}, 422),
    ("ann", "/n/boendestod/documents/1/thread", {"title": "{all}", "body": "{all}"}, 422),
    ("ann", "/n/boendestod/documents/1/thread", {"address": "{all}"}, 422),
    ("ann", "/n/boendestod/documents/1/versions", {"note": "{all}", "based_on": "{some}"}, 422),
    ("ann", "/n/boendestod/documents/1/versions/1/label", {"label": "{all}"}, 422),
    ("ann", "/n/boendestod/documents/1/versions/1/weeding", {"reason": "{all}"}, 422),
    ("ann", "/n/boendestod/members", {"person": "{all}", "organisation": "{some}"}, 422),
    ("ann", "/n/boendestod/settings", {"name": "{all}", "description": "{all}"}, 422),
    ("ann", "/account/password", {"current_password": "{all}", "password": "{all}"}, 422),
    ("olga", "/operator/networks/new", {"name": "{all}", "slug": "{all}", "person": "{all}"}, 422),
)
