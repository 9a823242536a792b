"""Thanks ("Tack"), the one reaction, to a post that somebody else has written."""

from forum import posts, throttle
from forum.threads import locked_thread
from storage import clock, database, door
from storage.discussions import Post, Thread
from storage.door import Inside
from storage.events import EventKind
from storage.readers import Thanks
from storage.roles import Act

#: Each of them is an event and makes a page anew.
AN_HOUR = 300


async def thank(inside: Inside, thread_id: int, number: int, *, thanked: bool) -> None:
    """Thank for a post, or take it back.

    Raises NotFound for no such post, Forbidden for one's own, TooOften.
    """

    async def say() -> None:
        thread = await locked_thread(inside, Act.THANK, thread_id)
        post = await _post(inside, thread, number)
        if post.author_id == inside.person.id:
            raise door.Forbidden("thank oneself")
        mine = inside.thanks.filter(thread_id=thread_id, number=number, person_id=inside.person.id)
        if await mine.exists() == thanked:
            return
        await throttle.count("thanks", inside.person.id, AN_HOUR)
        if thanked:
            await inside.create(
                Thanks,
                thread_id=thread_id,
                number=number,
                person_id=inside.person.id,
                at=clock.now(),
            )
        else:
            await mine.delete()
        await posts.amend(inside, thread, post)
        await posts.record(inside, EventKind.POST_THANKED, post)

    await database.write(say)


async def _post(inside: Inside, thread: Thread, number: int) -> Post:
    """Return a post that can be seen."""
    post: Post | None = thread
    if number != 1:
        post = await inside.replies.get_or_none(thread_id=thread.id, number=number)
    if post is None or post.hidden_at is not None:
        raise door.NotFound
    return post
