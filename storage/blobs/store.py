"""Where blobs are kept, and given to whoever may have them."""

import asyncio
import hashlib
import logging
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from functools import partial
from pathlib import Path

from storage import database
from storage.attachments import Blob
from storage.blobs.arriving import ARRIVING, BATCH, Arriving
from storage.blobs.disk import Disk
from storage.blobs.shelves import Lost, Shelf, Shelved

log = logging.getLogger("storage.blobs")

#: Left free for the database, which cannot write a word on a full disk.
RESERVE = 200 * 1024 * 1024


class Store:
    """The folder that files arrive in, and the shelf that blobs lie on: the folder itself, or else.

    What is not what was kept is given to nobody: its size is looked at each time, and whoever reads
    the whole of it is told in the end.
    """

    def __init__(self, folder: Path, shelf: Shelf | None = None, reserve: int = RESERVE) -> None:
        self.folder = folder
        self.shelf = shelf or Disk(folder)
        self._reserve = reserve

    def arriving(self) -> Arriving:
        """Begin a file; in a thread. Raises OSError."""
        for folder in (self.folder, self.folder / ARRIVING):
            folder.mkdir(mode=0o700, exist_ok=True)
        return Arriving(self.folder, self.shelf)

    def arriving_again(self, token: str) -> Arriving:
        """Go on with a file that was paused; in a thread. Raises FileNotFoundError, or OSError."""
        return Arriving.again(self.folder, self.shelf, token)

    async def room(self, size: int) -> bool:
        """Say whether there is room for a file of so many bytes, before it is sent."""
        return await self.free() >= size

    async def free(self) -> int:
        """Return how many bytes there is room for."""
        return max(0, await asyncio.to_thread(self._free) - self._reserve)

    def _free(self) -> int:
        there = self.folder if self.folder.exists() else self.folder.parent
        return shutil.disk_usage(there).free

    async def find(self, digest: str) -> Shelved:
        """Return what lies there of a blob. Raises Lost when it is not what was kept."""
        row = await database.look_up(_SIZE, {"digest": digest})
        found = await self.shelf.find(digest)
        if row is None or found is None:
            raise Lost(digest, "missing")
        if found.size != row["size"]:
            raise Lost(digest, "altered")
        return found

    async def stream(
        self, digest: str, start: int = 0, length: int | None = None
    ) -> AsyncIterator[bytes]:
        """Yield the bytes of a blob, from ``start`` on. Raises Lost as ``pieces`` does."""
        async with aclosing(self.pieces(await self.find(digest), start, length)) as pieces:
            async for piece in pieces:
                yield piece

    async def pieces(
        self, found: Shelved, start: int = 0, length: int | None = None
    ) -> AsyncGenerator[bytes]:
        """Yield bytes that were found, from ``start`` on, a megabyte at a time.

        Raises Lost; where all of them are wanted and they have been altered, before the last.
        """
        end = found.size if length is None else min(found.size, start + length)
        whole = hashlib.sha256() if (start, end) == (0, found.size) else None
        while start < end:
            piece = await self.shelf.read(found.digest, start, min(BATCH, end - start))
            if not piece:
                raise Lost(found.digest, "cut short")
            start += len(piece)
            if whole is not None:
                await asyncio.to_thread(whole.update, piece)
                if start == end and whole.hexdigest() != found.digest:
                    await self.condemn(found)
                    raise Lost(found.digest, "altered")
            yield piece

    @asynccontextmanager
    async def local(self, digest: str) -> AsyncIterator[Path]:
        """Give a file with the bytes of a blob, which are proved to be those that were kept.

        It is not to be written to. Raises Lost, or OSError when there is no room for it.
        """
        path = self.shelf.path(digest)
        if path is not None:
            async for _piece in self.stream(digest):
                pass
            yield path
            return
        arriving = await asyncio.to_thread(self.arriving)
        try:
            async for piece in self.stream(digest):
                await asyncio.to_thread(arriving.write, piece)
            yield arriving.path
        finally:
            arriving.discard()

    async def condemn(self, found: Shelved) -> bool:
        """Set aside bytes that are not what they were; say whether they were still there."""
        return await database.write(partial(self._condemn, found))

    async def _condemn(self, found: Shelved) -> bool:
        # Whoever brings the same bytes anew holds the row, too.
        held = await Blob.filter(digest=found.digest).select_for_update().get_or_none()
        if held is None or await self.shelf.find(found.digest) != found:
            return False
        await self.shelf.set_aside(found)
        log.error("the bytes of %s are altered, and set aside", found.digest)
        return True


_SIZE = "SELECT size FROM blob WHERE digest = :digest"
