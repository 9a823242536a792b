"""Posts that were changed, hidden, moved and removed, in a thread that is pinned and closed."""

from collections.abc import Awaitable, Callable

from forum import addresses, discussions, erasures, hiding, moderation, revisions, splits
from forum.erasures import Removal
from forum.revisions import Wording
from forum.splits import NewPlace
from storage.discussions import ThreadKind
from storage.door import Inside
from tests.world import ask

Enter = Callable[[str], Awaitable[Inside]]


async def painted(enter: Enter, area_id: int, title: str, text: str) -> dict[str, str]:
    """Make the threads and return where they are.

    In ``changed``, 1 and 2 have been changed, Bob has hidden 3 and Ann 4, 5 is a thread of its own
    and 6 has been removed. ``open`` has not been closed.
    """
    ann, bob = await enter("ann"), await enter("bob")
    thread = await ask(ann, "Ändrat på många sätt", "Först så.", area_id)
    for number in range(2, 7):
        await discussions.post_reply(bob, thread.id, f"Inlägg **{number}**.", f"changed-{number}")
    await revisions.edit(ann, thread.id, 1, Wording("Sedan **så**.", 1, "Ändrat på alla sätt"))
    await revisions.edit(bob, thread.id, 2, Wording("Inlägg *två*, och lite till.", 1))
    await hiding.hide(bob, thread.id, 3, hidden=True)
    await hiding.hide(ann, thread.id, 4, hidden=True)
    made = await splits.split(
        ann, thread.id, 5, NewPlace(f"Ur en annan: {title[:120]}", ThreadKind.DISCUSSION)
    )
    removal = Removal(frozenset({"text"}), "Berättade om en person.")
    await erasures.erase(ann, thread.id, 6, removal)
    await moderation.pin(ann, thread.id, pinned=True)
    await moderation.close(ann, thread.id, closed=True)
    still = await ask(bob, "Vad heter det?", text, area_id)
    await revisions.edit(bob, still.id, 1, Wording(f"{text}\n\nSlut.", 1, "Vad heter det nu?"))
    slug = ann.network.slug
    return {
        "changed": addresses.thread(slug, thread.id),
        "split": addresses.thread(slug, made),
        "open": addresses.thread(slug, still.id),
        "changed_id": str(thread.id),
    }
