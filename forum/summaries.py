"""The summary ("Sammanfattning") of the answers to a question, shown under it."""

from forum import bodies
from forum.language import gettext as _
from forum.marks import may_mark
from forum.refusals import Invalid
from forum.threads import change_thread, locked_thread
from storage import clock, database, door
from storage.discussions import Thread, ThreadKind
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act


async def question(inside: Inside, thread_id: int) -> Thread:
    """Return a question whose summary she may write.

    Raises NotFound for no such question, Forbidden for others than the asker and coordinators.
    """
    inside.require(Act.MARK)
    thread = await inside.threads.get_or_none(id=thread_id)
    if thread is None or thread.kind != ThreadKind.QUESTION:
        raise door.NotFound
    if not may_mark(inside, thread.author_id):
        raise door.Forbidden("summarise")
    return thread


def edition(thread: Thread) -> str:
    """Return what tells one summary from the next; empty for none."""
    return thread.summary_at.isoformat() if thread.summary_at else ""


async def summarise(inside: Inside, thread_id: int, body: str, based_on: str) -> None:
    """Write the summary of a question anew, or remove it by an empty text.

    ``based_on`` is the edition that was changed. Raises as ``question`` does, and Invalid with the
    reason, also when somebody else has written another meanwhile.
    """
    await question(inside, thread_id)
    text, html = "", ""
    if body.strip():
        rendered, _people = await bodies.render(inside, body)
        text, html = rendered.text, rendered.html

    async def write() -> None:
        thread = await locked_thread(inside, Act.MARK, thread_id)
        if edition(thread) != based_on:
            raise Invalid(
                body=_("Somebody has changed the summary meanwhile. Compare, and save again.")
            )
        if text == thread.summary:
            return
        if thread.closed_at or thread.hidden_at:
            # What a coordinator has hidden must not come back as a summary.
            raise Invalid(
                body=_("The thread is closed: it can be read, but nobody can write in it.")
            )
        await change_thread(
            inside,
            thread,
            summary=text,
            summary_html=html,
            summary_by_id=inside.person.id if text else None,
            summary_at=clock.now() if text else None,
        )
        await inside.record(EventKind.THREAD_SUMMARISED, thread_id=thread_id)

    await database.write(write)
