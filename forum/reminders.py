"""Reminding those municipalities that have not answered a question that asks them all."""

from datetime import datetime

from forum import organisations
from forum.language import gettext as _
from forum.marks import may_mark
from forum.refusals import Invalid
from forum.threads import change_thread, locked_thread
from storage import clock, database, door
from storage.discussions import Thread
from storage.door import Inside
from storage.events import Audience, EventKind
from storage.networks import PRESENT
from storage.readers import Reminder
from storage.roles import Act


async def remind(inside: Inside, thread_id: int) -> None:
    """Remind the members of those municipalities that have not answered.

    Raises NotFound for a thread that does not ask every municipality, Forbidden for others than
    the asker and coordinators, Invalid when nobody is to be reminded, or not again today.
    """

    async def tell() -> None:
        thread = await locked_thread(inside, Act.MARK, thread_id)
        if thread.answer_by is None:
            raise door.NotFound
        if not may_mark(inside, thread.author_id):
            raise door.Forbidden("remind")
        await _refuse_too_much(inside, thread)
        persons = await _silent(inside, thread)
        now = clock.now()
        await inside.create(Reminder, thread_id=thread_id, person_id=inside.person.id, at=now)
        await change_thread(inside, thread)
        await inside.record(
            EventKind.THREAD_REMINDED,
            audience=Audience.PERSONS,
            persons=persons,
            thread_id=thread_id,
        )

    await database.write(tell)


def awaits_answers(thread: Thread) -> bool:
    """Say whether a thread asks every municipality and is not done with."""
    over = thread.solved_at or thread.closed_at or thread.hidden_at
    return thread.answer_by is not None and over is None


def may_be_sent(thread: Thread, last_at: datetime | None) -> bool:
    """Say whether one may be sent now, when the last one was sent then: one a day is enough."""
    today = clock.beginning(clock.today())
    return awaits_answers(thread) and (last_at is None or last_at < today)


async def _refuse_too_much(inside: Inside, thread: Thread) -> None:
    if not awaits_answers(thread):
        raise Invalid(reminder=_("The question is done with: nobody needs a reminder."))
    last = await inside.reminders.filter(thread_id=thread.id).order_by("-at").first()
    if not may_be_sent(thread, last.at if last else None):
        raise Invalid(reminder=_("A reminder has been sent today. You can send another tomorrow."))


async def _silent(inside: Inside, thread: Thread) -> list[int]:
    """Return the ids of the members who are asked and whose municipality has not answered."""
    missing = (await organisations.answers(inside, thread)).missing_ids
    rows = await inside.read(
        f"""
        SELECT m.person_id, m.organisation_id FROM membership m JOIN person p ON p.id = m.person_id
        WHERE m.network_id = :network_id AND m.role <> 'guest' AND {PRESENT}
        ORDER BY m.person_id
        """  # noqa: S608 (put together from constants)
    )
    persons = [row["person_id"] for row in rows if row["organisation_id"] in missing]
    if not persons:
        raise Invalid(
            reminder=_("There is nobody to remind: every member’s municipality has answered.")
        )
    return persons
