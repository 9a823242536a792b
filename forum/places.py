"""Where posts stand: an address that lasts, the first new post, and what is quoted."""

import re

from forum import addresses, perspective
from storage import door
from storage.door import Inside
from storage.people import Person


async def quotation(inside: Inside, thread_id: int, number: int) -> str:
    """Return a post as a Markdown quotation with its author and a link.

    Raises NotFound, also for one that is hidden or has been removed.
    """
    table = "thread" if number == 1 else "reply"
    key = "x.id = :thread_id" if number == 1 else "x.thread_id = :thread_id AND x.number = :number"
    rows = await inside.read(
        f"""
        SELECT x.body, p.name AS author FROM {table} x JOIN person p ON p.id = x.author_id
        WHERE x.network_id = :network_id AND {key} AND x.hidden_at IS NULL AND x.body <> ''
        """,  # noqa: S608 (table and key are constants)
        thread_id=thread_id,
        number=number,
    )
    if not rows:
        raise door.NotFound
    lines = rows[0]["body"].splitlines()
    link = addresses.permalink(inside.network.slug, thread_id, number)
    author = re.sub(r"([\\\[\]*_`<&])", r"\\\1", rows[0]["author"])
    quoted = [f"> {line}".rstrip() for line in lines]
    return "\n".join([*quoted, ">", f"> — [{author}]({link})", "", ""])


async def place(inside: Inside, thread_id: int, number: int) -> str:
    """Return where a post stands now, which may be in a thread of its own. Raises NotFound."""
    thread = await inside.threads.get_or_none(id=thread_id)
    if thread is None or not 1 <= number <= thread.last_number:
        raise door.NotFound
    moved = await inside.read(
        """
        SELECT s.thread_id FROM split s JOIN reply r ON r.id = s.reply_id
        WHERE s.network_id = :network_id AND r.thread_id = :thread_id AND r.number = :number
        """,
        thread_id=thread_id,
        number=number,
    )
    if moved:
        return addresses.thread(inside.network.slug, moved[0]["thread_id"])
    return addresses.post(inside.network.slug, thread_id, number)


async def first_unread(inside: Inside, thread_id: int) -> str:
    """Return where the first new post of a thread stands, or the thread when there is none."""
    new = (await perspective.on(inside, thread_id)).first_unread
    if new in {None, 1}:
        return addresses.thread(inside.network.slug, thread_id)
    return addresses.post(inside.network.slug, thread_id, new)


_WITHIN = re.compile(r"/n/([^/]+)(?:/threads/([0-9]{1,18}))?(?:/|$)")


async def leading_to(person: Person, path: str) -> str:
    """Return what an address is in, "LSS-handläggare: Hur bedömer ni?"; nothing for elsewhere."""
    found = _WITHIN.match(path)
    if found is None:
        return ""
    slug, thread_id = found.groups()
    try:
        inside = await door.enter(person, slug)
    except door.NotFound:
        return ""
    thread = await inside.threads.get_or_none(id=int(thread_id)) if thread_id else None
    shown = thread is not None and thread.hidden_at is None
    return f"{inside.network.name}: {thread.title}" if thread and shown else inside.network.name
