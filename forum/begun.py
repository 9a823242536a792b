"""What a person has begun to write, wherever it is: she finds it again on another device."""

from dataclasses import dataclass
from datetime import datetime

from forum import addresses, drafts
from forum.draft_content import first_words
from storage import drafts as stored
from storage.door import Inside


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft in a list."""

    href: str
    words: str
    #: The title of the thread that is being answered; empty for a new thread.
    answered: str
    reply: bool
    network: str
    saved_at: datetime


async def begun_in(mine: list[Inside]) -> list[Begun]:
    """Return everything that a person has begun in her networks, the latest first."""
    slugs = {inside.network.id: inside.network for inside in mine}
    return [
        Begun(
            href=address(slugs[draft.network_id].slug, draft.place),
            words=first_words(draft.content),
            answered=title,
            reply=draft.thread_id is not None,
            network=slugs[draft.network_id].name,
            saved_at=draft.saved_at,
        )
        for draft, title in await stored.in_networks(mine)
    ]


def address(slug: str, place: str) -> str:
    """Return where one goes on writing."""
    begun, thread_id = drafts.parsed(place)
    query = "" if place == begun else f"?draft={place}"
    if thread_id is None:
        return f"{addresses.new_thread(slug)}{query}"
    return f"{addresses.thread(slug, thread_id)}{query}#reply"
