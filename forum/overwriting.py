"""What can be removed for good of a post, and how each part of it is overwritten."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from forum import posts
from forum.history import keep
from forum.mentions import found_by
from forum.traces import Text
from storage import clock
from storage.attachments import Attachment
from storage.discussions import Post, Thread
from storage.door import Inside
from storage.revisions import Erased, Revision


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


async def parts_of(inside: Inside, thread: Thread, post: Post, number: int) -> list[Part]:
    """Return what can be removed of a post, in the order in which it is overwritten."""
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


def text_of(part: Part, thread: Thread, post: Post) -> Text:
    """Return what a part says."""
    match part.what:
        case Erased.TEXT:
            return Text(post.body, post.body_html)
        case Erased.SHORT:
            return Text(thread.short, thread.short_html)
        case Erased.SUMMARY:
            return Text(thread.summary, thread.summary_html)
    if isinstance(part.row, Revision):
        row = part.row
        return Text(f"{row.title}\n{row.body}\n{row.short}", f"{row.body_html}{row.short_html}")
    return Text(f"{part.row.name}\n{part.row.alt}" if part.row else "")


async def rename(inside: Inside, thread: Thread, title: str) -> None:
    """Within a write: overwrite a thread's title, and the copies of it beside earlier texts."""
    same = inside.revisions.filter(thread_id=thread.id, number=1, title=thread.title)
    await same.update(title=title)
    thread.title = title
    # Another number: a form that was opened with the removed title must not bring it back.
    thread.revision += 1
    await inside.threads.filter(id=thread.id).update(title=title, revision=thread.revision)


async def _erase_text(inside: Inside, thread: Thread, post: Post, _part: Part) -> None:
    """Overwrite the present text. Who is changing it meets an emptied post, as a new revision."""
    post.body = post.body_html = ""
    post.erased_at = clock.now()
    await keep(inside, thread, post)
    post.revision += 1
    await posts.amend(inside, thread, post, body="", body_html="", revision=post.revision)
    await inside.mentions.filter(**found_by(post)).delete()


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
    # Another edition: a form that was opened with the removed one must not bring it back.
    await inside.threads.filter(id=thread.id).update(
        summary="", summary_html="", summary_at=clock.now()
    )


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
