"""A thread as its readers see it: one page of posts and what stands around them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forum import addresses, read_marks
from forum.thanks import Thanked, thanked_by
from forum.threads import read_through
from storage import door
from storage.discussions import Thread
from storage.door import Inside
from storage.statements import made


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A page of a thread."""

    thread: Thread
    #: Who began it, her title, picture and membership here, and for which organisation.
    author: str
    author_title: str
    picture: str | None
    membership_id: int | None
    organisation: str
    #: Who has hidden its own text.
    hidden_by: str | None
    area: str
    page: int
    pages: int
    #: The numbers of all answers marked "Hjälpte oss", whatever page they are on.
    helpful: list[int]
    #: The numbers of all posts that are new to her, and of all that she wrote.
    new: frozenset[int]
    mine: frozenset[int]
    #: Who has thanked for the posts of this page, by their numbers.
    thanks: dict[int, Thanked]
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
    #: How many files its posts have.
    files: int
    #: Where the reply stood that it was made from.
    split_from: str | None

    @property
    def numbers(self) -> range:
        """The numbers of the posts on this page."""
        first, last = addresses.numbers_on(self.page)
        start = 1 if self.page == 1 else first
        return range(start, min(last, self.thread.last_number) + 1)

    @property
    def shown_to(self) -> int:
        """The number of the last post on this page."""
        return self.numbers[-1]

    @property
    def unread(self) -> int:
        """How many posts are new to her."""
        return len(self.new)

    @property
    def first_unread(self) -> int | None:
        """The number of the first new post, whatever page it is on."""
        return min(self.new, default=None)

    @property
    def first_new(self) -> int | None:
        """The number of the first new post on this page."""
        return min(self.new.intersection(self.numbers), default=None)

    @property
    def unread_before(self) -> bool:
        """Whether there is something new on an earlier page."""
        return self.first_unread is not None and self.first_unread < self.numbers[0]


_THREAD = """
    SELECT t.*, a.name AS area_name, p.name AS author_name, p.picture AS author_picture,
        p.title AS author_title, o.name AS organisation_name, m.id AS membership_id,
        rm.number AS read_to, f.following, s.name AS summary_author, w.name AS wanted_place,
        (SELECT COUNT(*) FROM attachment WHERE thread_id = t.id AND network_id = :network_id)
            AS files,
        (SELECT MAX(at) FROM reminder WHERE thread_id = t.id AND network_id = :network_id)
            AS reminded_at,
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

#: ThreadView's names and the columns they come from.
_AROUND = {
    "author": "author_name",
    "author_title": "author_title",
    "picture": "author_picture",
    "membership_id": "membership_id",
    "organisation": "organisation_name",
    "hidden_by": "hidden_by_name",
    "area": "area_name",
    "read_to": "read_to",
    "following": "following",
    "reminded_at": "reminded_at",
    "summary_author": "summary_author",
    "wanted_in": "wanted_place",
    "draft_at": "draft_at",
    "files": "files",
}

# What the whole thread says of itself, what helped and how much is new, and in the same statement
# who has thanked for the posts of this page. What is hidden, or has become a thread of its own,
# counts for none of it.
_SUMMARY = """
    SELECT number, CASE WHEN hidden_at IS NULL THEN helped_at END AS helped_at,
        CASE WHEN author_id = :person_id THEN 1 ELSE 0 END AS mine,
        CASE WHEN number > :read_to AND created_at >= :new_since AND author_id <> :person_id
            AND hidden_at IS NULL THEN 1 ELSE 0 END AS new,
        NULL AS thanks_id, NULL AS thanker_id, NULL AS thanker, NULL AS organisation
    FROM reply WHERE network_id = :network_id AND thread_id = :thread_id
    UNION ALL
    SELECT th.number, NULL, 0, 0, th.id, th.person_id, p.name, o.name
    FROM thanks th
    JOIN person p ON p.id = th.person_id
    JOIN membership m ON m.network_id = :network_id AND m.person_id = th.person_id
    JOIN organisation o ON o.id = m.organisation_id
    WHERE th.network_id = :network_id AND th.thread_id = :thread_id
        AND th.number BETWEEN :from_number AND :to_number
    ORDER BY number, thanks_id
"""


async def view(inside: Inside, thread_id: int, page: int = 1) -> ThreadView:
    """Return a page of a thread, but for its posts. Raises NotFound for no such thread or page."""
    row = await inside.look_up(_THREAD, thread_id=thread_id)
    if row is None:
        raise door.NotFound
    around = {name: row.pop(column) for name, column in _AROUND.items()}
    around["following"] = bool(around["following"])
    origin = row.pop("from_thread_id"), row.pop("from_number")
    thread = _without_hidden(made(Thread, row))
    pages = addresses.page_of(thread.last_number)
    if not 1 <= page <= pages:
        raise door.NotFound
    return ThreadView(
        thread=thread,
        page=page,
        pages=pages,
        split_from=addresses.post(inside.network.slug, *origin) if origin[0] else None,
        **around,
        **await _told(inside, thread, around["read_to"], page),
    )


def _without_hidden(thread: Thread) -> Thread:
    """Leave out the thread's own text when it is hidden."""
    if thread.hidden_at is not None:
        thread.body = thread.body_html = thread.short = thread.short_html = ""
        thread.summary = thread.summary_html = ""
    return thread


async def _told(inside: Inside, thread: Thread, read_to: int | None, page: int) -> dict[str, Any]:
    """Return what the summary says, by the names of ThreadView."""
    new_since = read_marks.new_since(inside)
    first, last = addresses.numbers_on(page)
    values = {
        "read_to": read_to or 1,
        "new_since": new_since,
        "from_number": 1 if page == 1 else first,
        "to_number": last,
    }
    rows = await read_through(inside, thread, _SUMMARY, **values)
    new = {row["number"] for row in rows if row["new"]}
    mine = {row["number"] for row in rows if row["mine"]}
    if thread.author_id == inside.person.id:
        mine.add(1)
    elif read_to is None and thread.created_at >= new_since and not thread.hidden_at:
        new.add(1)
    thanks = [row for row in rows if row["thanks_id"]]
    return {
        "helpful": [row["number"] for row in rows if row["helped_at"]],
        "new": frozenset(new),
        "mine": frozenset(mine),
        "thanks": thanked_by(thanks, inside.person.id) if thanks else {},
    }
