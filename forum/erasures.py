"""Removing something for good ("Ta bort uppgiften helt"): it is overwritten, wherever it is.

What stays is that it was done, when, by whom and why; never what it was.
"""

import logging
from dataclasses import dataclass

from forum import copies, personal_numbers, posts
from forum.copies import Place
from forum.language import gettext as _
from forum.markup_bounds import has_words
from forum.overwriting import OVERWRITE, Part, parts_of, rename, text_of
from forum.refusals import Invalid
from forum.text import one_line
from forum.titles import title_trouble
from forum.traces import Text, Traces, traces
from storage import clock, database, door, scrubbing
from storage.discussions import Post, Thread
from storage.door import Inside
from storage.events import EventKind
from storage.jobs import Job
from storage.people import people_changed
from storage.revisions import Erased, Erasure
from storage.roles import Act

JOB = "erasures.scrub"
REASON_LIMIT = 300

log = logging.getLogger("forum.erasures")


@dataclass(frozen=True, slots=True)
class Removal:
    """What a coordinator wants removed, and why."""

    keys: frozenset[str]
    reason: str
    #: The thread's title from now on, when it is about the thread's own text.
    title: str = ""


async def parts(inside: Inside, thread_id: int, number: int) -> tuple[Thread, Post, list[Part]]:
    """Return a post and what can be removed of it. Raises NotFound, Forbidden."""
    inside.require(Act.ERASE)
    thread, post = await posts.found(inside, thread_id, number)
    return thread, post, await parts_of(inside, thread, post, number)


async def erase(inside: Inside, thread_id: int, number: int, wanted: Removal) -> list[Place]:
    """Remove parts of a post for good, and return which posts still quote them.

    What has been removed already is left as it is. Raises NotFound, Forbidden, Invalid with a
    reason per field.
    """
    inside.require(Act.ERASE)
    reason, title = _checked(wanted, number)

    async def work() -> tuple[Post, Traces]:
        thread, post = await posts.locked(inside, Act.ERASE, thread_id, number)
        there = await parts_of(inside, thread, post, number)
        chosen = [part for part in there if part.key in wanted.keys]
        renamed = number == 1 and title != thread.title
        if not wanted.keys and not renamed:
            raise Invalid(part=_("Choose what is to be removed."))
        if not chosen and not renamed:
            return post, Traces(frozenset())
        removed = [text_of(part, thread, post) for part in chosen]
        if renamed:
            removed.append(Text(thread.title))
            await rename(inside, thread, title)
        for part in chosen:
            await OVERWRITE[part.what](inside, thread, post, part)
        kept = [text_of(part, thread, post) for part in there if part not in chosen]
        known = traces(removed, kept)
        await copies.clear(inside, known)
        await posts.amend(inside, thread, post, erased_at=clock.now())
        # So that no process goes on keeping pages with it in memory.
        await people_changed()
        await _tell(inside, thread, number, [part.what for part in chosen] or [Erased.TEXT], reason)
        await posts.record(inside, EventKind.POST_ERASED, post)
        return post, known

    post, known = await database.write(work)
    return await copies.quoting(inside, known, (thread_id, number), post.created_at)


async def still(inside: Inside, places: list[Place]) -> list[tuple[Thread, int]]:
    """Return the thread and number of each of these posts that there is."""
    found = []
    for thread_id, number in places:
        try:
            thread, _post = await posts.found(inside, thread_id, number)
        except door.NotFound:
            continue
        found.append((thread, number))
    return found


def _checked(wanted: Removal, number: int) -> tuple[str, str]:
    reason, title = one_line(wanted.reason), one_line(wanted.title)
    errors = title_trouble(title) if number == 1 else {}
    errors |= personal_numbers.problems_in(reason=reason)
    if not has_words(reason):
        errors["reason"] = _("Write why it is removed.")
    elif len(reason) > REASON_LIMIT:
        limit = {"limit": REASON_LIMIT}
        errors["reason"] = _("The reason may have at most %(limit)d characters.") % limit
    if errors:
        raise Invalid(**errors)
    return reason, title


async def _tell(
    inside: Inside, thread: Thread, number: int, whats: list[Erased], reason: str
) -> None:
    """Keep that it was done and why, and have the database's own files scrubbed."""
    now = clock.now()
    common = {"thread_id": thread.id, "number": number, "reason": reason, "at": now}
    rows = [{**common, "what": what, "person_id": inside.person.id} for what in whats]
    await inside.create_many(Erasure, rows)
    await Job.create(
        kind=JOB,
        network_id=inside.network.id,
        actor_id=inside.person.id,
        run_at=scrubbing.when(),
    )
    log.info("removed for good: %s of post %d of thread %d", whats, number, thread.id)
