"""Blobs as files in the data folder: ``ab/cdef…``, and what was altered in ``damaged/``."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from storage.blobs.shelves import DIGEST, Lost, Shelved

DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Disk:
    """A shelf that is a folder of this machine."""

    folder: Path

    def path(self, digest: str) -> Path:
        """Return where the bytes with this digest lie."""
        return self.folder / digest[:2] / digest[2:]

    async def bring(self, path: Path, digest: str) -> None:
        """Do nothing: it has arrived on the same disk, and a rename takes no time."""

    async def place(self, path: Path, digest: str, size: int) -> None:
        """Rename the file into place, also when the digest is known: this one is whole."""
        await asyncio.to_thread(self._place, path, self.path(digest))

    def _place(self, path: Path, place: Path) -> None:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            path.replace(place)
        except FileNotFoundError:
            # A transaction that is tried again finds it placed.
            if not place.exists():
                raise
        for folder in (place.parent, self.folder):
            _sync(folder)

    async def find(self, digest: str) -> Shelved | None:
        """Return what lies there."""
        return await asyncio.to_thread(_shelved, self.path(digest), digest)

    async def read(self, digest: str, start: int, length: int) -> bytes:
        """Return these bytes. The file is open no longer than that, whoever goes away."""
        try:
            return await asyncio.to_thread(_read, self.path(digest), start, length)
        except FileNotFoundError:
            raise Lost(digest, "missing") from None

    async def remove(self, found: Shelved) -> None:
        """Delete the file."""
        await asyncio.to_thread(partial(self._file(found).unlink, missing_ok=True))

    async def set_aside(self, found: Shelved) -> None:
        """Rename the file to where nothing is served from."""
        await asyncio.to_thread(self._set_aside, found)

    def _set_aside(self, found: Shelved) -> None:
        aside = self.folder / DAMAGED
        aside.mkdir(mode=0o700, exist_ok=True)
        place = self.path(found.digest)
        place.replace(aside / found.digest)
        for folder in (aside, place.parent):
            _sync(folder)

    async def try_out(self) -> None:
        """Raise OSError unless the folder takes a file."""
        await asyncio.to_thread(self._try_out)

    def _try_out(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self.folder, buffering=0) as file:
            file.write(b"samverkan")

    async def everything(self) -> AsyncIterator[list[Shelved]]:
        """Yield all files, a folder's at a time."""
        for name in (*(f"{number:02x}" for number in range(256)), DAMAGED):
            yield await asyncio.to_thread(self._within, name)

    def _within(self, name: str) -> list[Shelved]:
        damaged = name == DAMAGED
        found = []
        with suppress(FileNotFoundError):
            for path in sorted((self.folder / name).iterdir()):
                digest = path.name if damaged else name + path.name
                # Another worker may sweep at the same time.
                one = _shelved(path, digest, damaged=damaged) if DIGEST.fullmatch(digest) else None
                if one is not None:
                    found.append(one)
        return found

    def _file(self, found: Shelved) -> Path:
        return self.folder / DAMAGED / found.digest if found.damaged else self.path(found.digest)


def _shelved(path: Path, digest: str, *, damaged: bool = False) -> Shelved | None:
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    at = datetime.fromtimestamp(told.st_mtime, UTC)
    return Shelved(digest, told.st_size, at, f"{told.st_ino}-{told.st_mtime_ns}", damaged)


def _read(path: Path, start: int, length: int) -> bytes:
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        return file.read(length)


def _sync(folder: Path) -> None:
    # Windows opens no folders, and needs none: its renames are written through.
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
