"""What is asked of every municipality, what is wanted, and thanks, in every state."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from forum import addresses, discussions, reminders, summaries, thanks, wanted
from storage import clock
from storage.discussions import Thread
from storage.door import Inside
from tests.world import ask_all, look_for

Enter = Callable[[str], Awaitable[Inside]]


async def painted(enter: Enter, area_id: int, title: str, text: str) -> dict[str, str]:
    """Make the threads as those whom ``enter`` lets in, and return where they are."""
    ann, bob, long = [await enter(name) for name in ("ann", "bob", "long")]
    asked = await ask_all(bob, area_id, f"Alla: {title}")
    await discussions.post_reply(ann, asked.id, "Vi har tre.", "asked-2")
    await reminders.remind(bob, asked.id)
    over = await ask_all(long, area_id, "Vad kostade det?")
    await discussions.post_reply(ann, over.id, "Inget.", "over-2")
    await summaries.summarise(long, over.id, text, "")
    yesterday = clock.today() - timedelta(days=1)
    await long.threads.filter(id=over.id).update(answer_by=yesterday)
    places = {"asked": asked, "asked_over": over} | await _wanted(ann, bob, long, area_id, title)
    for inside in (ann, bob, await enter("gus")):
        await thanks.thank(inside, over.id, 1, thanked=True)
    await thanks.thank(long, over.id, 2, thanked=True)
    return {name: addresses.thread(bob.network.slug, one.id) for name, one in places.items()}


async def _wanted(
    ann: Inside, bob: Inside, long: Inside, area_id: int, title: str
) -> dict[str, Thread]:
    looking = await look_for(bob, area_id, f"Sökes: {title}")
    nobody = await look_for(bob, area_id, "Vem följer med till Oslo?")
    ended = await look_for(bob, area_id, "Vem ledde en slinga?")
    paired = await look_for(bob, area_id, "Vem skriver en bok?")
    for thread in (looking, ended, paired):
        for inside in (ann, long):
            await wanted.join(inside, thread.id, joining=True)
    await wanted.pair(bob, paired.id, {ann.person.id, long.person.id})
    yesterday = clock.today() - timedelta(days=1)
    await bob.threads.filter(id=ended.id).update(ends_on=yesterday)
    return {
        "wanted": looking,
        "wanted_nobody": nobody,
        "wanted_ended": ended,
        "wanted_paired": paired,
    }


async def archived(ann: Inside, bob: Inside, area_id: int) -> dict[str, str]:
    """Make threads in a network that is archived next."""
    asked, looking = await ask_all(ann, area_id), await look_for(bob, area_id)
    await summaries.summarise(ann, asked.id, "Alla har tre.", "")
    await wanted.join(ann, looking.id, joining=True)
    slug = ann.network.slug
    return {
        "archived_asked": addresses.thread(slug, asked.id),
        "archived_wanted": addresses.thread(slug, looking.id),
    }
