"""How far each member has read, thread by thread or all at once."""

from datetime import datetime

from storage import clock, database, door
from storage.door import Inside
from storage.people import Person
from storage.readers import ReadMark
from storage.roles import Act


async def mark_read(inside: Inside, thread_id: int, number: int) -> None:
    """Note that she has been shown a thread up to this post. It never goes backwards.

    Raises NotFound for no such thread. Writes no event: it is nobody else's business.
    """

    async def mark() -> None:
        await inside.recheck(Act.READ)
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


async def mark_all_read(inside: Inside) -> None:
    """Note that what has been written in the network so far is not new to her."""

    async def mark() -> None:
        await inside.recheck(Act.READ)
        await inside.my_membership.update(read_at=clock.now())

    await database.write(mark)


async def mark_everything_read(person: Person) -> None:
    """Do so in every network that she is a member of."""
    for inside in await door.enter_all(person):
        await mark_all_read(inside)


def new_since(inside: Inside) -> datetime:
    """Return the moment before which nothing is new to her.

    She has not missed what was written before she joined, and has done with what she marked.
    """
    joined_at = clock.beginning(inside.membership.starts_on)
    return max(joined_at, inside.membership.read_at or joined_at)
