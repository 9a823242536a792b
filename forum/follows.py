"""Following a thread: by asking for it, or by taking part and not having left it."""

from forum.threads import locked_thread
from storage import clock, database
from storage.door import Inside
from storage.readers import Follow
from storage.roles import Act


async def follow(inside: Inside, thread_id: int, *, following: bool) -> None:
    """Follow a thread, or leave it for good.

    Raises NotFound for no such thread. Writes no event: it is nobody else's business.
    """

    async def decide() -> None:
        # Held as whoever writes in it holds it, who may be making a row for her at this moment.
        await locked_thread(inside, Act.FOLLOW, thread_id)
        values = {"following": following, "at": clock.now()}
        row, made = await inside.get_or_create(
            Follow, values, thread_id=thread_id, person_id=inside.person.id
        )
        if not made and row.following != following:
            await inside.my_follows.filter(id=row.id).update(**values)

    await database.write(decide)


#: Who writes or is mentioned follows, unless she has said otherwise before.
FOLLOWS = """
    INSERT INTO follow (network_id, thread_id, person_id, following, at)
    VALUES (:network_id, :thread_id, :follower_id, TRUE, :now)
    ON CONFLICT DO NOTHING
"""


async def begin_following(inside: Inside, people: list[int], thread_id: int) -> None:
    """Within a write: who writes or is mentioned follows, unless she has said otherwise before."""
    for person_id in sorted(set(people)):
        await inside.change(FOLLOWS, thread_id=thread_id, follower_id=person_id, now=clock.now())
