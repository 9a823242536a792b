"""Asking and answering.

The text is rendered once, before the transaction; the transaction checks the role again, writes
the rows and last the event.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from forum import (
    asking,
    attachments,
    bodies,
    drafts,
    markup,
    personal_numbers,
    short_versions,
)
from forum.drafts import Writing
from forum.language import gettext as _
from forum.markup_bounds import has_words
from forum.refusals import Invalid
from forum.text import one_line
from storage import clock, database
from storage.database import made
from storage.discussions import Mention, Reply, Thread, ThreadKind
from storage.door import Inside
from storage.events import EventKind
from storage.readers import ReadMark
from storage.roles import Act

TITLE_LIMIT = 160


@dataclass(frozen=True, slots=True)
class NewThread:
    """What somebody has written and wants to post as a thread."""

    kind: ThreadKind
    title: str
    area_id: int | None
    body: str
    #: A notice's last day on top; the last day for joining in what is wanted.
    ends_on: date | None = None
    #: A question that asks every municipality says until when.
    asks_all: bool = False
    answer_by: date | None = None
    #: What is wanted says where, and the first day of the month.
    wanted_in: int | None = None
    wanted_month: date | None = None
    #: A coordinator's short version, see forum.short_versions.
    short: str = ""
    #: Her uploads, in their order, and what each shows: see forum.attachments.
    files: Sequence[int] = ()
    alts: attachments.Alts = field(default_factory=dict)
    #: Which of them, one at most, is the picture of the short version.
    pictures: Sequence[int] = ()


async def create_thread(
    inside: Inside, wanted: NewThread, nonce: str, writing: Writing | None = None
) -> Thread:
    """Post a question, a discussion or a notice; the same nonce twice gives the same thread.

    The draft that the form held is forgotten with it.
    Raises Forbidden for a notice by others than coordinators, Invalid with a reason per field.
    """
    inside.require(_act_of(wanted.kind))
    title = one_line(wanted.title)
    rendered, people, short = await _rendered(inside, wanted, title)

    async def create() -> Thread:
        await inside.recheck(_act_of(wanted.kind))
        earlier = await inside.threads.get_or_none(author_id=inside.person.id, form_nonce=nonce)
        if earlier is not None:
            return earlier
        if not await inside.areas.filter(id=wanted.area_id).exists():
            raise Invalid(area=_("Choose a subject area."))
        now = clock.now()
        thread = await inside.create(
            Thread,
            kind=wanted.kind,
            title=title,
            area_id=wanted.area_id,
            body=rendered.text,
            body_html=rendered.html,
            short=short[0],
            short_html=short[1],
            author_id=inside.person.id,
            organisation_id=inside.membership.organisation_id,
            created_at=now,
            last_posted_at=now,
            form_nonce=nonce,
            **_of_its_kind(wanted),
        )
        await _mention(inside, people, thread.id, None)
        await begin_following(inside, people, thread.id)
        if wanted.files:
            pictures = wanted.pictures[:1] if short[1] else ()
            await attachments.attach(inside, thread.id, 1, wanted.files, wanted.alts, pictures)
        await inside.create(
            ReadMark, thread_id=thread.id, person_id=inside.person.id, number=1, at=now
        )
        await drafts.forget_posted(inside, writing)
        await inside.record(EventKind.THREAD_CREATED, thread_id=thread.id)
        return thread

    return await database.write(create)


_SENT = """
    SELECT * FROM reply
    WHERE network_id = :network_id AND author_id = :person_id AND form_nonce = :form_nonce
"""
_ANSWERED = """
    UPDATE thread SET last_number = :number, last_posted_at = :now, version = version + 1
    WHERE network_id = :network_id AND id = :thread_id
"""
# Her own reply is read, unless there is something before it that she has not seen.
_READ = """
    UPDATE read_mark SET number = :number, at = :now
    WHERE network_id = :network_id AND person_id = :person_id AND thread_id = :thread_id
        AND number = :number - 1
"""


async def post_reply(
    inside: Inside,
    thread_id: int,
    body: str,
    nonce: str,
    writing: Writing | None = None,
    *,
    files: Sequence[int] = (),
    alts: attachments.Alts = MappingProxyType({}),
) -> Reply:
    """Post a reply with one's uploads; the same nonce twice gives the same reply.

    The draft that the form held is forgotten with it.
    Raises NotFound for no such thread, Forbidden, or Invalid with the reason.
    """
    inside.require(Act.REPLY)
    errors = await attachments.undescribed(inside, files, alts)
    try:
        rendered, people = await bodies.render(inside, body)
    except Invalid as invalid:
        errors = invalid.errors | errors
    if errors:
        raise Invalid(**errors)

    async def post() -> Reply:
        await inside.recheck(Act.REPLY)
        thread = await locked_thread(inside, thread_id)
        earlier = await inside.read(_SENT, form_nonce=nonce)
        if earlier:
            return made(Reply, earlier[0])
        if thread.closed_at is not None:
            raise Invalid(
                body=_("The thread was closed before your text was sent. Copy it if you need it.")
            )
        now = clock.now()
        number = thread.last_number + 1
        reply = await inside.create(
            Reply,
            thread_id=thread.id,
            number=number,
            body=rendered.text,
            body_html=rendered.html,
            author_id=inside.person.id,
            organisation_id=inside.membership.organisation_id,
            created_at=now,
            form_nonce=nonce,
        )
        await _mention(inside, people, thread.id, reply.id)
        await begin_following(inside, people, thread.id)
        if files:
            await attachments.attach(inside, thread.id, number, files, alts)
        await inside.change(_ANSWERED, thread_id=thread.id, number=number, now=now)
        await inside.change(_READ, thread_id=thread.id, number=number, now=now)
        await drafts.forget_posted(inside, writing)
        await inside.record(EventKind.REPLY_CREATED, thread_id=thread.id, reply_id=reply.id)
        return reply

    return await database.write(post)


async def locked_thread(inside: Inside, thread_id: int) -> Thread:
    """Within a write: return a thread and hold its row. Raises NotFound for no such thread."""
    return await inside.locked(Thread, thread_id)


def _of_its_kind(wanted: NewThread) -> dict[str, Any]:
    """Return what a thread of its kind has; what was filled in for another kind is left out."""
    if wanted.kind == ThreadKind.QUESTION:
        return {"answer_by": wanted.answer_by if wanted.asks_all else None}
    if wanted.kind == ThreadKind.NOTICE:
        return {"ends_on": wanted.ends_on}
    if wanted.kind == ThreadKind.WANTED:
        return {
            "wanted_in_id": wanted.wanted_in,
            "wanted_month": wanted.wanted_month,
            "ends_on": wanted.ends_on,
        }
    return {}


def title_trouble(title: str) -> dict[str, str]:
    """Return what is wrong with a thread's title, by the field's name; nothing when it can be."""
    if trouble := personal_numbers.problems_in(title=title):
        return trouble
    if not has_words(title):
        return {"title": _("Write a title.")}
    if len(title) > TITLE_LIMIT:
        limit = {"limit": TITLE_LIMIT}
        return {"title": _("The title may have at most %(limit)d characters.") % limit}
    return {}


def _act_of(kind: ThreadKind) -> Act:
    return Act.NOTIFY if kind == ThreadKind.NOTICE else Act.ASK


async def _rendered(
    inside: Inside, wanted: NewThread, title: str
) -> tuple[markup.Rendered, list[int], tuple[str, str]]:
    """Check the whole wanted and render its texts; every field's trouble is told at once."""
    errors = title_trouble(title)
    if wanted.area_id is None or not await inside.areas.filter(id=wanted.area_id).exists():
        errors["area"] = _("Choose a subject area.")
    if wanted.kind == ThreadKind.NOTICE and wanted.ends_on is None:
        errors["ends_on"] = _("Choose the last day that the notice is shown on top.")
    elif wanted.kind == ThreadKind.NOTICE and wanted.ends_on and wanted.ends_on < clock.today():
        errors["ends_on"] = _("Choose today or a later day.")
    if wanted.kind == ThreadKind.QUESTION and wanted.asks_all:
        errors |= asking.question_refused(wanted.answer_by)
    if wanted.kind == ThreadKind.WANTED:
        errors |= await asking.wanted_refused(
            inside, wanted.wanted_in, wanted.wanted_month, wanted.ends_on
        )
    try:
        rendered = await bodies.render(inside, wanted.body)
    except Invalid as invalid:
        errors |= invalid.errors
    try:
        short = await short_versions.rendered(inside, wanted.short)
    except Invalid as invalid:
        errors |= invalid.errors
    errors |= await attachments.undescribed(inside, wanted.files, wanted.alts)
    if errors:
        raise Invalid(**errors)
    return *rendered, short


async def _mention(inside: Inside, people: list[int], thread_id: int, reply_id: int | None) -> None:
    await inside.create_many(
        Mention,
        [
            {"thread_id": thread_id, "reply_id": reply_id, "person_id": person_id}
            for person_id in people
        ],
    )


_FOLLOWS = """
    INSERT INTO follow (network_id, thread_id, person_id, following, at)
    VALUES (:network_id, :thread_id, :follower_id, TRUE, :now)
    ON CONFLICT DO NOTHING
"""


async def begin_following(inside: Inside, people: list[int], thread_id: int) -> None:
    """Within a write: who writes or is mentioned follows, unless she has said otherwise before."""
    for person_id in sorted({inside.person.id, *people}):
        await inside.change(_FOLLOWS, thread_id=thread_id, follower_id=person_id, now=clock.now())
