"""Where blobs lie, and the sweep of what nothing refers to."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from storage import clock, database
from storage.attachments import Blob
from storage.blobs.arriving import Arriving, place_of
from storage.blobs.references import WITHOUT_REFERENCE, references


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
        for row in await database.read(WITHOUT_REFERENCE, {"before_at": before}):
            swept += await database.write(partial(self._forget, row["digest"]))
        known = {row["digest"] for row in await database.read("SELECT digest FROM blob", {})}
        for path in await asyncio.to_thread(self._older, before):
            if _digest_of(path) not in known:
                await database.write(partial(self._delete_unless_known, path))
        return swept

    async def _forget(self, digest: str) -> bool:
        held = await Blob.filter(digest=digest).select_for_update().get_or_none()
        if held is None or await references(digest):
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


def _digest_of(path: Path) -> str:
    return path.parent.name + path.name
