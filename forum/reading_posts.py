"""The posts of a page of a thread as its readers see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum import attachments
from forum.attachments import Attached
from forum.reading import ThreadView
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
    #: Those who have thanked for it, "Bob Berg, Habo".
    thanked_by: Sequence[str]
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
    files: Sequence[Attached] = ()
    #: A coordinator's short version of the thread's own text.
    short_html: str = ""


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


async def posts_of(inside: Inside, view: ThreadView) -> list[PostView]:
    """Return the posts of a page of a thread that ``reading.view`` has returned."""
    thread = view.thread
    numbers = view.facts.numbers
    rows = await inside.read_few(_REPLIES, thread_id=thread.id, first=numbers[0], last=numbers[-1])
    # Few threads have files, and those that have none need not be asked for them.
    files = await attachments.of_posts(inside, thread.id, numbers) if view.files else {}
    thanked: dict[int, list[str]] = {}
    for one in view.thanks:
        thanked.setdefault(one.number, []).append(one.name)
    replies = [
        PostView(
            **row,
            thanked_by=thanked.get(row["number"], ()),
            files=() if row["hidden_at"] else files.get(row["number"], ()),
        )
        for row in rows
    ]
    if view.page > 1:
        return replies
    return [_opening(view, files.get(1, ()), thanked.get(1, ())), *replies]


def _opening(view: ThreadView, files: Sequence[Attached], thanked_by: Sequence[str]) -> PostView:
    thread = view.thread
    return PostView(
        id=None,
        number=1,
        body_html=thread.body_html,
        created_at=thread.created_at,
        author_id=thread.author_id,
        author=view.author,
        picture=view.picture,
        title=view.author_title,
        organisation=view.organisation,
        membership_id=view.membership_id,
        helped_at=None,
        helped_by=None,
        thanked_by=thanked_by,
        revision=thread.revision,
        edited_at=thread.edited_at,
        hidden_at=thread.hidden_at,
        hidden_by_id=thread.hidden_by_id,
        hidden_by=view.hidden_by,
        erased_at=thread.erased_at,
        moved_to=None,
        files=() if thread.hidden_at else files,
        short_html=thread.short_html,
    )
