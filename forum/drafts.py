"""What a member is writing, saved as she types: hers alone, and there on her other devices.

Two devices may write in the same place. A form overwrites only what it has shown or saved itself;
otherwise its text becomes a draft beside the other one, so that neither is lost.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from forum.draft_content import WRITER, content_of, entries_of, is_written, same
from forum.kept_forms import Entries
from forum.language import gettext as _
from forum.refusals import Invalid
from storage import clock, database, door
from storage.door import Inside
from storage.readers import Draft
from storage.roles import Act

NEW = "new"
#: In one network.
AT_MOST = 50
LONGEST_WRITER = 40

_PLACE = re.compile(r"(?P<begun>new|thread-(?P<thread>[1-9]\d{0,14}))(~(?:[2-9]|[1-9]\d))?")


@dataclass(frozen=True, slots=True)
class Writing:
    """Which draft a form holds, and when the form last saw it saved.

    ``writer`` is the page that a script writes in: nobody else goes on with what it has saved.
    """

    place: str
    saved: str = ""
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form shows of drafts: the one that it holds, and others that were begun there."""

    place: str
    saved_at: datetime | None = None
    entries: Entries = field(default_factory=list)
    others: list[Draft] = field(default_factory=list)

    @property
    def body(self) -> str:
        """The text that was begun."""
        return dict(self.entries).get("body", "")


def for_reply(thread_id: int) -> str:
    """Return the place of a reply in this thread."""
    return f"thread-{thread_id}"


async def shown(inside: Inside, begun: str, wanted: str = "") -> Shown:
    """Return her latest draft for a new thread or a reply, or the one in the ``wanted`` place."""
    found = await _hers(inside, begun).order_by("-saved_at", "-id")
    chosen = next((one for one in found if one.place == wanted), found[0] if found else None)
    if chosen is None:
        return Shown(begun)
    others = [one for one in found if one is not chosen]
    return Shown(chosen.place, chosen.saved_at, entries_of(chosen.content), others)


async def carried(inside: Inside, writing: Writing | None, begun: str) -> Shown:
    """Return the same for a form that comes back: it goes on holding the draft that it held.

    Of what its page saved last, only the page's number may tell: the page that comes back is
    another one, and needs to be told the place and the time.
    """
    if writing is None:
        return Shown(begun)
    found = _PLACE.fullmatch(writing.place)
    if found is not None and writing.writer:
        held = _held(await _hers(inside, found["begun"]), writing)
        if held is not None:
            return Shown(held.place, held.saved_at)
    place = writing.place if found else begun
    try:
        saved_at = datetime.fromisoformat(writing.saved)
    except ValueError:
        return Shown(place)
    return Shown(place, saved_at if saved_at.tzinfo else None)


async def save(inside: Inside, writing: Writing, entries: Entries) -> Draft | None:
    """Save what a form holds; None when nothing is written in it, and then no draft is left.

    Raises NotFound for no such place, Forbidden, or Invalid with what keeps it from being saved.
    """
    begun, thread_id = parsed(writing.place)
    act = Act.ASK if thread_id is None else Act.REPLY
    inside.require(act)
    content = content_of(entries)
    content[WRITER] = writing.writer[:LONGEST_WRITER]

    async def work() -> Draft | None:
        await inside.recheck(act)
        if thread_id is not None and not await inside.threads.filter(id=thread_id).exists():
            raise door.NotFound
        hers = {one.place: one for one in await _hers(inside, begun).select_for_update()}
        held = _held(hers.values(), writing)
        place = held.place if held else writing.place
        if held is None and place in hers:
            if same(hers[place].content, content):
                return hers[place]
            place = next(free for n in range(2, 100) if (free := f"{begun}~{n}") not in hers)
        if not is_written(content):
            if held is not None:
                await inside.my_drafts.filter(id=held.id).delete()
            return None
        return await _stored(inside, held, place=place, thread_id=thread_id, content=content)

    return await database.write(work)


async def remove(inside: Inside, place: str) -> str:
    """Forget a draft; return what it was of, "new" or "thread-12". Raises NotFound for no place."""
    begun, _thread_id = parsed(place)

    async def work() -> None:
        await inside.recheck(Act.READ)
        await inside.my_drafts.filter(place=place).delete()

    await database.write(work)
    return begun


async def forget_posted(inside: Inside, writing: Writing | None) -> None:
    """Within the write that posts it: forget the draft of a form, unless another changed it."""
    found = _PLACE.fullmatch(writing.place) if writing else None
    if writing is None or found is None:
        return
    held = _held(await _hers(inside, found["begun"]), writing)
    if held is not None:
        await inside.my_drafts.filter(id=held.id).delete()


def parsed(place: str) -> tuple[str, int | None]:
    """Return what is written there, "new" or "thread-12", and the thread. Raises NotFound."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise door.NotFound
    return found["begun"], int(found["thread"]) if found["thread"] else None


def _hers(inside: Inside, begun: str) -> QuerySet[Draft]:
    """Return what she has begun there, on whichever device."""
    return inside.my_drafts.filter(Q(place=begun) | Q(place__startswith=f"{begun}~"))


def _held(hers: Iterable[Draft], writing: Writing) -> Draft | None:
    """Return the draft that the form goes on with, as it is now.

    It is the one that its page saved last, in whichever place: the answer that named the place may
    never have come. Otherwise it is the one in its place, unless that has changed since.
    """
    mine, seen = writing.writer[:LONGEST_WRITER], None
    for one in hers:
        if mine and one.content.get(WRITER) == mine:
            return one
        if one.place == writing.place and one.saved_at.isoformat() == writing.saved:
            seen = one
    return seen


async def _stored(
    inside: Inside,
    held: Draft | None,
    *,
    place: str,
    thread_id: int | None,
    content: dict[str, Any],
) -> Draft:
    now = clock.now()
    if held is not None:
        await inside.my_drafts.filter(id=held.id).update(content=content, saved_at=now)
        held.content, held.saved_at = content, now
        return held
    if await inside.my_drafts.count() >= AT_MOST:
        raise Invalid(
            draft=_("You have %(num)s drafts in this network. Discard one, and this can be saved.")
            % {"num": AT_MOST}
        )
    return await inside.create(
        Draft,
        person_id=inside.person.id,
        place=place,
        thread_id=thread_id,
        content=content,
        saved_at=now,
    )
