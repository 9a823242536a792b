"""Locks that programs hold on a drive (RFC 4918, 6), and what is saved under them.

What is saved under one lock becomes one version when the lock ends: by its program, by its time, or
by somebody who lifts it. Until then it is kept with the lock, on the disk as any version is.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from forum import check_outs, document_names, filing, folders, quotas, versions
from forum.contents import Content, Known
from forum.documents import amend, locked_document
from storage import clock, database, door
from storage.documents import Document
from storage.door import Inside
from storage.events import EventKind
from storage.mounts import DavLock, expired_locks
from storage.people import Person
from storage.roles import Act
from storage.statements import made

log = logging.getLogger("forum.drive_locks")

#: A program that is still there asks again before that; the others see nothing new until then.
LONGEST: Final = timedelta(hours=1)
DEFAULT: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A lock as a program asks for it."""

    token: str
    path: str
    #: XML that is given back as it came.
    owner: str
    exclusive: bool
    deep: bool
    document_id: int | None


class Locked(Exception):
    """Somebody else's lock, or one that the program did not say it has, is in the way."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


_LASTING = """
    SELECT l.* FROM dav_lock l WHERE l.network_id = :network_id AND l.expires_at > :now_at
    ORDER BY l.id
"""


async def lasting(inside: Inside) -> list[DavLock]:
    """Return the locks of a network that have not ended, the oldest first."""
    return [made(DavLock, row) for row in await inside.read(_LASTING, now_at=clock.now())]


def covers(lock: DavLock | Wanted, path: str) -> bool:
    """Say whether a lock holds for a path."""
    if document_names.key(lock.path) == document_names.key(path):
        return True
    return lock.deep and is_below(path, lock.path)


def is_below(path: str, folder: str) -> bool:
    """Say whether a path lies within a folder's."""
    return document_names.key(path).startswith(f"{document_names.key(folder)}/")


async def take(
    inside: Inside,
    lock: Wanted,
    asked: timedelta | None,
) -> DavLock:
    """Keep a new lock, for as long as is ``asked`` within bounds; return it as it is kept.

    Others see that she is working on the document. Raises NotFound, Forbidden, or Locked.
    """
    inside.require(Act.FILE)

    async def create() -> DavLock:
        await inside.recheck(Act.FILE)
        # Of two who lock at the same moment, one must see the other's.
        await inside.hold()
        for other in await lasting(inside):
            both = other.exclusive or lock.exclusive
            around = covers(other, lock.path) or (lock.deep and is_below(other.path, lock.path))
            if both and around:
                raise Locked(other.path)
        now = clock.now()
        document = None
        if lock.document_id is not None:
            document = await locked_document(inside, Act.FILE, lock.document_id)
        new = await inside.create(
            DavLock,
            **asdict(lock),
            person_id=inside.person.id,
            created_at=now,
            expires_at=now + lasts(asked),
            based_on=document.last_number if document else 0,
        )
        if document is not None:
            await _show(inside, document, new)
        return new

    return await database.write(create)


def lasts(asked: timedelta | None) -> timedelta:
    """Return for how long a lock is given."""
    return DEFAULT if asked is None else min(asked, LONGEST)


async def _show(inside: Inside, document: Document, lock: DavLock) -> None:
    """Have others see that she is working on it, unless somebody said so before her."""
    hers = document.editor_id == inside.person.id
    editing = check_outs.editing(document)
    if document.scratch or not lock.exclusive or (editing and not hers):
        return
    until = document.edited_until_at if editing else None
    if until is not None and until >= lock.expires_at:
        return
    since = document.edited_since_at if editing else clock.now()
    await amend(
        inside,
        document,
        editor_id=inside.person.id,
        edited_since_at=since,
        edited_until_at=lock.expires_at,
    )
    if not editing:
        ids = {"document_id": document.id, "folder_id": document.folder_id}
        await inside.record(EventKind.DOCUMENT_EDITING, **ids)


async def refresh(inside: Inside, token: str, asked: timedelta | None) -> DavLock:
    """Have a lock of hers last longer; return it. Raises NotFound for one that has ended."""

    async def work() -> DavLock:
        await inside.recheck(Act.FILE)
        lock = await _mine(inside, token)
        lock.expires_at = clock.now() + lasts(asked)
        await lock.save(update_fields=["expires_at"])
        if lock.document_id is not None:
            document = await inside.documents.select_for_update().get_or_none(id=lock.document_id)
            if document is not None:
                await _show(inside, document, lock)
        return lock

    return await database.write(work)


async def _mine(inside: Inside, token: str) -> DavLock:
    mine = inside.dav_locks.filter(token=token, person_id=inside.person.id)
    lock = await mine.select_for_update().get_or_none()
    if lock is None or lock.expires_at <= clock.now():
        raise door.NotFound
    return lock


async def keep(inside: Inside, document: Document, content: Content, lock: DavLock) -> None:
    """Within a write that holds the document: keep what she saves until her lock ends."""
    await quotas.require(inside, content.size)
    await inside.dav_locks.filter(id=lock.id).update(
        blob_id=await content.kept(), size=content.size, saved_at=clock.now()
    )


_ON = """
    SELECT l.* FROM dav_lock l WHERE l.network_id = :network_id AND l.document_id = :document_id
        AND l.expires_at > :now_at ORDER BY l.id
"""


async def on(inside: Inside, document_id: int, tokens: Collection[str]) -> DavLock | None:
    """Within a write that holds the document: return her lock on it, if she says she has it.

    Raises Locked when somebody else has one.
    """
    mine = None
    values = {"document_id": document_id, "now_at": clock.now()}
    for row in await inside.read_few(_ON, **values):
        lock = made(DavLock, row)
        if lock.person_id == inside.person.id and lock.token in tokens:
            mine = mine or lock
        else:
            raise Locked(lock.path)
    return mine


async def end(inside: Inside, token: str) -> None:
    """End a lock of hers. Raises NotFound for one that there is not."""

    async def work() -> None:
        await inside.recheck(Act.FILE)
        await settle(inside, [await _mine(inside, token)])

    await database.write(work)


async def end_at(inside: Inside, path: str) -> None:
    """Within a write: end every lock on what lies at a path, or below it, and goes from there."""
    found = [
        lock
        for lock in await inside.dav_locks.all().order_by("id")
        if document_names.key(lock.path) == document_names.key(path) or is_below(lock.path, path)
    ]
    await settle(inside, found)


async def end_on(inside: Inside, document_id: int) -> None:
    """Within a write: end every lock on a document."""
    await settle(inside, await inside.dav_locks.filter(document_id=document_id).order_by("id"))


async def settle(inside: Inside, ending: Iterable[DavLock]) -> None:
    """Within a write: end these locks; what was saved under them becomes versions.

    Each is entered in the name of who held it: one whose way in has ended stays as it is.
    """
    for lock in ending:
        if lock.person_id == inside.person.id:
            await _settle(inside, lock)
            continue
        try:
            theirs = await door.enter(await Person.get(id=lock.person_id), inside.network.slug)
            await _settle(theirs, lock)
        except (door.NotFound, door.Forbidden):
            await inside.dav_locks.filter(id=lock.id).update(expires_at=clock.now())


async def _settle(inside: Inside, lock: DavLock) -> None:
    await inside.recheck(Act.FILE)
    held = await inside.dav_locks.filter(id=lock.id).select_for_update().get_or_none()
    if held is None:
        return
    await held.delete()
    every = inside.documents.filter(id=held.document_id or 0)
    document = await every.select_for_update().get_or_none()
    if held.blob_id is not None:
        await _version(inside, document, held, Known(held.blob_id, held.size))
    if document is not None and document.editor_id == inside.person.id:
        until = document.edited_until_at
        if until is not None and until <= held.expires_at:
            await check_outs.clear(inside, document)
            ids = {"document_id": document.id, "folder_id": document.folder_id}
            await inside.record(EventKind.DOCUMENT_EDITED, **ids)


async def _version(
    inside: Inside, document: Document | None, lock: DavLock, content: Known
) -> None:
    """Make a version of what was saved, or a document beside one that has a later version."""
    if document is not None and document.last_number == lock.based_on:
        new = await versions.append(inside, document, content, name=document.name)
        if new is not None and not document.scratch:
            first = new.number == 1
            kind = EventKind.DOCUMENT_CREATED if first else EventKind.VERSION_ADDED
            await inside.record(kind, document_id=document.id, folder_id=document.folder_id)
        return
    gone = None
    if document is None:
        gone = await inside.trashed_documents.get_or_none(id=lock.document_id or 0)
    there = document or gone
    at = there and await inside.folders.get_or_none(id=there.folder_id)
    stem, ending = document_names.split(there.name if there else lock.path.rpartition("/")[2])
    name = document_names.acceptable(f"{stem} ({inside.person.name}){ending}")
    folder_id = at.id if at else (await folders.root(inside)).id
    await filing.create_document(inside, folder_id, name, content, renamed=True)


async def end_expired() -> int:
    """End the locks whose time is over; return how many have ended.

    Of somebody whose way in has ended, or to a network that is archived, what she has saved waits.
    """
    ended = 0
    for person_id, slug, lock in await expired_locks(clock.now()):
        try:
            inside = await door.enter(await Person.get(id=person_id), slug)
            await database.write(partial(_settle, inside, lock))
        except (door.NotFound, door.Forbidden):
            continue
        ended += 1
    return ended
