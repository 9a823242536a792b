"""Hostile short versions, questions to all, things that are wanted, drafts, and reasons."""

from forum import addresses, discussions, drafts, erasures, reminders, revisions, wanted
from forum.drafts import Writing
from forum.erasures import Removal
from forum.new_threads import NewThread
from forum.revisions import Wording
from storage import door
from storage.discussions import Thread, ThreadKind
from tests.browser.hostile_writer import Writer
from tests.world import ask, ask_all, look_for


async def short_version(writer: Writer, payload: str) -> None:
    """A coordinator's short version, and another one before it."""
    draft = NewThread(
        kind=ThreadKind.DISCUSSION,
        title=payload[:160],
        area_id=writer.area_id,
        body=payload,
        short=payload[:600],
    )
    thread = await discussions.create_thread(writer.ann, draft, writer.nonce("short"))
    _remember(writer, "short", thread)
    changed = Wording(payload, 1, payload[:160], f"Efter {payload}"[:600])
    await revisions.edit(writer.ann, thread.id, 1, changed)


async def asked_of_all(writer: Writer, payload: str) -> None:
    """A question to every municipality, which all but one are reminded of."""
    thread = await ask_all(writer.author, writer.area_id, payload[:160])
    _remember(writer, "asked", thread)
    await reminders.remind(writer.author, thread.id)


async def wanted_there(writer: Writer, payload: str) -> None:
    """Something is wanted in a hostile municipality, and somebody joins in; half are settled."""
    thread = await look_for(writer.author, writer.area_id, payload[:160])
    _remember(writer, "wanted", thread)
    await wanted.join(writer.earlier, thread.id, joining=True)
    if len(writer.hostile.addresses["wanted"]) % 2:
        await wanted.pair(writer.author, thread.id, {writer.earlier.person.id})


async def reason(writer: Writer, payload: str) -> None:
    """Why something was removed, which coordinators read in the post's history."""
    written = writer.hostile.addresses["erased"]
    text = f"Borttaget {len(written)}."
    thread_id = writer.thread.id
    reply = await discussions.post_reply(writer.author, thread_id, text, writer.nonce("erased"))
    removal = Removal(frozenset({"text"}), payload[:300])
    await erasures.erase(writer.ann, thread_id, reply.number, removal)
    written.append(addresses.permalink(writer.slug, thread_id, reply.number))


async def draft(writer: Writer, payload: str) -> None:
    """In her network, Charlie has begun a thread, and an answer to one that is called the same."""
    network = writer.hostile.addresses["network"][-1]
    there = network.rpartition("/")[2]
    charlie = await door.enter(writer.world["charlie"], there)
    area = await charlie.areas.all().first()
    assert area
    begun = ("kind", "question"), ("title", payload), ("body", payload), ("short", payload)
    await drafts.save(charlie, Writing(drafts.NEW), [*begun, ("area", str(area.id))])
    thread = await ask(charlie, payload[:160], payload, area.id)
    await drafts.save(charlie, Writing(drafts.for_reply(thread.id)), [("body", payload)])
    writer.hostile.addresses["begun"].append(network)
    writer.hostile.addresses["answering"].append(addresses.thread(there, thread.id))


def _remember(writer: Writer, kind: str, thread: Thread) -> None:
    writer.hostile.addresses[kind].append(addresses.thread(writer.slug, thread.id))
