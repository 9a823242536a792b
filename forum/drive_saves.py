"""What programs save on a drive, as versions of the documents that they mean.

Programs seldom write into the file that is there. They write a new one, move the old one away, move
the new one to its name and delete the old one; or delete it first. Whatever the order, it ends as a
new version of the same document, which keeps its links and its history.
"""

import re
from datetime import timedelta
from functools import partial
from typing import Final

from tortoise.exceptions import OperationalError

from forum import (
    document_names,
    drive_locks,
    folders,
    quotas,
    renditions,
    trash,
    versions,
)
from forum.arrivals import NoRoom
from forum.contents import Content, Known
from forum.documents import amend, locked_document
from storage import clock, database
from storage.documents import Document, Version
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act

#: From the moving away, or the deleting, of the old file to the new one at its place.
MEANWHILE: Final = timedelta(minutes=10)
#: Programs save several times, and send a thousand files: what they are to be read for waits.
SETTLED: Final = timedelta(seconds=10)


async def save(
    inside: Inside,
    folder_id: int,
    name: str,
    content: Content,
    tokens: list[str],
    based_on: int | None = None,
) -> Document:
    """Save a file in a folder: a new document, or what becomes a version of the one there.

    ``tokens`` are the locks that the program says it has, ``based_on`` the version that it says it
    has seen. Nothing in it makes no version. Raises NotFound, Forbidden, Locked, Stale, NoRoom, or
    Invalid (``name``, ``files``).
    """
    inside.require(Act.FILE)
    checked = document_names.checked(name)

    async def work() -> Document:
        key = document_names.key(checked)
        there = await inside.look_up(_THERE, folder_id=folder_id, key=key)
        if there is None:
            document, lock = await _arrived(inside, folder_id, checked), None
        else:
            document = await locked_document(inside, Act.FILE, there["id"])
            lock = await drive_locks.on(inside, document.id, tokens)
        if based_on is not None and based_on != document.last_number:
            raise versions.Stale(document)
        if lock is not None and content.size:
            await drive_locks.keep(inside, document, content, lock)
        elif content.size:
            await add(inside, document, content)
        return document

    try:
        return await database.write(work)
    except OperationalError as error:
        if "full" in str(error):
            raise NoRoom from None
        raise


_THERE = """
    SELECT id FROM document WHERE network_id = :network_id AND folder_id = :folder_id
        AND name_key = :key AND trash_id IS NULL
"""


async def create_empty(inside: Inside, folder_id: int, name: str) -> Document:
    """Make a document that nothing has been saved in yet, for a lock at its address.

    Raises NotFound, Forbidden, Invalid (``name``).
    """
    inside.require(Act.FILE)
    checked = document_names.checked(name)
    return await database.write(partial(_arrived, inside, folder_id, checked))


async def _arrived(inside: Inside, folder_id: int, name: str) -> Document:
    """Return the document that is meant by a name that is free: one that was just there, or new."""
    folder = await folders.locked_folder(inside, Act.FILE, folder_id)
    former = await returning(inside, folder_id, name)
    if former is not None:
        return await called_back(inside, former, name)
    key = document_names.key(name)
    if await inside.read_few(_TAKEN, folder_id=folder_id, key=key):
        await folders.require_free(inside, folder, name)
    now = clock.now()
    return await inside.create(
        Document,
        folder_id=folder.id,
        name=name,
        name_key=key,
        scratch=_is_scratch(name, folder.name),
        organisation_id=inside.membership.organisation_id,
        author_id=inside.person.id,
        created_at=now,
        changed_at=now,
    )


#: Folders that macOS makes to save in. Programs' other names may be those of people's folders.
_SAVED_IN: Final = re.compile(
    r"\.TemporaryItems|\(A Document Being Saved By .*\)|.*\.sb-[0-9a-f]{8}-\w{6}", re.IGNORECASE
)


def _is_scratch(name: str, folder: str) -> bool:
    return document_names.is_scratch(name) or _SAVED_IN.fullmatch(folder) is not None


async def appear(inside: Inside, document_id: int) -> None:
    """Within a write: have a program's own file that is called properly now be a document."""
    document = await locked_document(inside, Act.FILE, document_id)
    folder = await folders.folder(inside, document.folder_id)
    if _is_scratch(document.name, folder.name):
        return
    await amend(inside, document, scratch=False)
    if not document.last_number:
        return
    latest = await inside.versions.get(document_id=document.id, number=document.last_number)
    await renditions.request(inside, latest)
    ids = {"document_id": document.id, "folder_id": document.folder_id}
    await inside.record(EventKind.DOCUMENT_CREATED, **ids)


# One statement where nothing is in the way, as for each of a thousand files.
_TAKEN = """
    SELECT id FROM folder WHERE network_id = :network_id AND parent_id = :folder_id
        AND name_key = :key AND trash_id IS NULL
    UNION ALL
    SELECT id FROM document WHERE network_id = :network_id AND folder_id = :folder_id
        AND name_key = :key AND trash_id IS NULL
"""


async def add(inside: Inside, document: Document, content: Content) -> Version | None:
    """Within a write that holds the document: make a version of what was saved, unless it is none.

    A document appears on pages with its first one.
    """
    await quotas.require(inside, content.size)
    new = await versions.append(inside, document, content, name=document.name, read_after=SETTLED)
    if new is not None and not document.scratch:
        kind = EventKind.DOCUMENT_CREATED if new.number == 1 else EventKind.VERSION_ADDED
        await inside.record(kind, document_id=document.id, folder_id=document.folder_id)
    return new


# Few at any moment: what the same person has just moved away or put in the trash.
_RETURNING = """
    SELECT d.id, d.name, d.former_name, d.trash_id FROM document d
    LEFT JOIN trash t ON t.id = d.trash_id AND t.network_id = :network_id
    WHERE d.network_id = :network_id AND d.folder_id = :folder_id AND (
        (d.trash_id IS NULL AND d.renamed_by_id = :person_id AND d.renamed_at > :since_at)
        OR (t.what = 'document' AND t.person_id = :person_id AND t.at > :since_at
            AND d.name_key = :key))
    ORDER BY d.id DESC
"""


async def returning(inside: Inside, folder_id: int, name: str) -> Document | None:
    """Within a write: return the document that a program has just moved or put away from a name."""
    key = document_names.key(name)
    values = {"folder_id": folder_id, "key": key, "since_at": clock.now() - MEANWHILE}
    for row in await inside.read_few(_RETURNING, **values):
        if row["trash_id"] is not None:
            return await inside.trashed_documents.get(id=row["id"])
        if document_names.key(row["former_name"]) == key and _put_aside(row["name"], name):
            return await inside.documents.select_for_update().get(id=row["id"])
    return None


def _put_aside(name: str, former: str) -> bool:
    """Say whether a name is one by which programs keep the earlier file beside the new one."""
    stem = document_names.split(former)[0]
    backups = {document_names.key(one) for one in (f"{former}.bak", f"{stem}.bak")}
    return document_names.is_scratch(name) or document_names.key(name) in backups


async def called_back(inside: Inside, former: Document, name: str) -> Document:
    """Within a write that holds its folder: give a document its name back; return it, held.

    What it was called meanwhile is then a program's own file with what it held: the program will
    delete that, or move it back if something went wrong.
    """
    if former.trash_id is not None:
        await trash.restore(inside, former.trash_id)
        return await locked_document(inside, Act.FILE, former.id)
    aside = former.name
    key = document_names.key(name)
    await inside.documents.filter(id=former.id).update(name=name, name_key=key, renamed_at=None)
    former.name, former.name_key = name, key
    await amend(inside, former)
    former.version += 1
    await _left_aside(inside, former, aside)
    return former


async def _left_aside(inside: Inside, former: Document, name: str) -> None:
    if not former.last_number:
        return
    latest = await inside.versions.get(document_id=former.id, number=former.last_number)
    if latest.blob_id is None:
        return
    now = clock.now()
    left = await inside.create(
        Document,
        folder_id=former.folder_id,
        name=name,
        name_key=document_names.key(name),
        scratch=True,
        organisation_id=inside.membership.organisation_id,
        author_id=inside.person.id,
        created_at=now,
        changed_at=now,
    )
    await versions.append(inside, left, Known(latest.blob_id, latest.size), name=name)


def is_temporary(inside: Inside, document: Document) -> bool:
    """Say whether a document is only what a program has written before it takes a name.

    Also one by a proper name, such as "Karta.odt.part", that she has begun just now.
    """
    if document.adopted_number is not None or document.thread_id is not None:
        return False
    hers = document.author_id == inside.person.id
    begun = document.created_at > clock.now() - MEANWHILE
    return document.scratch or (hers and begun and document.last_number <= 1)


async def take_over(inside: Inside, document: Document, temporary: Document) -> Document:
    """Within a write that holds both: what was written temporarily becomes a version of a document.

    Returns the document; the other is no more.
    """
    if temporary.last_number:
        wrote = await inside.versions.get(document_id=temporary.id, number=temporary.last_number)
        content = Known(versions.digest(wrote), wrote.size)
        await drive_locks.end_on(inside, document.id)
        document = await locked_document(inside, Act.FILE, document.id)
        await add(inside, document, content)
    await erase(inside, temporary)
    return document


async def erase(inside: Inside, document: Document) -> None:
    """Within a write that holds it: delete a program's own file, or one that was never filled."""
    await inside.documents.filter(id=document.id).delete()
