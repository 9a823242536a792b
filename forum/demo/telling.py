"""Letting a demo network happen: opened, written in by its members, and moved back in time.

Each act is done by the verb that people use, as the person who did it, in the order in which it
happened: ids, numbers and events come out as they would have. Only the times are set afterwards.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

from forum import (
    addresses,
    areas,
    asking,
    discussions,
    marks,
    members,
    moderation,
    networks,
    read_marks,
    reminders,
    revisions,
    summaries,
    thanks,
    wanted,
)
from forum.demo.shapes import Answer, Room, Seat, Thank, Topic, When, markdown, moment
from forum.new_threads import NewThread
from forum.revisions import Wording
from storage import clock, door
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.networks import Network
from storage.organisations import Organisation
from storage.people import Person

#: How many days ago the networks were opened.
OPENED = 430

Act = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part: everybody by username, and whom she represents."""

    operator: Person
    people: dict[str, Person]
    employers: dict[str, Organisation]

    async def enter(self, username: str, slug: str) -> Inside:
        """Go in by the door as somebody."""
        return await door.enter(self.people[username], slug)


@dataclass(slots=True)
class _Told:
    """A topic and what has come of it so far. ``reply_ids`` are in the order of the answers."""

    key: str
    topic: Topic
    thread_id: int = 0
    reply_ids: list[int] = field(default_factory=list)


async def tell(cast: Cast, room: Room, visits: dict[str, When]) -> None:
    """Make a network, its members and everything written in it.

    ``visits`` says when somebody was last here: what came later is unread to her. Call it within
    a write.
    """
    await _open(cast, room)
    told = [_Told(f"{room.slug[:20]}-{n}", topic) for n, topic in enumerate(room.topics, 1)]
    acts = [act for one in told for act in _acts(cast, room, one)]
    for _at, act in sorted(acts, key=lambda act: act[0]):
        await act()
    for username, visit in visits.items():
        if username == room.coordinator or any(seat.username == username for seat in room.seats):
            await _visit(await cast.enter(username, room.slug), told, moment(visit))
    await _close(cast, room)


def days_ago(days: int) -> date:
    """Return the date so many days before today; a negative number lies ahead."""
    return clock.today() - timedelta(days=days)


async def _open(cast: Cast, room: Room) -> None:
    parent = await Network.get(slug=room.parent) if room.parent else None
    network = await networks.create_network(
        cast.operator,
        room.name,
        cast.people[room.coordinator],
        cast.employers[room.coordinator],
        kind=room.kind,
        description=room.description,
        slug=room.slug,
        parent_id=parent.id if parent else None,
    )
    inside = await cast.enter(room.coordinator, room.slug)
    for name, description in room.areas:
        await areas.add_area(inside, name, description)
    for seat in room.seats:
        await _add_member(cast, inside, seat)
    opened = clock.beginning(days_ago(OPENED))
    await Network.filter(id=network.id).update(created_at=opened)
    await inside.events.update(at=opened)
    await inside.memberships.filter(id=inside.membership.id).update(
        starts_on=days_ago(OPENED), created_at=opened
    )


async def _add_member(cast: Cast, inside: Inside, seat: Seat) -> None:
    membership = await members.add_member(
        inside,
        cast.people[seat.username],
        cast.employers[seat.username].id,
        function=seat.function,
        role=seat.role,
        starts_on=days_ago(seat.since),
        ends_on=None if seat.until is None else days_ago(-seat.until),
    )
    await inside.memberships.filter(id=membership.id).update(
        created_at=clock.beginning(days_ago(seat.since))
    )


def _acts(cast: Cast, room: Room, told: _Told) -> list[tuple[datetime, Act]]:
    """Return what happens in a thread, each with its moment."""
    topic, asker = told.topic, told.topic.by
    acts: list[tuple[datetime, Act]] = [
        (moment(topic.when), partial(_begin, cast, room.slug, told)),
    ]
    for index, answer in enumerate(topic.answers):
        acts.append((moment(answer.when), partial(_reply, cast, room.slug, told, answer)))
        if answer.helped:
            at = moment(answer.helped)
            acts.append((at, partial(_mark_helpful, cast, room.slug, told, asker, index, at)))
        if answer.edited:
            at = moment(answer.edited)
            acts.append((at, partial(_edit, cast, room.slug, told, index, at)))
    for name, when in (("pinned_at", topic.pinned), ("closed_at", topic.closed)):
        if when:
            acts.append((moment(when), partial(_moderate, cast, room, told, name, moment(when))))
    if topic.solved:
        at = moment(topic.solved)
        acts.append((at, partial(_mark_solved, cast, room.slug, told, asker, at)))
    if topic.reminded:
        at = moment(topic.reminded)
        acts.append((at, partial(_remind, cast, room, told, at)))
    if topic.summary:
        at = moment(topic.summary[0])
        acts.append((at, partial(_summarise, cast, room.slug, told, at)))
    for username, when in topic.joined:
        at = moment(when)
        acts.append((at, partial(_join, cast, room.slug, told, username, at)))
    for thank in topic.thanks:
        acts.append((moment(thank.when), partial(_thank, cast, room.slug, told, thank)))
    return acts


async def _begin(cast: Cast, slug: str, told: _Told) -> None:
    topic, at = told.topic, moment(told.topic.when)
    inside = await cast.enter(topic.by, slug)
    area = await inside.areas.get(name=topic.area)
    last_day = days_ago(-topic.on_top)
    draft = NewThread(
        kind=topic.kind,
        title=topic.title,
        area_id=area.id,
        body=markdown(topic.body),
        short=markdown(topic.short),
        ends_on=max(last_day, clock.today()) if topic.kind == ThreadKind.NOTICE else None,
        asks_all=topic.answer_by is not None,
        answer_by=None if topic.answer_by is None else clock.today(),
    )
    if topic.kind == ThreadKind.WANTED:
        draft = _wanted(draft, cast.employers[topic.by])
    thread = await discussions.create_thread(inside, draft, told.key)
    told.thread_id = thread.id
    rows = inside.threads.filter(id=thread.id)
    await rows.update(created_at=at, last_posted_at=at)
    if topic.kind == ThreadKind.NOTICE:
        # The verb refuses a last day that has passed, as this one had not when it was written.
        await rows.update(ends_on=last_day)
    if topic.answer_by is not None:
        await rows.update(answer_by=days_ago(-topic.answer_by))
    await inside.my_read_marks.filter(thread_id=thread.id).update(at=at)
    await _happened(inside, at)


async def _reply(cast: Cast, slug: str, told: _Told, answer: Answer) -> None:
    at = moment(answer.when)
    inside = await cast.enter(answer.by, slug)
    # Who answers has read what is there.
    await read_marks.mark_read(inside, told.thread_id, len(told.reply_ids) + 1)
    body = _quotation(cast, slug, told, answer) + markdown(answer.first or answer.body)
    key = f"{told.key}-{len(told.reply_ids) + 1}"
    reply = await discussions.post_reply(inside, told.thread_id, body, key)
    told.reply_ids.append(reply.id)
    await inside.replies.filter(id=reply.id).update(created_at=at)
    await inside.threads.filter(id=told.thread_id).update(last_posted_at=at)
    await inside.my_read_marks.filter(thread_id=told.thread_id).update(at=at)
    await _happened(inside, at)


def _quotation(cast: Cast, slug: str, told: _Told, answer: Answer) -> str:
    if answer.quotes is None:
        return ""
    number, passage = answer.quotes
    author = told.topic.by if number == 1 else told.topic.answers[number - 2].by
    link = addresses.post(slug, told.thread_id, number)
    return f"> {passage}\n>\n> — [{cast.people[author].name}]({link})\n\n"


async def _edit(cast: Cast, slug: str, told: _Told, index: int, at: datetime) -> None:
    answer = told.topic.answers[index]
    inside = await cast.enter(answer.by, slug)
    body = _quotation(cast, slug, told, answer) + markdown(answer.body)
    await revisions.edit(inside, told.thread_id, index + 2, Wording(body, 1))
    await inside.replies.filter(id=told.reply_ids[index]).update(edited_at=at)
    await _happened(inside, at)


async def _moderate(cast: Cast, room: Room, told: _Told, name: str, at: datetime) -> None:
    """Pin or close a thread, by the column that says when it was."""
    inside = await cast.enter(room.coordinator, room.slug)
    if name == "pinned_at":
        await moderation.pin(inside, told.thread_id, pinned=True)
    else:
        await moderation.close(inside, told.thread_id, closed=True)
    await inside.threads.filter(id=told.thread_id).update(**{name: at})
    await _happened(inside, at)


async def _mark_helpful(
    cast: Cast, slug: str, told: _Told, asker: str, index: int, at: datetime
) -> None:
    inside = await cast.enter(asker, slug)
    reply = await marks.mark_helpful(inside, told.reply_ids[index], helpful=True)
    await inside.replies.filter(id=reply.id).update(helped_at=at)
    await _happened(inside, at)


async def _mark_solved(cast: Cast, slug: str, told: _Told, asker: str, at: datetime) -> None:
    inside = await cast.enter(asker, slug)
    await marks.mark_solved(inside, told.thread_id, solved=True)
    await inside.threads.filter(id=told.thread_id).update(solved_at=at)
    await _happened(inside, at)


async def _remind(cast: Cast, room: Room, told: _Told, at: datetime) -> None:
    inside = await cast.enter(room.coordinator, room.slug)
    await reminders.remind(inside, told.thread_id)
    await inside.reminders.filter(thread_id=told.thread_id).update(at=at)
    await _happened(inside, at)


async def _summarise(cast: Cast, slug: str, told: _Told, at: datetime) -> None:
    if told.topic.summary is None:
        return
    inside = await cast.enter(told.topic.by, slug)
    await summaries.summarise(inside, told.thread_id, markdown(told.topic.summary[1]), "")
    await inside.threads.filter(id=told.thread_id).update(summary_at=at)
    await _happened(inside, at)


async def _join(cast: Cast, slug: str, told: _Told, username: str, at: datetime) -> None:
    inside = await cast.enter(username, slug)
    await wanted.join(inside, told.thread_id, joining=True)
    await inside.volunteers.filter(thread_id=told.thread_id, person_id=inside.person.id).update(
        at=at
    )
    await _happened(inside, at)


async def _thank(cast: Cast, slug: str, told: _Told, thank: Thank) -> None:
    inside, at = await cast.enter(thank.by, slug), moment(thank.when)
    await thanks.thank(inside, told.thread_id, thank.number, thanked=True)
    mine = inside.thanks.filter(thread_id=told.thread_id, person_id=inside.person.id)
    await mine.filter(number=thank.number).update(at=at)
    await _happened(inside, at)


def _wanted(draft: NewThread, home: Organisation) -> NewThread:
    """Look for somebody at home, in the month after this one."""
    month = asking.last_of(clock.today()) + timedelta(days=1)
    return replace(draft, wanted_in=home.id, wanted_month=month, ends_on=month + timedelta(days=13))


async def _happened(inside: Inside, at: datetime) -> None:
    """Date the event of what has just been done."""
    latest = await inside.events.order_by("-seq").first()
    if latest is not None:
        await inside.events.filter(id=latest.id).update(at=at)


async def _visit(inside: Inside, threads: list[_Told], at: datetime) -> None:
    """Have read, at that moment, everything that was there."""
    for told in threads:
        if moment(told.topic.when) <= at:
            seen = sum(moment(answer.when) <= at for answer in told.topic.answers)
            await read_marks.mark_read(inside, told.thread_id, 1 + seen)
    await inside.my_read_marks.filter(at__gt=at).update(at=at)


async def _close(cast: Cast, room: Room) -> None:
    """End what has ended: it could not be written in any more, so this comes last."""
    inside = await cast.enter(room.coordinator, room.slug)
    for seat in room.seats:
        if seat.ended is not None:
            person = cast.people[seat.username]
            membership = await inside.memberships.get(person_id=person.id)
            await members.end_member(inside, membership.id)
            await inside.memberships.filter(id=membership.id).update(ends_on=days_ago(seat.ended))
    if room.archived:
        await networks.change_network(
            inside, name=room.name, description=room.description, archived=True
        )
