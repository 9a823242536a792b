"""The sweep: bytes that nothing refers to, and what has arrived and gone no further."""

import asyncio
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from storage import clock, database
from storage.attachments import Blob
from storage.blobs.arriving import ARRIVING, QUARANTINE
from storage.blobs.references import EXPECTED, WITHOUT_REFERENCE, known, references
from storage.blobs.shelves import Shelf, Shelved
from storage.blobs.store import Store

#: What a scanner has found is left so long for whoever wants to look at it.
QUARANTINED = timedelta(days=30)


async def sweep(store: Store, before: datetime) -> int:
    """Delete what is older than this and which nothing refers to; return how many blobs.

    What has just arrived is left: whoever sent it may be about to refer to it.
    """
    swept = 0
    for row in await database.read(WITHOUT_REFERENCE, {"before_at": before}):
        swept += await database.write(partial(_forget, store.shelf, row["digest"]))
    async for some in store.shelf.everything():
        rows = await known([one.digest for one in some])
        for one in some:
            if one.at < before and (one.damaged or one.digest not in rows):
                await _clear(store.shelf, one)
    expected = {row["token"] for row in await database.read(EXPECTED, {})}
    await asyncio.to_thread(_delete_older, store.folder / ARRIVING, before, expected)
    await asyncio.to_thread(_delete_older, store.folder / QUARANTINE, before - QUARANTINED, set())
    return swept


async def _forget(shelf: Shelf, digest: str) -> bool:
    held = await Blob.filter(digest=digest).select_for_update().get_or_none()
    if held is None or await references(digest):
        return False
    await held.delete()
    # Before the commit, while the row is held: afterwards somebody may have brought the same
    # bytes anew. Killed here, the row is back without its bytes, and nothing refers to it.
    if found := await shelf.find(digest):
        await shelf.remove(found)
    return True


async def _clear(shelf: Shelf, found: Shelved) -> None:
    """Delete bytes without a row, and altered ones whose row is gone or has its bytes again."""
    if found.damaged:
        if await shelf.find(found.digest) or not await Blob.exists(digest=found.digest):
            await shelf.remove(found)
    else:
        await database.write(partial(_delete_unless_known, shelf, found))


async def _delete_unless_known(shelf: Shelf, found: Shelved) -> None:
    if await Blob.exists(digest=found.digest):
        return
    # Whoever brings the same bytes now waits for this row, and finds it gone.
    await Blob.create(digest=found.digest, size=0, created_at=clock.now())
    await Blob.filter(digest=found.digest).delete()
    await shelf.remove(found)


def _delete_older(folder: Path, before: datetime, expected: set[str]) -> None:
    # Another worker may sweep at the same time.
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            with suppress(FileNotFoundError):
                if path.name in expected or path.stat().st_mtime >= before.timestamp():
                    continue
                if path.is_dir():
                    # What a process that was killed worked in.
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()
