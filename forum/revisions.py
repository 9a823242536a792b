"""Changing what one has written. The earlier text is kept as a revision of the post."""

from collections.abc import Sequence
from dataclasses import dataclass

from forum import attachments, bodies, markup, posts, short_versions, throttle
from forum.follows import begin_following
from forum.history import keep
from forum.language import gettext as _
from forum.mentions import mention_anew
from forum.post_files import Files
from forum.refusals import Invalid, TooOften
from forum.text import one_line
from forum.titles import title_trouble
from storage import clock, database, door
from storage.attachments import Attachment
from storage.discussions import Post, Thread
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act

#: Each change keeps the whole text that was there before.
AN_HOUR = 200


@dataclass(frozen=True, slots=True)
class Wording:
    """What a post says, and which of its texts it is or was made from."""

    body: str
    revision: int
    #: The thread's title, for its own text.
    title: str = ""
    #: And its short version, when a coordinator has written one.
    short: str = ""

    @property
    def erased(self) -> bool:
        """Whether the text was removed for good: no post is empty otherwise."""
        return not self.body


class Conflict(Exception):
    """The post was changed after the form was shown. Holds what it says now, and its files."""

    def __init__(self, present: Wording, files: Sequence[Attachment]) -> None:
        super().__init__(f"revision {present.revision}")
        self.present = present
        self.files = files


async def wording(inside: Inside, thread_id: int, number: int) -> Wording:
    """Return what a post says now, for its author to change.

    Raises NotFound, also for a hidden post, and Forbidden for others than its author.
    """
    inside.require(Act.EDIT)
    thread, post = await posts.readable(inside, thread_id, number)
    _require_author(inside, post)
    if post.hidden_at is not None:
        raise door.NotFound
    return _present(thread, post, number)


async def require_author(inside: Inside, thread_id: int, number: int) -> None:
    """Raise NotFound for no such post, Forbidden unless it is hers, hidden or not."""
    inside.require(Act.EDIT)
    _thread, post = await posts.found(inside, thread_id, number)
    _require_author(inside, post)


async def edit(
    inside: Inside,
    thread_id: int,
    number: int,
    wanted: Wording,
    files: Files | None = None,
) -> None:
    """Give a post another text and other files; None leaves those that it has.

    What it has already changes nothing, and files that the form was made from stay what they have
    become. Another text makes a revision, other files do not. Raises NotFound, Forbidden for others
    than the author, Invalid with a reason per field, and Conflict when the post says something else
    than ``wanted`` was made from, or has other files than ``files`` were.
    """
    # Before anything is said of its files.
    await require_author(inside, thread_id, number)
    title = one_line(wanted.title) if number == 1 else ""
    errors = await files.undescribed(inside, (thread_id, number)) if files else {}
    rendered, people, short = await _rendered(inside, wanted, title, number, errors)

    async def work() -> None:
        thread, post = await _locked(inside, thread_id, number)
        present = _present(thread, post, number)
        # Who is no coordinator any more leaves the short version that there is.
        text, html = short or (thread.short, thread.short_html) if number == 1 else ("", "")
        hers = short[0] if short else ""
        there = await attachments.present(inside, thread_id, number)
        rewritten = (rendered.text, title, text) != (present.body, present.title, present.short)
        refiled = files if files and files.changes(there, hers) else None
        if not rewritten and not refiled:
            return
        _require_open(thread, post)
        outdated = rewritten and present.revision != wanted.revision
        if outdated or (refiled and refiled.stale(there)):
            raise Conflict(present, there)
        await throttle.count("edits", inside.person.id, AN_HOUR)
        if refiled:
            await refiled.attach(inside, thread_id, number, hers)
        if rewritten:
            titled = {"title": title, "short": text, "short_html": html} if number == 1 else {}
            await _rewrite(inside, thread, post, rendered, titled)
            await mention_anew(inside, post, people)
            await begin_following(inside, [inside.person.id, *people], thread_id)
        else:
            await posts.amend(inside, thread, post, edited_at=clock.now())
        await posts.record(inside, EventKind.POST_EDITED, post)

    try:
        await database.write(work)
    except TooOften as often:
        raise Invalid(body=throttle.advice(often)) from None


async def _rendered(
    inside: Inside, wanted: Wording, title: str, number: int, errors: dict[str, str]
) -> tuple[markup.Rendered, list[int], tuple[str, str] | None]:
    """Return the text, whom it mentions, and the short version when that is hers to change."""
    errors |= title_trouble(title) if number == 1 else {}
    short = None
    try:
        rendered = await bodies.render(inside, wanted.body)
    except Invalid as invalid:
        errors |= invalid.errors
    try:
        if number == 1 and inside.may(Act.NOTIFY):
            short = await short_versions.rendered(inside, wanted.short)
    except Invalid as invalid:
        errors |= invalid.errors
    if errors:
        raise Invalid(**errors)
    return *rendered, short


async def _locked(inside: Inside, thread_id: int, number: int) -> tuple[Thread, Post]:
    """Hold the post, which only its author may do."""
    try:
        thread, post = await posts.locked(inside, Act.EDIT, thread_id, number)
    except posts.Moved:
        raise Invalid(
            body=_("The post has become a thread of its own. Copy your text and change it there.")
        ) from None
    _require_author(inside, post)
    return thread, post


def _require_author(inside: Inside, post: Post) -> None:
    if post.author_id != inside.person.id:
        raise door.Forbidden("edit what another has written")


def _require_open(thread: Thread, post: Post) -> None:
    if post.hidden_at is not None:
        raise Invalid(body=_("The post is hidden, so the change was not saved. Copy your text."))
    if thread.closed_at is not None:
        raise Invalid(body=_("The thread is closed, so the change was not saved. Copy your text."))


async def _rewrite(
    inside: Inside, thread: Thread, post: Post, body: markup.Rendered, titled: dict[str, str]
) -> None:
    """Give the post its new text, and the thread what it is ``titled``; keep what it said."""
    await keep(inside, thread, post)
    await posts.amend(
        inside,
        thread,
        post,
        body=body.text,
        body_html=body.html,
        revision=post.revision + 1,
        edited_at=clock.now(),
        **titled,
    )


def _present(thread: Thread, post: Post, number: int) -> Wording:
    if number > 1:
        return Wording(post.body, post.revision)
    return Wording(post.body, post.revision, thread.title, thread.short)
