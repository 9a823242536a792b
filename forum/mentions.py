"""Who is mentioned in a post."""

from storage.discussions import Mention, Post, Reply
from storage.door import Inside


def found_by(post: Post) -> dict[str, int | None]:
    """Return what the mentions in a post are found by."""
    if isinstance(post, Reply):
        return {"thread_id": post.thread_id, "reply_id": post.id}
    return {"thread_id": post.id, "reply_id": None}


async def mention(inside: Inside, post: Post, people: list[int]) -> None:
    """Within a write: mention the persons with these ids in a post."""
    place = found_by(post)
    await inside.create_many(Mention, [{**place, "person_id": one} for one in people])


async def mention_anew(inside: Inside, post: Post, people: list[int]) -> None:
    """Within a write: mention whom a new text names; who was named before is not told again."""
    mentions = inside.mentions.filter(**found_by(post))
    before = {one.person_id for one in await mentions}
    await mentions.filter(person_id__in=before - set(people)).delete()
    await mention(inside, post, [one for one in people if one not in before])
