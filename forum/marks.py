"""Marking an answer "Hjälpte oss" and a question "Löst"."""

from forum import posts
from forum.threads import change_thread, locked_thread
from storage import clock, database, door
from storage.discussions import Reply, Thread, ThreadKind
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act, Role


async def mark_helpful(inside: Inside, reply_id: int, *, helpful: bool) -> Reply:
    """Mark a reply to a question "Hjälpte oss", or take the mark away.

    Raises NotFound for no such reply to a question, Forbidden for others than the asker and
    coordinators.
    """

    async def mark() -> Reply:
        found = await inside.replies.get_or_none(id=reply_id)
        if found is None:
            raise door.NotFound
        thread = await _asked(inside, found.thread_id)
        # Read again now that the thread is held: another may have marked it meanwhile.
        found = await inside.replies.get(id=reply_id)
        if found.hidden_at is not None:
            raise door.NotFound
        if (found.helped_at is not None) == helpful:
            return found
        found.helped_at = clock.now() if helpful else None
        found.helped_by_id = inside.person.id if helpful else None
        helped = {"helped_at": found.helped_at, "helped_by_id": found.helped_by_id}
        await posts.amend(inside, thread, found, **helped)
        kind = EventKind.REPLY_HELPED if helpful else EventKind.REPLY_UNMARKED
        await posts.record(inside, kind, found)
        return found

    return await database.write(mark)


async def mark_solved(inside: Inside, thread_id: int, *, solved: bool) -> None:
    """Mark a question "Löst", or open it again. Raises as mark_helpful does."""

    async def mark() -> None:
        thread = await _asked(inside, thread_id)
        if (thread.solved_at is not None) == solved:
            return
        await change_thread(
            inside,
            thread,
            solved_at=clock.now() if solved else None,
            solved_by_id=inside.person.id if solved else None,
        )
        kind = EventKind.THREAD_SOLVED if solved else EventKind.THREAD_REOPENED
        await inside.record(kind, thread_id=thread.id)

    await database.write(mark)


def may_mark(inside: Inside, author_id: int) -> bool:
    """Say whether she may mark answers to a question by this author."""
    mine = author_id == inside.person.id
    return inside.may(Act.MARK) and (mine or inside.role == Role.COORDINATOR)


async def _asked(inside: Inside, thread_id: int) -> Thread:
    """Lock a question that she may mark."""
    thread = await locked_thread(inside, Act.MARK, thread_id)
    if thread.kind != ThreadKind.QUESTION:
        raise door.NotFound
    if not may_mark(inside, thread.author_id):
        raise door.Forbidden("mark an answer")
    return thread
