"""A file on its way in."""

import asyncio
import hashlib
import os
import secrets
from pathlib import Path

from storage import clock
from storage.attachments import Blob

BATCH = 1024 * 1024


class Arriving:
    """A file on its way in: written to its end, then kept or discarded. Not to be awaited twice.

    Every method that is not awaited may block, and belongs in a thread.
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

    async def finish(self) -> None:
        """Have the bytes on the disk, before the write. Raises OSError when they cannot be."""
        await asyncio.to_thread(self._sync)

    def _sync(self) -> None:
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
