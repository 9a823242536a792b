"""Files on their way into a folder: begun, gone on with after a break, and here.

One that is coming is a file whose size says how far it has come; its row names it. Whoever sends
it alone sees it, until it is placed: see forum.placements.
"""

import asyncio
import fcntl
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from forum import document_names, folders, quotas, throttle, uploads, versions, virus_checks
from forum.clamd import ScannerDown
from forum.contents import Known
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.scanning import Found
from forum.uploads import Limits
from storage import arrivals as rows
from storage import clock, database, door
from storage.arrivals import Arrival, ArrivalState
from storage.blobs import Arriving, Store
from storage.blobs.arriving import ARRIVING
from storage.door import Inside
from storage.roles import Act

log = logging.getLogger("forum.arrivals")

#: One that nobody has gone on with or placed for so long is forgotten.
KEPT: Final = timedelta(days=7)
#: So many of one person's may wait in a network: a folder of photographs, and more.
WAITING: Final = 2_000
#: Files that one person may begin in an hour.
AN_HOUR: Final = 3_000
#: Folders that a file may lie in where it comes from, and bytes of their names.
PATH_LIMIT: Final = 2_000


class NoRoom(Exception):
    """There is no room for it on the disk."""


class Busy(Exception):
    """The same one is being sent at this moment, by another request."""


async def begin(
    inside: Inside,
    limits: Limits,
    folder_id: int,
    name: str,
    size: int,
    *,
    path: str = "",
    document_id: int | None = None,
    based_on: int | None = None,
    note: str = "",
) -> Arrival:
    """Announce a file of so many bytes, for a folder or as a version of a document in it.

    ``path`` names the folders that it lies in where it comes from. Raises NotFound, Forbidden,
    TooOften, NoRoom, or Invalid (``files``, ``note``).
    """
    inside.require(Act.FILE)
    uploads.checked_name(name)
    kept = document_names.acceptable(name)
    if not size:
        raise uploads.empty(kept)
    if size > limits.each:
        raise uploads.too_large(kept, limits)
    if not await limits.store.room(size):
        raise NoRoom
    await database.write(lambda: throttle.count("arrivals", inside.person.id, AN_HOUR))
    token = await asyncio.to_thread(_begun, limits.store)

    async def create() -> Arrival:
        await inside.recheck(Act.FILE)
        await folders.folder(inside, folder_id)
        if document_id is not None and not await inside.documents.filter(id=document_id).exists():
            raise door.NotFound
        await quotas.require(inside, size)
        if await inside.my_arrivals.all().count() >= WAITING:
            raise Invalid(files=_("You have many files that are not in a folder yet."))
        now = clock.now()
        return await inside.create(
            Arrival,
            person_id=inside.person.id,
            folder_id=folder_id,
            document_id=document_id,
            based_on=based_on,
            note=versions.require_note(note),
            name=kept,
            path="/".join(below(path)),
            token=token,
            size=size,
            created_at=now,
            changed_at=now,
        )

    return await database.write(create)


def below(path: str) -> list[str]:
    """Return the folders of a path, by names that are acceptable here. Raises Invalid."""
    names = [one for one in path.replace("\\", "/").split("/") if one not in {"", ".", ".."}]
    if len(names) > folders.DEPTH or len(path.encode()) > PATH_LIMIT:
        raise Invalid(files=_("There are too many folders within each other."))
    return [document_names.acceptable(one) for one in names]


async def arrival(inside: Inside, arrival_id: int) -> Arrival:
    """Return one of her files on their way. Raises NotFound."""
    found = await inside.my_arrivals.get_or_none(id=arrival_id)
    if found is None:
        raise door.NotFound
    return found


async def waiting(inside: Inside, folder_id: int) -> list[Arrival]:
    """Return her files that are here, for a folder, and not placed yet."""
    mine = inside.my_arrivals.filter(folder_id=folder_id, document_id=None)
    return await mine.exclude(state=ArrivalState.COMING).order_by("path", "name", "id")


async def offset(limits: Limits, found: Arrival) -> int:
    """Return how many bytes of it have come. Raises NotFound when they are lost."""
    if found.state != ArrivalState.COMING:
        return int(found.size)
    try:
        told: os.stat_result = await asyncio.to_thread(_path(limits.store, found.token).stat)
    except FileNotFoundError:
        # A backup of the database that was put back without its files.
        raise door.NotFound from None
    return told.st_size


@asynccontextmanager
async def going_on(limits: Limits, found: Arrival) -> AsyncIterator[Arriving]:
    """Go on with a file, which is on the disk as far as it has come when this ends.

    Raises NotFound when its bytes are lost, and Busy.
    """
    try:
        lock = await asyncio.to_thread(_held, _path(limits.store, found.token))
    except FileNotFoundError:
        raise door.NotFound from None
    try:
        arriving = await asyncio.to_thread(limits.store.arriving_again, found.token)
        try:
            yield arriving
        finally:
            # Also when whoever sends it has gone: she may come back.
            await asyncio.shield(asyncio.to_thread(arriving.pause))
    finally:
        os.close(lock)


def _held(path: Path) -> int:
    """Let nobody else, in any process, go on with the file until what is returned is closed."""
    opened = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(opened)
        raise Busy from None
    return opened


def _path(store: Store, token: str) -> Path:
    return store.folder / ARRIVING / token


def _begun(store: Store) -> str:
    """Begin an empty file that can be gone on with; return its token."""
    arriving = store.arriving()
    arriving.pause()
    return arriving.token


async def settle(inside: Inside, limits: Limits, found: Arrival, arriving: Arriving) -> Arrival:
    """Keep a file that has come to its end. Raises NotFound when it has been given up."""
    verdict = await virus_checks.check(limits.scanner, arriving)
    state, found_in_it = ArrivalState.HERE, ""
    if verdict is None:
        state = ArrivalState.UNSCANNED
    elif verdict.found != Found.CLEAN:
        state, found_in_it = ArrivalState.INFECTED, verdict.signature
    if state != ArrivalState.INFECTED:
        await arriving.finish()
    return await database.write(partial(_settle, inside, found, arriving, state, found_in_it))


async def looked_through(limits: Limits, arriving: Arriving) -> str:
    """Return what is wrong with a file that came in another; nothing when it may be kept."""
    verdict = await virus_checks.check(limits.scanner, arriving)
    if verdict is None:
        return _("It could not be looked through for viruses just now. Send it by itself later.")
    return "" if verdict.found == Found.CLEAN else virus_checks.words(verdict.signature)


def state_words(found: Arrival) -> str:
    """Return why a file that is here cannot be placed."""
    if found.state == ArrivalState.INFECTED:
        return f"{found.name}: {virus_checks.words(found.found)}"
    return _("%(name)s has not been looked through for viruses yet. It waits here meanwhile.") % {
        "name": found.name
    }


async def _settle(
    inside: Inside, found: Arrival, arriving: Arriving, state: ArrivalState, found_in_it: str
) -> Arrival:
    await inside.recheck(Act.FILE)
    held = await inside.my_arrivals.select_for_update().get_or_none(id=found.id)
    if held is None:
        raise door.NotFound
    if held.state == ArrivalState.COMING:
        infected = state == ArrivalState.INFECTED
        held.blob_id = None if infected else await arriving.kept()
        held.state, held.found = state, found_in_it[:200]
        held.size, held.changed_at = arriving.size, clock.now()
        await held.save()
    return held


async def receive(
    inside: Inside,
    limits: Limits,
    folder_id: int,
    sent: uploads.Sent,
    path: str = "",
    *,
    document_id: int | None = None,
    based_on: int | None = None,
    note: str = "",
) -> Arrival:
    """Keep a file that came whole, with a form. Raises as ``begin``."""
    arriving = uploads.arrived(sent, limits)
    try:
        found = await begin(
            inside,
            limits,
            folder_id,
            sent.name,
            arriving.size,
            path=path,
            document_id=document_id,
            based_on=based_on,
            note=note,
        )
        return await settle(inside, limits, found, arriving)
    finally:
        arriving.discard()


def content(found: Arrival) -> Known:
    """Return the bytes of one that is here."""
    assert found.blob_id is not None
    return Known(found.blob_id, found.size)


async def give_up(inside: Inside, limits: Limits, arrival_id: int) -> None:
    """Forget a file of one's own that has not been placed. Raises NotFound."""

    async def work() -> Arrival:
        await inside.recheck(Act.FILE)
        held = await inside.my_arrivals.select_for_update().get_or_none(id=arrival_id)
        if held is None:
            raise door.NotFound
        await held.delete()
        return held

    gone = await database.write(work)
    await asyncio.to_thread(_drop, limits.store, gone.token)


async def scan_waiting(limits: Limits) -> None:
    """Look through what came while the scanner was away; whoever sent it can then place it."""
    if limits.scanner is None:
        return
    for found in await rows.unscanned():
        try:
            verdict = await virus_checks.check_kept(
                limits.scanner, limits.store, str(found.blob_id)
            )
        except ScannerDown:
            return
        if verdict is not None:
            clean = verdict.found == Found.CLEAN
            await database.write(partial(rows.scanned, found.id, clean, verdict.signature[:200]))


async def sweep(limits: Limits) -> None:
    """Forget those that nobody has gone on with or placed for a week."""
    before = clock.now() - KEPT
    for token in await database.write(lambda: rows.forget(before)):
        await asyncio.to_thread(_drop, limits.store, token)


def _drop(store: Store, token: str) -> None:
    _path(store, token).unlink(missing_ok=True)
