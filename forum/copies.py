"""What is copied of a post elsewhere: in drafts, kept forms, letters, and others' quotations."""

from datetime import datetime
from typing import Any

from forum import addresses
from forum.draft_content import WRITER
from forum.traces import Traces
from storage import clock
from storage.door import Inside
from storage.letters import Letter
from storage.sessions import KeptForm

Place = tuple[int, int]

# A post quotes when a line of it begins with ">". Of the post itself, every text is looked at.
_QUOTING = """
    SELECT q.thread_id, q.number, q.body FROM (
        SELECT network_id, id AS thread_id, 1 AS number, body,
            COALESCE(edited_at, created_at) AS written_at FROM thread
        UNION ALL SELECT network_id, id, 1, summary, summary_at FROM thread
        UNION ALL SELECT network_id, id, 1, short, COALESCE(edited_at, created_at) FROM thread
        UNION ALL SELECT network_id, thread_id, number, body, COALESCE(edited_at, created_at)
            FROM reply
        UNION ALL SELECT network_id, thread_id, number, body, written_at FROM revision
    ) q
    WHERE q.network_id = :network_id AND (q.written_at >= :since_at AND q.body LIKE '%>%'
        OR q.thread_id = :thread_id AND q.number = :number)
"""


async def clear(inside: Inside, traces: Traces) -> None:
    """Within a write: take a removed text out of what others are writing, and out of letters."""
    for draft in await inside.every_draft:
        content = {name: _without(traces, value) for name, value in draft.content.items()}
        if content != draft.content:
            # Another time and no writer: her page is made anew, and what her browser still holds
            # of it is no longer this draft.
            content.pop(WRITER, None)
            cleared = inside.every_draft.filter(id=draft.id)
            await cleared.update(content=content, saved_at=clock.now())
    within = f"{addresses.network(inside.network.slug)}/"
    for form in await KeptForm.filter(path__startswith=within):
        entries = [[name, traces.taken_from(value)] for name, value in form.entries]
        if entries != form.entries:
            await KeptForm.filter(id=form.id).update(entries=entries)
    for letter in await Letter.all():
        text, subject = traces.taken_from(letter.text), traces.taken_from(letter.subject)
        if (text, subject) != (letter.text, letter.subject):
            await Letter.filter(id=letter.id).update(text=text, subject=subject)


def _without(traces: Traces, value: Any) -> Any:
    """Return what a draft holds under a name, a text or several, without the traces."""
    if isinstance(value, list):
        return [_without(traces, one) for one in value]
    return traces.taken_from(value) if isinstance(value, str) else value


async def quoting(inside: Inside, traces: Traces, place: Place, since: datetime) -> list[Place]:
    """Return the thread and number of each post that still quotes what was removed from one."""
    if not traces.lines:
        return []
    rows = await inside.read(_QUOTING, thread_id=place[0], number=place[1], since_at=since)
    return sorted(
        {(row["thread_id"], row["number"]) for row in rows if traces.held_by(row["body"])}
    )
