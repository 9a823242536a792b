"""A post by its thread and its number: 1 is the thread's own text, the others are replies."""

from typing import Any

from forum.threads import change_thread, locked_thread
from storage import door
from storage.discussions import Post, Reply, Thread
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act, Role


class Moved(door.NotFound):
    """The reply has become a thread of its own; it is changed there."""


async def found(inside: Inside, thread_id: int, number: int) -> tuple[Thread, Post]:
    """Return a post and its thread, hidden or not. Raises NotFound, and Moved."""
    thread = await inside.threads.get_or_none(id=thread_id)
    if thread is None:
        raise door.NotFound
    return thread, await _of(inside, thread, number)


async def readable(inside: Inside, thread_id: int, number: int) -> tuple[Thread, Post]:
    """Return a post whose text she may read. Raises NotFound for a hidden one too."""
    thread, post = await found(inside, thread_id, number)
    if post.hidden_at is not None and inside.role != Role.COORDINATOR:
        raise door.NotFound
    return thread, post


async def locked(inside: Inside, act: Act, thread_id: int, number: int) -> tuple[Thread, Post]:
    """Within a write: recheck that she may; hold a thread and return it with one of its posts.

    Raises as ``found``, too.
    """
    thread = await locked_thread(inside, act, thread_id)
    return thread, await _of(inside, thread, number)


async def _of(inside: Inside, thread: Thread, number: int) -> Post:
    if number == 1:
        return thread
    reply = await inside.replies.get_or_none(thread_id=thread.id, number=number)
    if reply is None:
        raise door.NotFound
    if await inside.splits.filter(reply_id=reply.id).exists():
        raise Moved
    return reply


async def amend(inside: Inside, thread: Thread, post: Post, **values: Any) -> None:
    """Within a write: change a post of a locked thread; both are new versions from then on."""
    if isinstance(post, Reply):
        await inside.replies.filter(id=post.id).update(**values, version=post.version + 1)
        values = {}
    await change_thread(inside, thread, **values)


async def record(inside: Inside, kind: EventKind, post: Post) -> None:
    """Within a write, last: write the event of a change to a post."""
    if isinstance(post, Reply):
        await inside.record(kind, thread_id=post.thread_id, reply_id=post.id)
    else:
        await inside.record(kind, thread_id=post.id)
