"""Files that are here, placed: as documents, as versions of others, or beside a later version."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from forum import arrivals, check_outs, document_names, documents, filing, trash, versions
from forum.alike_names import Index
from forum.contents import Known
from forum.filing import PLAIN, Described
from forum.refusals import Invalid
from forum.versions import Stale
from storage import database, door
from storage.arrivals import Arrival, ArrivalState
from storage.documents import Document
from storage.door import Inside
from storage.roles import Act


class Choice(StrEnum):
    """What can be done with a file that is here."""

    VERSION = "version"
    DOCUMENT = "document"
    UNPACK = "unpack"
    LEAVE = "leave"
    #: For one that nobody has looked through for viruses yet.
    WAIT = "wait"


class Beside(Exception):
    """There was a later version: the file has become a document of its own, beside it."""

    def __init__(self, document: Document, beside: Document) -> None:
        super().__init__(f"kept as document {beside.id}")
        self.document = document
        self.beside = beside


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A file, and which document it seems to be a version of."""

    arrival: Arrival
    document: Document | None
    #: Whether that is what will be done unless she says otherwise.
    certain: bool

    @property
    def archive(self) -> bool:
        """Whether it can be unpacked."""
        return document_names.split(self.arrival.name)[1].lower() == ".zip"

    @property
    def asks(self) -> bool:
        """Whether there is anything to choose, or to be told of it."""
        here = self.arrival.state == ArrivalState.HERE
        return not here or self.document is not None or self.archive


@dataclass(frozen=True, slots=True)
class _Present:
    name: str
    document: Document


async def suggest(inside: Inside, folder_id: int, waiting: Sequence[Arrival]) -> list[Suggestion]:
    """Return what each of these files could become in a folder, or in those below it."""
    present: dict[str, Index[_Present]] = {}
    for path in {one.path for one in waiting}:
        at = await _existing(inside, folder_id, path.split("/") if path else [])
        found = inside.documents.filter(folder_id=at, scratch=False, last_number__gt=0)
        named = [_Present(one.name, one) for one in await found] if at else []
        present[path] = await asyncio.to_thread(Index[_Present], named)
    return [_suggested(one, present[one.path]) for one in waiting]


async def _existing(inside: Inside, folder_id: int, names: Sequence[str]) -> int | None:
    at = folder_id
    for name in names:
        key = document_names.key(name)
        below = await inside.folders.get_or_none(parent_id=at, name_key=key)
        if below is None:
            return None
        at = below.id
    return at


def _suggested(arrival: Arrival, present: Index[_Present]) -> Suggestion:
    match = present.alike(arrival.name)
    if match is None:
        return Suggestion(arrival, None, certain=False)
    return Suggestion(arrival, match.named.document, match.certain)


async def place(
    inside: Inside,
    arrival_id: int,
    choice: Choice,
    document_id: int | None = None,
    described: Described = PLAIN,
) -> Document:
    """Make a file that is here a document, or a version of one.

    Raises NotFound, Forbidden, Invalid, and Beside.
    """
    inside.require(Act.FILE)

    async def work() -> Document:
        arrival = await held(inside, arrival_id)
        if choice == Choice.VERSION and document_id is not None:
            await versions.add_version(
                inside,
                document_id,
                arrivals.content(arrival),
                based_on=None,
                name=arrival.name,
                note=arrival.note,
            )
            placed = await documents.document(inside, document_id)
        else:
            placed = await filing.create_document(
                inside,
                arrival.folder_id,
                arrival.name,
                arrivals.content(arrival),
                described,
                note=arrival.note,
                below=arrival.path.split("/") if arrival.path else (),
                renamed=True,
            )
        await arrival.delete()
        return placed

    return await database.write(work)


async def held(inside: Inside, arrival_id: int) -> Arrival:
    """Within a write: return one of her files that can be placed.

    Raises NotFound, and Invalid (``files``) for one that nobody has looked through.
    """
    await inside.recheck(Act.FILE)
    found = await inside.my_arrivals.select_for_update().get_or_none(id=arrival_id)
    if found is None or found.state == ArrivalState.COMING:
        raise door.NotFound
    if found.state != ArrivalState.HERE:
        raise Invalid(files=arrivals.state_words(found))
    return found


async def hand_in(inside: Inside, arrival_id: int) -> Document:
    """Make a file that was sent as a version of a document one, and be done with editing it.

    Raises NotFound, Forbidden, Invalid, and Beside when there is a later version than the one
    that it was made from.
    """
    inside.require(Act.FILE)

    async def work() -> Document:
        arrival = await held(inside, arrival_id)
        if arrival.document_id is None:
            raise door.NotFound
        await versions.add_version(
            inside,
            arrival.document_id,
            arrivals.content(arrival),
            based_on=arrival.based_on,
            name=arrival.name,
            note=arrival.note,
        )
        document = await documents.document(inside, arrival.document_id)
        if document.editor_id == inside.person.id:
            await check_outs.clear(inside, document)
        await arrival.delete()
        return document

    try:
        return await database.write(work)
    except Stale as stale:
        document, beside = await _kept_beside(inside, arrival_id, stale.document)
        raise Beside(document, beside) from None


async def _kept_beside(
    inside: Inside, arrival_id: int, document: Document
) -> tuple[Document, Document]:
    """Make the file a document of its own beside the one that has a later version."""

    async def work() -> Document:
        arrival = await held(inside, arrival_id)
        stem, ending = document_names.split(document.name)
        name = document_names.acceptable(f"{stem} ({inside.person.name}){ending}")
        beside = await filing.create_document(
            inside,
            document.folder_id,
            name,
            arrivals.content(arrival),
            note=arrival.note,
            renamed=True,
        )
        await arrival.delete()
        return beside

    return document, await database.write(work)


async def take_over(inside: Inside, document_id: int, beside_id: int, based_on: int) -> Document:
    """Make what was kept beside a document its next version after all; that goes to the trash.

    ``based_on`` is the latest version that she has seen. Raises NotFound, Forbidden, Invalid, and
    Beside when there is a later one by now.
    """
    inside.require(Act.FILE)

    async def work() -> Document:
        beside = await documents.document(inside, beside_id)
        latest = await versions.version(inside, beside, beside.last_number)
        await versions.add_version(
            inside,
            document_id,
            Known(versions.digest(latest), latest.size),
            based_on=based_on,
            name=latest.name,
            note=latest.note,
        )
        await trash.put_document(inside, beside_id)
        return await documents.document(inside, document_id)

    try:
        return await database.write(work)
    except Stale as stale:
        raise Beside(stale.document, await documents.document(inside, beside_id)) from None
