"""Pinning a thread on top, closing it, and moving it to another subject area."""

from forum.language import gettext as _
from forum.refusals import Invalid
from forum.threads import change_thread, locked_thread
from storage import clock, database
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act


async def pin(inside: Inside, thread_id: int, *, pinned: bool) -> None:
    """Pin a thread first in the lists, or let it go. Raises NotFound, Forbidden."""

    async def work() -> None:
        thread = await locked_thread(inside, Act.MODERATE, thread_id)
        if (thread.pinned_at is not None) == pinned:
            return
        await change_thread(inside, thread, pinned_at=clock.now() if pinned else None)
        kind = EventKind.THREAD_PINNED if pinned else EventKind.THREAD_UNPINNED
        await inside.record(kind, thread_id=thread.id)

    await database.write(work)


async def close(inside: Inside, thread_id: int, *, closed: bool) -> None:
    """Let nobody write in a thread any more, or open it again. Raises NotFound, Forbidden."""

    async def work() -> None:
        thread = await locked_thread(inside, Act.MODERATE, thread_id)
        if (thread.closed_at is not None) == closed:
            return
        await change_thread(
            inside,
            thread,
            closed_at=clock.now() if closed else None,
            closed_by_id=inside.person.id if closed else None,
        )
        kind = EventKind.THREAD_CLOSED if closed else EventKind.THREAD_OPENED
        await inside.record(kind, thread_id=thread.id)

    await database.write(work)


async def move(inside: Inside, thread_id: int, area_id: int | None) -> None:
    """Move a thread to another subject area. Raises NotFound, Forbidden, Invalid."""

    async def work() -> None:
        thread = await locked_thread(inside, Act.MODERATE, thread_id)
        if not await inside.areas.filter(id=area_id).exists():
            raise Invalid(area=_("Choose a subject area."))
        if thread.area_id == area_id:
            return
        await change_thread(inside, thread, area_id=area_id)
        await inside.record(EventKind.THREAD_MOVED, thread_id=thread.id)

    await database.write(work)
