"""The one file of the demo: a stödpedagog in Tranås has attached a conversation map."""

import asyncio
from typing import Final

from forum import attachments, images, posts, uploads
from forum.uploads import Limits, Sent
from storage import database, door
from storage.discussions import Thread
from storage.door import Inside
from storage.people import Person

SLUG: Final = "lss-handlaggare"
BY: Final = "karin.oberg"
TITLE: Final = "AKK-samtalskarta vid utredningssamtal"
NAME: Final = "AKK-samtalskarta.png"
ALT: Final = (
    "Samtalskarta med tolv kort: varmt, kallt, sött, salt, hemma, ute, ensam, tillsammans, nu, sen,"
    " ja och nej. På varje kort finns en enkel bild."
)


async def illustrate(limits: Limits) -> None:
    """Attach the map to its thread in the demo, unless something is attached there already."""
    inside = await door.enter(await Person.get(username=BY), SLUG)
    thread = await inside.threads.get_or_none(title=TITLE)
    if thread is None or await inside.attachments.filter(thread_id=thread.id).exists():
        return
    arriving = await asyncio.to_thread(limits.store.arriving)
    await images.pool.call("forum.demo.drawing:conversation_map", str(arriving.path))
    await asyncio.to_thread(arriving.reread)
    row = await uploads.receive(inside, limits, Sent("files", NAME, arriving))
    await database.write(lambda: _attach(inside, thread, row.id))


async def _attach(inside: Inside, thread: Thread, attachment_id: int) -> None:
    await attachments.attach(inside, thread.id, 1, [attachment_id], {attachment_id: ALT})
    same = inside.attachments.filter(id=attachment_id)
    await same.update(created_at=thread.created_at)
    await posts.amend(inside, thread, thread)
