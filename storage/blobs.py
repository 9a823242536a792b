"""Bytes that are kept, by their SHA-256: files in the data folder, each with a `Blob` row.

A row that something refers to always has its bytes: they are on the disk before the row is
committed, and they go only together with a row that nothing refers to.
"""

import asyncio
import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from tortoise.queryset import QuerySet

from storage import clock, database
from storage.attachments import Attachment, Blob
from storage.people import Person

BATCH = 1024 * 1024


class Arriving:
    """A file on its way in: written to its end, then kept or discarded. Not to be awaited twice.

    Every method but ``kept`` may block, and belongs in a thread.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / "arriving" / secrets.token_hex(16)
        self._open = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._hash = hashlib.sha256()
        self._placed = False
        self.size = 0

    def write(self, batch: bytes) -> None:
        """Add bytes. Raises OSError for a full disk."""
        remaining = memoryview(batch)
        while remaining:
            remaining = remaining[os.write(self._open, remaining) :]
        self._hash.update(batch)
        self.size += len(batch)

    def reread(self) -> None:
        """Take what another process has written to ``path`` for what has arrived."""
        self._hash, self.size = hashlib.sha256(), 0
        with self.path.open("rb") as file:
            while batch := file.read(BATCH):
                self._hash.update(batch)
                self.size += len(batch)

    @property
    def digest(self) -> str:
        """The SHA-256 of what has arrived."""
        return self._hash.hexdigest()

    def finish(self) -> None:
        """Have the bytes on the disk. Raises OSError when they cannot be."""
        if self._open >= 0:
            os.fsync(self._open)
            self._close()

    def _close(self) -> None:
        opened, self._open = self._open, -1
        os.close(opened)

    async def kept(self) -> str:
        """Within a write, after ``finish``: make sure of the row and the bytes; return the digest.

        The row is held, so that no sweep takes the bytes before what refers to them is committed.
        """
        held = await Blob.filter(digest=self.digest).select_for_update().get_or_none()
        if held is None:
            await Blob.create(digest=self.digest, size=self.size, created_at=clock.now())
        await asyncio.to_thread(self._place)
        return self.digest

    def _place(self) -> None:
        # Also when the digest is known: the bytes in place are then those that are known to be
        # whole. A transaction that is tried again finds them placed.
        if self._placed:
            return
        place = place_of(self._folder, self.digest)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        self.path.replace(place)
        self._placed = True
        for folder in (place.parent, self._folder):
            _sync_folder(folder)

    def discard(self) -> None:
        """Let go of it. What has been kept stays."""
        if self._open >= 0:
            self._close()
        self.path.unlink(missing_ok=True)


def place_of(folder: Path, digest: str) -> Path:
    """Return where the bytes with this digest lie: ``ab/cdef…``."""
    return folder / digest[:2] / digest[2:]


def _sync_folder(folder: Path) -> None:
    # Windows opens no folders, and needs none: its renames are written through.
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@dataclass(frozen=True, slots=True)
class Store:
    """The folder that blobs lie in."""

    folder: Path

    def arriving(self) -> Arriving:
        """Begin a file; in a thread. Raises OSError."""
        for folder in (self.folder, self.folder / "arriving"):
            folder.mkdir(mode=0o700, exist_ok=True)
        return Arriving(self.folder)

    def place(self, digest: str) -> Path:
        """Return where the bytes of a blob lie."""
        return place_of(self.folder, digest)

    async def sweep(self, before: datetime) -> int:
        """Delete what is older than this and which nothing refers to; return how many blobs.

        What has just arrived is left: whoever sent it may be about to refer to it.
        """
        swept = 0
        for row in await database.read(_WITHOUT_REFERENCE, {"before_at": before}):
            swept += await database.write(partial(self._forget, row["digest"]))
        known = {row["digest"] for row in await database.read("SELECT digest FROM blob", {})}
        for path in await asyncio.to_thread(self._older, before):
            if _digest_of(path) not in known:
                await database.write(partial(self._delete_unless_known, path))
        return swept

    async def _forget(self, digest: str) -> bool:
        held = await Blob.filter(digest=digest).select_for_update().get_or_none()
        if held is None or await _referred_to(digest):
            return False
        await held.delete()
        # Before the commit, while the row is held: afterwards somebody may have brought the same
        # bytes anew. Killed here, the row is back without its bytes, and nothing refers to it.
        await asyncio.to_thread(partial(self.place(digest).unlink, missing_ok=True))
        return True

    async def _delete_unless_known(self, path: Path) -> None:
        digest = _digest_of(path)
        if path.parent.name != "arriving":
            if await Blob.exists(digest=digest):
                return
            # Whoever brings the same bytes now waits for this row, and finds it gone.
            await Blob.create(digest=digest, size=0, created_at=clock.now())
            await Blob.filter(digest=digest).delete()
        await asyncio.to_thread(partial(path.unlink, missing_ok=True))

    def _older(self, before: datetime) -> list[Path]:
        found = []
        for path in self.folder.glob("*/*"):
            # Another worker may sweep at the same time.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    found.append(path)
        return found


_WITHOUT_REFERENCE = """
    SELECT digest FROM blob WHERE created_at < :before_at
        AND digest NOT IN (SELECT blob_id FROM attachment WHERE blob_id IS NOT NULL)
        AND digest NOT IN (SELECT picture FROM person WHERE picture IS NOT NULL)
"""


def _digest_of(path: Path) -> str:
    return path.parent.name + path.name


async def _referred_to(digest: str) -> bool:
    attached = await QuerySet(Attachment).filter(blob_id=digest).exists()
    return attached or await Person.exists(picture=digest)
