"""The thread about a document: begun from it, or one that there is already."""

import re
from dataclasses import replace
from typing import Final

from forum import addresses, discussions
from forum.documents import amend, document, locked_document
from forum.language import gettext as _
from forum.new_threads import NewThread
from forum.refusals import Invalid
from storage import database
from storage.discussions import Thread
from storage.documents import Document
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act

_PLACE: Final = re.compile(r"/n/([^/\s]+)/threads/([0-9]{1,18})")
#: What means something in Markdown.
_MARKS: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~@:/&])")


async def begin(inside: Inside, document_id: int, wanted: NewThread, nonce: str) -> Thread:
    """Post a thread whose text ends in a link to the document, and show it there.

    The same nonce twice gives the same thread. Raises NotFound, Forbidden, or Invalid.
    """
    inside.require(Act.FILE)
    found = await document(inside, document_id)
    text = f"{wanted.body.rstrip()}\n\n{_link(inside, found)}" if wanted.body.strip() else ""
    thread = await discussions.create_thread(inside, replace(wanted, body=text), nonce)
    await _attach(inside, found.id, thread.id)
    return thread


def _link(inside: Inside, found: Document) -> str:
    name = _MARKS.sub(r"\\\1", found.name)
    return f"[{name}]({addresses.document(inside.network.slug, found.id)})"


async def attach(inside: Inside, document_id: int, address: str) -> None:
    """Show a thread of the network, by its address, with the document; an empty one: none.

    Raises NotFound, Forbidden, or Invalid (``address``).
    """
    inside.require(Act.FILE)
    if not address.strip():
        await _attach(inside, document_id, None)
        return
    place = _PLACE.search(address)
    here = place is not None and place[1] == inside.network.slug
    if place is None or not here or not await inside.threads.filter(id=int(place[2])).exists():
        raise Invalid(address=_("Copy the address of a thread in this network, and paste it here."))
    await _attach(inside, document_id, int(place[2]))


async def _attach(inside: Inside, document_id: int, thread_id: int | None) -> None:
    async def work() -> None:
        held = await locked_document(inside, Act.FILE, document_id)
        if held.thread_id == thread_id:
            return
        await amend(inside, held, thread_id=thread_id)
        ids = {"document_id": held.id, "folder_id": held.folder_id}
        await inside.record(EventKind.DOCUMENT_CHANGED, **ids)

    await database.write(work)
