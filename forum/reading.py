"""A thread as all its readers see it: a page of posts, what stands around them, who wrote what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from forum import addresses
from forum.threads import read_through
from storage import door
from storage.discussions import Thread, ThreadKind
from storage.door import Inside
from storage.statements import Row, made


class Entry(NamedTuple):
    """Of a post what each reader is shown depends on; when it was written is a timestamp."""

    number: int
    author_id: int
    written: float
    hidden: bool


class Thanker(NamedTuple):
    """Somebody who has thanked for a post: "Bob Berg, Habo"."""

    number: int
    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides how a page of a thread is shown to each of its readers."""

    thread_id: int
    author_id: int
    kind: ThreadKind
    closed: bool
    page: int
    last_number: int
    #: It has a summary, asks every municipality, or looks for somebody.
    accompanied: bool

    @property
    def numbers(self) -> range:
        """The numbers of the posts on this page."""
        return addresses.posts_on(self.page, self.last_number)


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A page of a thread. What each of its readers makes of it, ``forum.perspective`` says."""

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
    #: The numbers of all answers marked "Hjälpte oss", whatever page they are on.
    helpful: list[int]
    #: All its posts, the thread's own text first.
    entries: Sequence[Entry]
    #: Who has thanked for the posts of this page, the first one first.
    thanks: Sequence[Thanker]
    #: When those who had not answered were last reminded.
    reminded_at: datetime | None
    #: Who wrote the summary, and in which municipality it is to happen, by their names.
    summary_author: str | None
    wanted_in: str | None
    #: How many files its posts have.
    files: int
    #: Where the reply stood that it was made from.
    split_from: str | None

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return addresses.page_of(self.thread.last_number)

    @property
    def facts(self) -> Facts:
        """What of it decides how it is shown."""
        thread = self.thread
        return Facts(
            thread_id=thread.id,
            author_id=thread.author_id,
            kind=thread.kind,
            closed=thread.closed_at is not None,
            page=self.page,
            last_number=thread.last_number,
            accompanied=bool(thread.summary_html or thread.answer_by)
            or thread.kind == ThreadKind.WANTED,
        )


_THREAD = """
    SELECT t.*, a.name AS area_name, p.name AS author_name, p.picture AS author_picture,
        p.title AS author_title, o.name AS organisation_name, m.id AS membership_id,
        s.name AS summary_author, w.name AS wanted_place,
        (SELECT COUNT(*) FROM attachment WHERE thread_id = t.id AND network_id = :network_id)
            AS files,
        (SELECT MAX(at) FROM reminder WHERE thread_id = t.id AND network_id = :network_id)
            AS reminded_at,
        hp.name AS hidden_by_name, sr.thread_id AS from_thread_id, sr.number AS from_number
    FROM thread t
    JOIN area a ON a.id = t.area_id
    JOIN person p ON p.id = t.author_id
    JOIN organisation o ON o.id = t.organisation_id
    LEFT JOIN membership m ON m.network_id = :network_id AND m.person_id = t.author_id
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
    "reminded_at": "reminded_at",
    "summary_author": "summary_author",
    "wanted_in": "wanted_place",
    "files": "files",
}

# All replies of the thread, and in the same statement who has thanked for the posts of this page.
# What is hidden, or has become a thread of its own, has helped nobody.
_REPLIES = """
    SELECT number, author_id, created_at,
        CASE WHEN hidden_at IS NULL THEN 0 ELSE 1 END AS hidden,
        CASE WHEN hidden_at IS NULL AND helped_at IS NOT NULL THEN 1 ELSE 0 END AS helped,
        NULL AS thanks_id, NULL AS thanker, NULL AS organisation
    FROM reply WHERE network_id = :network_id AND thread_id = :thread_id
    UNION ALL
    SELECT th.number, th.person_id, th.at, 0, 0, th.id, p.name, o.name
    FROM thanks th
    JOIN person p ON p.id = th.person_id
    JOIN membership m ON m.network_id = :network_id AND m.person_id = th.person_id
    JOIN organisation o ON o.id = m.organisation_id
    WHERE th.network_id = :network_id AND th.thread_id = :thread_id
        AND th.number BETWEEN :first AND :last
    ORDER BY number, thanks_id
"""


async def view(inside: Inside, thread_id: int, page: int = 1) -> ThreadView:
    """Return a page of a thread, but for its posts. Raises NotFound for no such thread or page."""
    row = await inside.look_up(_THREAD, thread_id=thread_id)
    if row is None:
        raise door.NotFound
    around = {name: row.pop(column) for name, column in _AROUND.items()}
    origin = row.pop("from_thread_id"), row.pop("from_number")
    thread = _without_hidden(made(Thread, row))
    shown = addresses.posts_on(page, thread.last_number)
    if not shown:
        raise door.NotFound
    rows = await read_through(inside, thread, _REPLIES, first=shown[0], last=shown[-1])
    return ThreadView(
        thread=thread,
        page=page,
        split_from=addresses.post(inside.network.slug, *origin) if origin[0] else None,
        helpful=[row["number"] for row in rows if row["helped"]],
        entries=_entries(thread, rows),
        thanks=[
            Thanker(row["number"], row["author_id"], f"{row['thanker']}, {row['organisation']}")
            for row in rows
            if row["thanks_id"]
        ],
        **around,
    )


def _without_hidden(thread: Thread) -> Thread:
    """Leave out the thread's own text when it is hidden."""
    if thread.hidden_at is not None:
        thread.body = thread.body_html = thread.short = thread.short_html = ""
        thread.summary = thread.summary_html = ""
    return thread


def _entries(thread: Thread, rows: list[Row]) -> list[Entry]:
    own = Entry(1, thread.author_id, thread.created_at.timestamp(), thread.hidden_at is not None)
    return [
        own,
        *(
            Entry(
                row["number"], row["author_id"], row["created_at"].timestamp(), bool(row["hidden"])
            )
            for row in rows
            if not row["thanks_id"]
        ),
    ]
