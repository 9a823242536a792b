"""A thread as its readers see it: one page of posts and what stands around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forum import addresses, attachments, read_marks
from forum.attachments import Attached
from forum.thanks import NOBODY, Thanked, thanked_by
from storage import door
from storage.database import made
from storage.discussions import Thread
from storage.door import Inside


@dataclass(frozen=True, slots=True)
class PostView:
    """One post, the thread's own text (number 1, no ``id``) or a reply."""

    id: int | None
    number: int
    body_html: str
    created_at: datetime
    author_id: int
    author: str
    picture: str | None
    title: str
    organisation: str
    membership_id: int | None
    helped_at: datetime | None
    helped_by: str | None
    thanks: Thanked
    #: Which text it is: above 1 it has been changed.
    revision: int
    edited_at: datetime | None
    #: Of a hidden post the text is left out, whoever asks.
    hidden_at: datetime | None
    hidden_by_id: int | None
    hidden_by: str | None
    erased_at: datetime | None
    #: The thread that it has become.
    moved_to: int | None
    new: bool
    files: Sequence[Attached] = ()


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A page of a thread."""

    thread: Thread
    #: Who began it, and for which organisation.
    author: str
    organisation: str
    area: str
    posts: list[PostView]
    page: int
    pages: int
    #: The numbers of all answers marked "Hjälpte oss", whatever page they are on.
    helpful: list[int]
    unread: int
    #: The number of the first new post, whatever page it is on.
    first_unread: int | None
    read_to: int | None
    #: Whether she follows it.
    following: bool
    #: When those who had not answered were last reminded.
    reminded_at: datetime | None
    #: Who wrote the summary, and in which municipality it is to happen, by their names.
    summary_author: str | None
    wanted_in: str | None
    #: When she last wrote on a draft of a reply here.
    draft_at: datetime | None
    #: Where the reply stood that it was made from.
    split_from: str | None

    @property
    def shown_to(self) -> int:
        """The number of the last post on this page."""
        return self.posts[-1].number if self.posts else 1

    @property
    def first_new(self) -> int | None:
        """The number of the first new post on this page."""
        return next((post.number for post in self.posts if post.new), None)

    @property
    def unread_before(self) -> bool:
        """Whether there is something new on an earlier page."""
        first = self.posts[0].number if self.posts else 1
        return self.first_unread is not None and self.first_unread < first


@dataclass(frozen=True, slots=True)
class State:
    """What a thread's page depends on beside its frame: when none of it has changed, no page has.

    Everything that is shown of a thread raises its ``version``; the rest is the reader's own.
    """

    version: int
    read_to: int | None
    following: bool | None
    drafts: int
    draft_at: datetime | None
    #: See storage.people.Epoch.
    people: int | None


_STATE = """
    SELECT t.version, rm.number AS read_to, f.following, e.value AS people,
        (SELECT COUNT(*) FROM draft WHERE thread_id = t.id AND network_id = :network_id
            AND person_id = :person_id) AS drafts,
        (SELECT MAX(saved_at) FROM draft WHERE thread_id = t.id AND network_id = :network_id
            AND person_id = :person_id) AS draft_at
    FROM thread t
    LEFT JOIN read_mark rm ON rm.person_id = :person_id AND rm.thread_id = t.id
    LEFT JOIN follow f ON f.person_id = :person_id AND f.thread_id = t.id
    LEFT JOIN epoch e ON e.name = 'people'
    WHERE t.network_id = :network_id AND t.id = :thread_id
"""


async def state(inside: Inside, thread_id: int) -> State:
    """Return what a thread's page depends on. Raises NotFound for no such thread."""
    row = await inside.look_up(_STATE, thread_id=thread_id)
    if row is None:
        raise door.NotFound
    return State(**row)


_REPLIES = """
    SELECT r.id, r.number, CASE WHEN r.hidden_at IS NULL THEN r.body_html ELSE '' END AS body_html,
        r.created_at, r.author_id, p.name AS author, p.picture,
        p.title, o.name AS organisation, m.id AS membership_id, r.helped_at, h.name AS helped_by,
        r.revision, r.edited_at, r.hidden_at, r.hidden_by_id, hp.name AS hidden_by, r.erased_at,
        s.thread_id AS moved_to
    FROM reply r
    JOIN person p ON p.id = r.author_id
    JOIN organisation o ON o.id = r.organisation_id
    LEFT JOIN membership m ON m.network_id = :network_id AND m.person_id = r.author_id
    LEFT JOIN person h ON h.id = r.helped_by_id
    LEFT JOIN person hp ON hp.id = r.hidden_by_id
    LEFT JOIN split s ON s.reply_id = r.id AND s.network_id = :network_id
    WHERE r.network_id = :network_id AND r.thread_id = :thread_id
        AND r.number BETWEEN :first AND :last
    ORDER BY r.number
"""

_THREAD = """
    SELECT t.*, a.name AS area_name, p.name AS author_name, p.picture AS author_picture,
        p.title AS author_title, o.name AS organisation_name, m.id AS membership_id,
        rm.number AS read_to, f.following, s.name AS summary_author, w.name AS wanted_place,
        (SELECT MAX(at) FROM reminder WHERE thread_id = t.id AND network_id = :network_id)
            AS reminded_at,
        (SELECT COUNT(*) FROM attachment WHERE thread_id = t.id AND network_id = :network_id)
            AS files,
        (SELECT MAX(saved_at) FROM draft WHERE thread_id = t.id AND network_id = :network_id
            AND person_id = :person_id) AS draft_at,
        hp.name AS hidden_by_name, sr.thread_id AS from_thread_id, sr.number AS from_number
    FROM thread t
    JOIN area a ON a.id = t.area_id
    JOIN person p ON p.id = t.author_id
    JOIN organisation o ON o.id = t.organisation_id
    LEFT JOIN membership m ON m.network_id = :network_id AND m.person_id = t.author_id
    LEFT JOIN read_mark rm ON rm.thread_id = t.id AND rm.person_id = :person_id
    LEFT JOIN follow f ON f.thread_id = t.id AND f.person_id = :person_id
    LEFT JOIN person s ON s.id = t.summary_by_id
    LEFT JOIN organisation w ON w.id = t.wanted_in_id
    LEFT JOIN person hp ON hp.id = t.hidden_by_id
    LEFT JOIN split sp ON sp.thread_id = t.id AND sp.network_id = :network_id
    LEFT JOIN reply sr ON sr.id = sp.reply_id AND sr.network_id = :network_id
    WHERE t.network_id = :network_id AND t.id = :thread_id
"""

# What the whole thread says of itself, what helped and how much is new, and in the same statement
# who has thanked for the posts of this page. What is hidden, or has become a thread of its own,
# counts for none of it.
_SUMMARY = """
    SELECT number, helped_at, CASE WHEN number > :read_to AND created_at >= :new_since
        AND author_id <> :person_id THEN 1 ELSE 0 END AS new,
        NULL AS thanks_id, NULL AS thanker_id, NULL AS thanker, NULL AS organisation
    FROM reply WHERE network_id = :network_id AND thread_id = :thread_id AND hidden_at IS NULL
    UNION ALL
    SELECT th.number, NULL, 0, th.id, th.person_id, p.name, o.name
    FROM thanks th
    JOIN person p ON p.id = th.person_id
    JOIN membership m ON m.network_id = :network_id AND m.person_id = th.person_id
    JOIN organisation o ON o.id = m.organisation_id
    WHERE th.network_id = :network_id AND th.thread_id = :thread_id
        AND th.number BETWEEN :from_number AND :to_number
    ORDER BY number, thanks_id
"""


async def view(inside: Inside, thread_id: int, page: int = 1) -> ThreadView:
    """Return a page of a thread. Raises NotFound for no such thread or page."""
    rows = await inside.read(_THREAD, thread_id=thread_id)
    if not rows:
        raise door.NotFound
    row = rows[0]
    names = ("summary_author", "reminded_at", "read_to", "draft_at")
    around = {name: row.pop(name) for name in names}
    around |= {"wanted_in": row.pop("wanted_place"), "following": bool(row.pop("following"))}
    area = row.pop("area_name")
    has_files = row.pop("files") > 0
    author = {
        "author": row.pop("author_name"),
        "picture": row.pop("author_picture"),
        "title": row.pop("author_title"),
        "organisation": row.pop("organisation_name"),
        "membership_id": row.pop("membership_id"),
        "hidden_by": row.pop("hidden_by_name"),
    }
    origin = row.pop("from_thread_id"), row.pop("from_number")
    thread = _without_hidden(made(Thread, row))
    pages = addresses.page_of(thread.last_number)
    if not 1 <= page <= pages:
        raise door.NotFound
    first, last = addresses.numbers_on(page)
    told = await _told(inside, thread, around["read_to"], first, last)
    # Few threads have files, and those that have none need not be asked for them.
    numbers = range(1 if page == 1 else first, last + 1)
    files = await attachments.of_posts(inside, thread_id, numbers) if has_files else {}
    posts = [_opening(thread, author, told, files.get(1, ()))] if page == 1 else []
    replies = await inside.read(_REPLIES, thread_id=thread_id, first=first, last=last)
    posts += [
        PostView(
            **row,
            new=row["number"] in told.new,
            thanks=told.thanks_for(row["number"]),
            files=() if row["hidden_at"] else files.get(row["number"], ()),
        )
        for row in replies
    ]
    return ThreadView(
        thread=thread,
        author=author["author"],
        organisation=author["organisation"],
        area=area,
        posts=posts,
        page=page,
        pages=pages,
        helpful=told.helpful,
        unread=len(told.new),
        first_unread=min(told.new, default=None),
        split_from=addresses.post(inside.network.slug, *origin) if origin[0] else None,
        **around,
    )


def _without_hidden(thread: Thread) -> Thread:
    """Leave out the thread's own text when it is hidden."""
    if thread.hidden_at is not None:
        thread.body = thread.body_html = thread.short = thread.short_html = ""
    return thread


@dataclass(frozen=True, slots=True)
class _Told:
    """What the summary says: numbers of posts, and the thanks for each."""

    helpful: list[int]
    new: set[int]
    thanks: dict[int, Thanked]

    def thanks_for(self, number: int) -> Thanked:
        return self.thanks.get(number, NOBODY)


async def _told(
    inside: Inside, thread: Thread, read_to: int | None, first: int, last: int
) -> _Told:
    new_since = read_marks.new_since(inside)
    rows = await inside.read(
        _SUMMARY,
        thread_id=thread.id,
        read_to=read_to or 1,
        new_since=new_since,
        from_number=1 if first == 2 else first,
        to_number=last,
    )
    new = {row["number"] for row in rows if row["new"]}
    mine = thread.author_id == inside.person.id
    if read_to is None and thread.created_at >= new_since and not mine and not thread.hidden_at:
        new.add(1)
    return _Told(
        helpful=[row["number"] for row in rows if row["helped_at"]],
        new=new,
        thanks=thanked_by([row for row in rows if row["thanks_id"]], inside.person.id),
    )


def _opening(
    thread: Thread, author: dict[str, Any], told: _Told, files: Sequence[Attached]
) -> PostView:
    return PostView(
        id=None,
        number=1,
        body_html=thread.body_html,
        created_at=thread.created_at,
        author_id=thread.author_id,
        helped_at=None,
        helped_by=None,
        thanks=told.thanks_for(1),
        revision=thread.revision,
        edited_at=thread.edited_at,
        hidden_at=thread.hidden_at,
        hidden_by_id=thread.hidden_by_id,
        erased_at=thread.erased_at,
        moved_to=None,
        new=1 in told.new,
        files=() if thread.hidden_at else files,
        **author,
    )


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
    found = await view(inside, thread_id)
    if found.first_unread in {None, 1}:
        return addresses.thread(inside.network.slug, thread_id)
    return addresses.post(inside.network.slug, thread_id, found.first_unread)
