"""Asking and answering.

The text is rendered once, before the transaction; the transaction checks the role again, writes
the rows and last the event.
"""

from collections.abc import Sequence
from types import MappingProxyType

from forum import attachments, bodies, drafts, new_threads
from forum.drafts import Writing
from forum.follows import FOLLOWS, begin_following
from forum.language import gettext as _
from forum.markup import Rendered
from forum.mentions import mention
from forum.new_threads import Checked, NewThread
from forum.refusals import Invalid
from forum.threads import locked_thread
from storage import clock, database
from storage.discussions import Reply, Thread
from storage.door import Inside
from storage.events import Changes, EventKind
from storage.readers import ReadMark
from storage.roles import Act
from storage.statements import made


async def create_thread(
    inside: Inside, wanted: NewThread, nonce: str, writing: Writing | None = None
) -> Thread:
    """Post a thread of any kind; the same nonce twice gives the same thread.

    The draft that the form held is forgotten with it.
    Raises Forbidden for a notice by others than coordinators, Invalid with a reason per field.
    """
    inside.require(wanted.act)
    checked = await new_threads.checked(inside, wanted)

    async def create() -> Thread:
        await inside.recheck(wanted.act)
        earlier = await inside.threads.get_or_none(author_id=inside.person.id, form_nonce=nonce)
        if earlier is not None:
            return earlier
        if not await inside.areas.filter(id=wanted.area_id).exists():
            raise Invalid(area=_("Choose a subject area."))
        thread = await _inserted_thread(inside, wanted, checked, nonce)
        await mention(inside, thread, checked.people)
        await begin_following(inside, [inside.person.id, *checked.people], thread.id)
        if wanted.files:
            pictures = wanted.pictures[:1] if checked.short[1] else ()
            await attachments.attach(inside, thread.id, 1, wanted.files, wanted.alts, pictures)
        mine = {"thread_id": thread.id, "person_id": inside.person.id}
        await inside.create(ReadMark, **mine, number=1, at=thread.created_at)
        await drafts.forget_posted(inside, writing)
        await inside.record(EventKind.THREAD_CREATED, thread_id=thread.id)
        return thread

    return await database.write(create)


async def _inserted_thread(
    inside: Inside, wanted: NewThread, checked: Checked, nonce: str
) -> Thread:
    now = clock.now()
    return await inside.create(
        Thread,
        kind=wanted.kind,
        title=checked.title,
        area_id=wanted.area_id,
        body=checked.body.text,
        body_html=checked.body.html,
        short=checked.short[0],
        short_html=checked.short[1],
        author_id=inside.person.id,
        organisation_id=inside.membership.organisation_id,
        created_at=now,
        last_posted_at=now,
        form_nonce=nonce,
        **wanted.of_its_kind,
    )


_SENT = """
    SELECT * FROM reply
    WHERE network_id = :network_id AND author_id = :person_id AND form_nonce = :form_nonce
"""
_INSERTED = """
    INSERT INTO reply (network_id, thread_id, number, body, body_html, author_id, organisation_id,
        created_at, version, revision, form_nonce)
    VALUES (:network_id, :thread_id, :number, :body, :body_html, :person_id, :organisation_id,
        :now, 1, 1, :form_nonce)
    ON CONFLICT (author_id, form_nonce) DO NOTHING
    RETURNING *
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
    rendered, people = await _rendered(inside, body, files, alts)

    async def post() -> Reply:
        thread = await locked_thread(inside, Act.REPLY, thread_id)
        reply = None
        if thread.closed_at is None:
            reply = await _inserted_reply(inside, thread, rendered, nonce)
        if reply is None:
            earlier = await inside.read(_SENT, form_nonce=nonce)
            if earlier:
                return made(Reply, earlier[0])
            raise Invalid(
                body=_("The thread was closed before your text was sent. Copy it if you need it.")
            )
        await mention(inside, reply, people)
        await begin_following(inside, people, thread.id)
        if files:
            await attachments.attach(inside, thread.id, reply.number, files, alts)
        await drafts.forget_posted(inside, writing)
        place = {"thread_id": thread.id, "number": reply.number, "now": reply.created_at}
        hers = {"follower_id": inside.person.id}
        await inside.record(
            EventKind.REPLY_CREATED,
            beside=Changes((_ANSWERED, _READ, FOLLOWS), place | hers),
            thread_id=thread.id,
            reply_id=reply.id,
        )
        return reply

    return await database.write(post)


async def _rendered(
    inside: Inside, body: str, files: Sequence[int], alts: attachments.Alts
) -> tuple[Rendered, list[int]]:
    """Return a reply's text and whom it mentions. Raises Invalid with every field's trouble."""
    errors = await attachments.undescribed(inside, files, alts)
    try:
        rendered = await bodies.render(inside, body)
    except Invalid as invalid:
        errors = invalid.errors | errors
    if errors:
        raise Invalid(**errors)
    return rendered


async def _inserted_reply(
    inside: Inside, thread: Thread, body: Rendered, nonce: str
) -> Reply | None:
    """Return the reply, or None when its form has made one before."""
    rows = await inside.change(
        _INSERTED,
        thread_id=thread.id,
        number=thread.last_number + 1,
        body=body.text,
        body_html=body.html,
        organisation_id=inside.membership.organisation_id,
        now=clock.now(),
        form_nonce=nonce,
    )
    return made(Reply, rows[0]) if rows else None
