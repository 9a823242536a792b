"""Every text that a post has had, the present one first, and how one is kept."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum import posts
from forum.differences import Passage, differences
from storage.discussions import Post, Reply, Thread
from storage.door import Inside
from storage.people import Person
from storage.revisions import Erasure, Revision
from storage.roles import Act

ON_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a post."""

    number: int
    at: datetime
    title: str
    body: str
    body_html: str
    short: str
    erased_at: datetime | None
    present: bool = False


@dataclass(frozen=True, slots=True)
class Revised:
    """One text of a post, and what was changed from the one before."""

    text: Text
    title_changes: list[Passage]
    short_changes: list[Passage]
    #: Empty for the first, and beside a text that was removed.
    changes: list[Passage]


@dataclass(frozen=True, slots=True)
class History:
    """Some of a post's texts."""

    thread: Thread
    post: Post
    author: str
    versions: list[Revised]
    #: Where older ones begin.
    before: int | None
    #: What was removed for good and why, for coordinators.
    erasures: list[Erasure]


async def history(inside: Inside, thread_id: int, number: int, before: int | None) -> History:
    """Return a page of a post's texts, those older than ``before``.

    Raises NotFound, also for a hidden post to others than coordinators.
    """
    inside.require(Act.READ)
    thread, post = await posts.readable(inside, thread_id, number)
    kept = inside.revisions.filter(thread_id=thread_id, number=number)
    if before is not None:
        kept = kept.filter(revision__lt=before)
    # One more than is shown: the last of them is compared with it.
    texts = [_kept(one) for one in await kept.order_by("-revision").limit(ON_A_PAGE + 1)]
    if before is None:
        texts.insert(0, _present(thread, post, number))
    shown, older = texts[:ON_A_PAGE], texts[1 : ON_A_PAGE + 1]
    return History(
        thread=thread,
        post=post,
        author=(await Person.get(id=post.author_id)).name,
        # Ten long texts take half a second to compare, in which others are to be answered.
        versions=await asyncio.to_thread(_versions, shown, older),
        before=shown[-1].number if len(texts) > len(shown) else None,
        erasures=await _log(inside, thread_id, number),
    )


def _present(thread: Thread, post: Post, number: int) -> Text:
    return Text(
        number=post.revision,
        at=post.edited_at or post.created_at,
        title=thread.title if number == 1 else "",
        body=post.body,
        body_html=post.body_html,
        short=thread.short if number == 1 else "",
        erased_at=None if post.body else post.erased_at,
        present=True,
    )


def _kept(row: Revision) -> Text:
    return Text(
        number=row.revision,
        at=row.written_at,
        title=row.title,
        body=row.body,
        body_html=row.body_html,
        short=row.short,
        erased_at=row.erased_at,
    )


def _versions(shown: Sequence[Text], older: Sequence[Text]) -> list[Revised]:
    return [_version(*pair) for pair in zip(shown, [*older, None], strict=False)]


def _version(text: Text, former: Text | None) -> Revised:
    """Compare a text with the one before it, unless either has been removed."""
    compared = former if former and former.body and text.body else None
    retitled = compared and compared.title != text.title
    reshortened = compared and compared.short != text.short
    return Revised(
        text=text,
        title_changes=differences(compared.title, text.title) if compared and retitled else [],
        short_changes=differences(compared.short, text.short) if compared and reshortened else [],
        changes=differences(compared.body, text.body) if compared else [],
    )


async def _log(inside: Inside, thread_id: int, number: int) -> list[Erasure]:
    if not inside.may(Act.ERASE):
        return []
    found = inside.erasures.filter(thread_id=thread_id, number=number)
    return list(await found.order_by("-at", "-id"))


async def keep(inside: Inside, thread: Thread, post: Post) -> Revision:
    """Within a write: keep what a post says now as a revision of it."""
    number = post.number if isinstance(post, Reply) else 1
    first = number == 1
    return await inside.create(
        Revision,
        thread_id=thread.id,
        number=number,
        revision=post.revision,
        title=thread.title if first else "",
        body=post.body,
        body_html=post.body_html,
        short=thread.short if first else "",
        short_html=thread.short_html if first else "",
        author_id=post.author_id,
        written_at=post.edited_at or post.created_at,
        # A text that was removed for good is kept as the removed text it is.
        erased_at=None if post.body else post.erased_at,
    )
