"""How far each member has read a thread."""

from storage import clock, database, door
from storage.door import Inside
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
