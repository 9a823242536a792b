"""Making a reply a thread of its own. Its place stays, and leads there."""

from dataclasses import dataclass

from forum import posts
from forum.refusals import Invalid
from forum.text import one_line
from forum.threads import locked_thread
from forum.titles import title_trouble
from storage import clock, database, door
from storage.discussions import Reply, Thread, ThreadKind
from storage.door import Inside
from storage.events import EventKind
from storage.readers import Follow, ReadMark
from storage.revisions import Split
from storage.roles import Act

#: What a reply can become: the other kinds ask for more than a title.
KINDS = (ThreadKind.QUESTION, ThreadKind.DISCUSSION)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """What the reply becomes."""

    title: str
    kind: ThreadKind


async def split(inside: Inside, thread_id: int, number: int, wanted: NewPlace) -> int:
    """Make a reply a thread by the same author, and return the thread's id; once only.

    Texts, mentions, thanks and attachments go with it. Raises NotFound for no such reply and for a
    hidden one, Forbidden, Invalid with the reason.
    """
    inside.require(Act.MODERATE)
    title = one_line(wanted.title)
    if wanted.kind not in KINDS:
        raise door.NotFound
    if trouble := title_trouble(title):
        raise Invalid(**trouble)

    async def work() -> int:
        old = await locked_thread(inside, Act.MODERATE, thread_id)
        reply = await inside.replies.get_or_none(thread_id=thread_id, number=number)
        if reply is None:
            raise door.NotFound
        done = await inside.splits.get_or_none(reply_id=reply.id)
        if done is not None:
            return int(done.thread_id)
        if reply.hidden_at is not None:
            raise door.NotFound
        new = await _begin(inside, old, reply, title, wanted.kind)
        await _take_along(inside, reply, new, title)
        await _leave(inside, old, reply, new)
        await inside.record(EventKind.THREAD_CREATED, thread_id=new.id)
        await inside.record(EventKind.THREAD_SPLIT, thread_id=old.id, reply_id=reply.id)
        return int(new.id)

    return await database.write(work)


async def _begin(inside: Inside, old: Thread, reply: Reply, title: str, kind: ThreadKind) -> Thread:
    return await inside.create(
        Thread,
        kind=kind,
        title=title,
        area_id=old.area_id,
        body=reply.body,
        body_html=reply.body_html,
        author_id=reply.author_id,
        organisation_id=reply.organisation_id,
        created_at=reply.created_at,
        revision=reply.revision,
        edited_at=reply.edited_at,
        erased_at=reply.erased_at,
        last_posted_at=clock.now(),
        form_nonce=f"split-{reply.id}",
    )


async def _take_along(inside: Inside, reply: Reply, new: Thread, title: str) -> None:
    """Move what belongs to the post, and what its readers have to do with it."""
    there = {"thread_id": reply.thread_id, "number": reply.number}
    here = {"thread_id": new.id, "number": 1}
    await inside.mentions.filter(reply_id=reply.id).update(thread_id=new.id, reply_id=None)
    await inside.revisions.filter(**there).update(**here, title=title)
    for rows in (inside.thanks, inside.attachments, inside.erasures):
        await rows.filter(**there).update(**here)
    now = clock.now()
    await inside.create(Follow, thread_id=new.id, person_id=reply.author_id, following=True, at=now)
    # Who has read the reply where it stood has read the thread's own text.
    readers = await inside.read(
        "SELECT person_id FROM read_mark WHERE network_id = :network_id"
        " AND thread_id = :thread_id AND number >= :number",
        **there,
    )
    read_by = {row["person_id"] for row in readers} | {inside.person.id, reply.author_id}
    mark = {"thread_id": new.id, "number": 1, "at": now}
    await inside.create_many(ReadMark, [{**mark, "person_id": one} for one in sorted(read_by)])


async def _leave(inside: Inside, old: Thread, reply: Reply, new: Thread) -> None:
    """Leave the reply's place empty: it counts as hidden, and its row leads to the thread."""
    await inside.create(Split, reply_id=reply.id, thread_id=new.id)
    await posts.amend(
        inside,
        old,
        reply,
        body="",
        body_html="",
        helped_at=None,
        helped_by_id=None,
        hidden_at=clock.now(),
        hidden_by_id=inside.person.id,
    )
