"""A file on its way in."""

import asyncio
import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Self

from storage import clock, database
from storage.blobs.shelves import Shelf

BATCH = 1024 * 1024
ARRIVING = "arriving"
QUARANTINE = "quarantine"

_TOKEN = re.compile("[0-9a-f]{32}")
# Changed to what it is, a row is held; past the ORM, since a thousand small files may come.
_HELD = """
    INSERT INTO blob (digest, size, created_at) VALUES (:digest, :size, :now)
    ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest RETURNING digest
"""


class Arriving:
    """A file on its way in: written to its end, then kept or discarded. Not to be awaited twice.

    Every method that is not awaited may block, and belongs in a thread.
    """

    def __init__(self, folder: Path, shelf: Shelf, token: str = "") -> None:
        """Begin a file, or go on with the one that has this token."""
        if token and not _TOKEN.fullmatch(token):
            raise FileNotFoundError(token)
        self._folder, self._shelf = folder, shelf
        self.token = token or secrets.token_hex(16)
        self.path = folder / ARRIVING / self.token
        begins = os.O_APPEND if token else os.O_CREAT | os.O_EXCL
        self._open = os.open(self.path, os.O_WRONLY | begins, 0o600)
        self._hash = hashlib.sha256()
        self.size = 0

    @classmethod
    def again(cls, folder: Path, shelf: Shelf, token: str) -> Self:
        """Go on with what has arrived so far. Raises FileNotFoundError."""
        arriving = cls(folder, shelf, token)
        try:
            arriving.reread()
        except BaseException:
            arriving.pause()
            raise
        return arriving

    def write(self, batch: bytes | memoryview) -> None:
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

    def pause(self) -> None:
        """Have on the disk what has arrived; whoever knows its token may go on with it."""
        if self._open >= 0:
            os.fsync(self._open)
            self._close()

    async def finish(self) -> None:
        """Have the bytes where they cannot be lost, before the write. Raises OSError."""
        await asyncio.to_thread(self.pause)
        await self._shelf.bring(self.path, self.digest)

    async def kept(self) -> str:
        """Within a write, after ``finish``: make sure of the row and the bytes; return the digest.

        The row is held, so that no sweep takes the bytes before what refers to them is committed.
        """
        values = {"digest": self.digest, "size": self.size, "now": clock.now()}
        await database.change(_HELD, values)
        await self._shelf.place(self.path, self.digest, self.size)
        return self.digest

    def quarantine(self) -> str:
        """Move it to where nobody is given it; return by which name the log may call it."""
        self.pause()
        aside = self._folder / QUARANTINE
        aside.mkdir(mode=0o700, exist_ok=True)
        os.utime(self.path)
        self.path.replace(aside / self.token)
        return self.token

    def discard(self) -> None:
        """Let go of it. What has been kept stays."""
        if self._open >= 0:
            self._close()
        self.path.unlink(missing_ok=True)

    def _close(self) -> None:
        opened, self._open = self._open, -1
        os.close(opened)
