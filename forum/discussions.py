"""Asking, answering and marking what helped.

The text is rendered once, before the transaction; the transaction checks the role again, writes
the rows and last the event.
"""

from dataclasses import dataclass
from datetime import date

from forum import addresses, markup
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.rendering_refused import explained
from forum.text import one_line
from storage import clock, database, door
from storage.discussions import Mention, ReadMark, Reply, Thread, ThreadKind
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act, Role

TITLE_LIMIT = 160


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody has written and wants to post as a thread."""

    kind: ThreadKind
    title: str
    area_id: int | None
    body: str
    #: A notice's last day on top.
    ends_on: date | None = None


async def create_thread(inside: Inside, draft: Draft, nonce: str) -> Thread:
    """Post a question, a discussion or a notice; the same nonce twice gives the same thread.

    Raises Forbidden for a notice by others than coordinators, Invalid with a reason per field.
    """
    inside.require(_act_of(draft.kind))
    title = one_line(draft.title)
    rendered, people = await _rendered(inside, draft, title)

    async def create() -> Thread:
        await inside.recheck(_act_of(draft.kind))
        earlier = await inside.threads.get_or_none(author_id=inside.person.id, form_nonce=nonce)
        if earlier is not None:
            return earlier
        now = clock.now()
        thread = await inside.create(
            Thread,
            kind=draft.kind,
            title=title,
            area_id=draft.area_id,
            body=draft.body,
            body_html=rendered.html,
            author_id=inside.person.id,
            organisation_id=inside.membership.organisation_id,
            created_at=now,
            last_posted_at=now,
            ends_on=draft.ends_on if draft.kind == ThreadKind.NOTICE else None,
            form_nonce=nonce,
        )
        await _mention(inside, people, thread.id, None)
        await inside.create(
            ReadMark, thread_id=thread.id, person_id=inside.person.id, number=1, at=now
        )
        await inside.record(EventKind.THREAD_CREATED, thread_id=thread.id)
        return thread

    return await database.write(create)


async def post_reply(inside: Inside, thread_id: int, body: str, nonce: str) -> Reply:
    """Post a reply; the same nonce twice gives the same reply.

    Raises NotFound for no such thread, Forbidden, or Invalid with the reason.
    """
    inside.require(Act.REPLY)
    if not await inside.threads.filter(id=thread_id).exists():
        raise door.NotFound
    rendered, people = await _render(inside, body)

    async def post() -> Reply:
        await inside.recheck(Act.REPLY)
        thread = await _locked(inside, thread_id)
        earlier = await inside.replies.get_or_none(author_id=inside.person.id, form_nonce=nonce)
        if earlier is not None:
            return earlier
        now = clock.now()
        number = thread.last_number + 1
        reply = await inside.create(
            Reply,
            thread_id=thread.id,
            number=number,
            body=body,
            body_html=rendered.html,
            author_id=inside.person.id,
            organisation_id=inside.membership.organisation_id,
            created_at=now,
            form_nonce=nonce,
        )
        await _mention(inside, people, thread.id, reply.id)
        await inside.threads.filter(id=thread.id).update(
            last_number=number, last_posted_at=now, version=thread.version + 1
        )
        # Her own reply is read, unless there is something before it that she has not seen.
        await inside.my_read_marks.filter(thread_id=thread.id, number=number - 1).update(
            number=number, at=now
        )
        await inside.record(EventKind.REPLY_CREATED, thread_id=thread.id, reply_id=reply.id)
        return reply

    return await database.write(post)


async def mark_helpful(inside: Inside, reply_id: int, *, helpful: bool) -> Reply:
    """Mark a reply to a question "Hjälpte oss", or take the mark away.

    Raises NotFound for no such reply to a question, Forbidden for others than the asker and
    coordinators.
    """

    async def mark() -> Reply:
        await inside.recheck(Act.MARK)
        found = await inside.replies.get_or_none(id=reply_id)
        if found is None:
            raise door.NotFound
        thread = await _asked(inside, found.thread_id)
        if (found.helped_at is not None) == helpful:
            return found
        found.helped_at = clock.now() if helpful else None
        found.helped_by_id = inside.person.id if helpful else None
        await inside.replies.filter(id=found.id).update(
            helped_at=found.helped_at, helped_by_id=found.helped_by_id, version=found.version + 1
        )
        await inside.threads.filter(id=thread.id).update(version=thread.version + 1)
        kind = EventKind.REPLY_HELPED if helpful else EventKind.REPLY_UNMARKED
        await inside.record(kind, thread_id=thread.id, reply_id=found.id)
        return found

    return await database.write(mark)


async def mark_solved(inside: Inside, thread_id: int, *, solved: bool) -> None:
    """Mark a question "Löst", or open it again. Raises as mark_helpful does."""

    async def mark() -> None:
        await inside.recheck(Act.MARK)
        thread = await _asked(inside, thread_id)
        if (thread.solved_at is not None) == solved:
            return
        await inside.threads.filter(id=thread.id).update(
            solved_at=clock.now() if solved else None,
            solved_by_id=inside.person.id if solved else None,
            version=thread.version + 1,
        )
        kind = EventKind.THREAD_SOLVED if solved else EventKind.THREAD_REOPENED
        await inside.record(kind, thread_id=thread.id)

    await database.write(mark)


def may_mark(inside: Inside, author_id: int) -> bool:
    """Say whether she may mark answers to a question by this author."""
    mine = author_id == inside.person.id
    return inside.may(Act.MARK) and (mine or inside.role == Role.COORDINATOR)


async def mark_read(inside: Inside, thread_id: int, number: int) -> None:
    """Note that she has been shown a thread up to this post. It never goes backwards.

    Raises NotFound for no such thread. Writes no event: it is nobody else's business.
    """

    async def mark() -> None:
        thread = await inside.threads.get_or_none(id=thread_id)
        if thread is None:
            raise door.NotFound
        shown = max(1, min(number, thread.last_number))
        values = {"number": shown, "at": clock.now()}
        row, made = await inside.get_or_create(
            ReadMark, values, thread_id=thread_id, person_id=inside.person.id
        )
        if not made and row.number < shown:
            await inside.my_read_marks.filter(id=row.id).update(**values)

    await database.write(mark)


async def preview(inside: Inside, body: str) -> str:
    """Return the HTML that a text would get. Raises Invalid with the reason."""
    inside.require(Act.REPLY)
    rendered, _people = await _render(inside, body)
    return rendered.html


def _act_of(kind: ThreadKind) -> Act:
    return Act.NOTIFY if kind == ThreadKind.NOTICE else Act.ASK


async def _rendered(inside: Inside, draft: Draft, title: str) -> tuple[markup.Rendered, list[int]]:
    """Check the whole draft and render its body; every field's trouble is told at once."""
    errors: dict[str, str] = {}
    if not title:
        errors["title"] = _("Write a title.")
    elif len(title) > TITLE_LIMIT:
        errors["title"] = _("The title may have at most %(limit)d characters.") % {
            "limit": TITLE_LIMIT
        }
    if draft.area_id is None or not await inside.areas.filter(id=draft.area_id).exists():
        errors["area"] = _("Choose a subject area.")
    if draft.kind == ThreadKind.NOTICE and draft.ends_on is None:
        errors["ends_on"] = _("Choose the last day that the notice is shown on top.")
    elif draft.ends_on is not None and draft.ends_on < clock.today():
        errors["ends_on"] = _("Choose today or a later day.")
    try:
        rendered = await _render(inside, draft.body)
    except Invalid as invalid:
        errors |= invalid.errors
    if errors:
        raise Invalid(**errors)
    return rendered


async def _render(inside: Inside, body: str) -> tuple[markup.Rendered, list[int]]:
    """Return the rendered body and the ids of the members whom it mentions."""
    named = sorted(markup.usernames_in(body))
    people: dict[str, int] = {}
    known: dict[str, markup.Mention] = {}
    for row in await _members_named(inside, named):
        people[row["username"]] = row["person_id"]
        known[row["username"]] = markup.Mention(
            username=row["username"],
            name=row["name"],
            href=addresses.member(inside.network.slug, row["id"]),
        )
    try:
        rendered = await markup.render(body, known)
    except markup.MarkupRefused as refused:
        raise Invalid(body=explained(refused)) from refused
    return rendered, [people[name] for name in sorted(rendered.mentioned)]


async def _members_named(inside: Inside, usernames: list[str]) -> list[database.Row]:
    if not usernames:
        return []
    named = {f"u_{_letters(index)}": name for index, name in enumerate(usernames)}
    places = ", ".join(f":{name}" for name in named)
    return await inside.read(
        f"""
        SELECT m.id, m.person_id, p.username, p.name
        FROM membership m JOIN person p ON p.id = m.person_id
        WHERE m.network_id = :network_id AND p.username IN ({places})
            AND m.starts_on <= :today AND (m.ends_on IS NULL OR m.ends_on >= :today)
        """,  # noqa: S608 (only parameter names are put in)
        **named,
    )


def _letters(index: int) -> str:
    """Parameters have letters for names: 0 → "a", 27 → "bb"."""
    first, second = divmod(index, 26)
    return chr(97 + first) + chr(97 + second)


async def _mention(inside: Inside, people: list[int], thread_id: int, reply_id: int | None) -> None:
    await inside.create_many(
        Mention,
        [
            {"thread_id": thread_id, "reply_id": reply_id, "person_id": person_id}
            for person_id in people
        ],
    )


async def _locked(inside: Inside, thread_id: int) -> Thread:
    thread = await inside.threads.filter(id=thread_id).select_for_update().get_or_none()
    if thread is None:
        raise door.NotFound
    return thread


async def _asked(inside: Inside, thread_id: int) -> Thread:
    """Lock a question that she may mark."""
    thread = await _locked(inside, thread_id)
    if thread.kind != ThreadKind.QUESTION:
        raise door.NotFound
    if not may_mark(inside, thread.author_id):
        raise door.Forbidden("mark an answer")
    return thread
