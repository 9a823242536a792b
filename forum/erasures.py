"""Removing something for good ("Ta bort uppgiften helt"): it is overwritten, wherever it is.

What stays is that it was done, when, by whom and why; never what it was.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from forum import copies, personal_numbers, posts
from forum.copies import Place
from forum.discussions import title_trouble
from forum.language import gettext as _
from forum.markup_bounds import has_words
from forum.refusals import Invalid
from forum.revisions import keep
from forum.text import one_line
from forum.traces import Text, Traces, traces
from storage import clock, database, door, scrubbing
from storage.attachments import Attachment
from storage.discussions import Post, Reply, Thread
from storage.door import Inside
from storage.events import EventKind
from storage.jobs import Job
from storage.revisions import Erased, Erasure, Revision
from storage.roles import Act

JOB = "erasures.scrub"
REASON_LIMIT = 300

log = logging.getLogger("forum.erasures")


@dataclass(frozen=True, slots=True)
class Part:
    """Something of a post that can be removed."""

    what: Erased
    row: Revision | Attachment | None = None

    @property
    def id(self) -> int:
        """The row's id; 0 for what is of the post itself."""
        return int(self.row.id) if self.row else 0

    @property
    def key(self) -> str:
        """What a form names it by: "text", "revision-12"."""
        return f"{self.what}-{self.id}" if self.row else str(self.what)


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
    return thread, post, await _parts(inside, thread, post, number)


async def _parts(inside: Inside, thread: Thread, post: Post, number: int) -> list[Part]:
    there = {"thread_id": thread.id, "number": number, "erased_at": None}
    found: list[Part] = []
    if number == 1:
        found += [Part(Erased.SHORT)] if thread.short else []
        found += [Part(Erased.SUMMARY)] if thread.summary else []
    revisions = await inside.revisions.filter(**there).order_by("-revision")
    attachments = await inside.attachments.filter(**there).order_by("id")
    return [
        *found,
        *(Part(Erased.ATTACHMENT, one) for one in attachments),
        *(Part(Erased.REVISION, one) for one in revisions),
        # Last: emptied, it is kept as one more revision, with what is left of the rest.
        *([Part(Erased.TEXT)] if post.body else []),
    ]


async def erase(inside: Inside, thread_id: int, number: int, wanted: Removal) -> list[Place]:
    """Remove parts of a post for good, and return which posts still quote them.

    What has been removed already is left as it is. Raises NotFound, Forbidden, Invalid with a
    reason per field.
    """
    inside.require(Act.ERASE)
    reason, title = _checked(wanted, number)

    async def work() -> tuple[Post, Traces]:
        await inside.recheck(Act.ERASE)
        thread, post = await posts.locked(inside, thread_id, number)
        there = await _parts(inside, thread, post, number)
        chosen = [part for part in there if part.key in wanted.keys]
        renamed = number == 1 and title != thread.title
        if not chosen and not renamed:
            return post, Traces(frozenset())
        removed = [_text(part, thread, post) for part in chosen]
        if renamed:
            removed.append(Text(thread.title))
            await _rename(inside, thread, title)
        for part in chosen:
            await OVERWRITE[part.what](inside, thread, post, part)
        kept = [_text(part, thread, post) for part in there if part not in chosen]
        known = traces(removed, kept)
        await copies.clear(inside, known)
        await posts.amend(inside, thread, post, erased_at=clock.now())
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


def _text(part: Part, thread: Thread, post: Post) -> Text:
    """Return what a part says."""
    match part.what:
        case Erased.TEXT:
            return Text(post.body, post.body_html)
        case Erased.SHORT:
            return Text(thread.short, thread.short_html)
        case Erased.SUMMARY:
            return Text(thread.summary, thread.summary_html)
    if isinstance(part.row, Revision):
        return Text(part.row.body, part.row.body_html)
    return Text(f"{part.row.name}\n{part.row.alt}" if part.row else "")


# ---- Overwriting ----------------------------------------------------------------------------


async def _rename(inside: Inside, thread: Thread, title: str) -> None:
    same = inside.revisions.filter(thread_id=thread.id, number=1, title=thread.title)
    await same.update(title=title)
    await inside.threads.filter(id=thread.id).update(title=title)
    thread.title = title


async def _erase_text(inside: Inside, thread: Thread, post: Post, _part: Part) -> None:
    """Overwrite the present text. Who is changing it meets an emptied post, as a new revision."""
    number = post.number if isinstance(post, Reply) else 1
    post.body = post.body_html = ""
    post.erased_at = clock.now()
    await keep(inside, thread, post, number)
    post.revision += 1
    await posts.amend(inside, thread, post, body="", body_html="", revision=post.revision)
    await inside.mentions.filter(**posts.mentioned_by(post)).delete()


async def _erase_revision(inside: Inside, _thread: Thread, _post: Post, part: Part) -> None:
    empty = dict.fromkeys(("title", "body", "body_html", "short", "short_html"), "")
    await inside.revisions.filter(id=part.id).update(**empty, erased_at=clock.now())


async def _erase_short(inside: Inside, thread: Thread, _post: Post, _part: Part) -> None:
    """Overwrite the short version, and the copies of it beside earlier texts."""
    empty = {"short": "", "short_html": ""}
    same = inside.revisions.filter(thread_id=thread.id, number=1, short=thread.short)
    await same.update(**empty)
    await inside.threads.filter(id=thread.id).update(**empty)
    thread.short = thread.short_html = ""


async def _erase_summary(inside: Inside, thread: Thread, _post: Post, _part: Part) -> None:
    await inside.threads.filter(id=thread.id).update(summary="", summary_html="")


async def _erase_attachment(inside: Inside, _thread: Thread, _post: Post, part: Part) -> None:
    await inside.attachments.filter(id=part.id).update(
        blob_id=None, name="", alt="", erased_at=clock.now()
    )


Overwrite = Callable[[Inside, Thread, Post, Part], Awaitable[None]]
OVERWRITE: dict[Erased, Overwrite] = {
    Erased.SHORT: _erase_short,
    Erased.SUMMARY: _erase_summary,
    Erased.ATTACHMENT: _erase_attachment,
    Erased.REVISION: _erase_revision,
    Erased.TEXT: _erase_text,
}


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
