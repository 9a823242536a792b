"""What a place for blobs must be able to do: a folder here, a bucket elsewhere."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

#: What a blob is called; whatever else lies there is not ours.
DIGEST = re.compile("[0-9a-f]{64}")


class Lost(Exception):
    """The bytes of a blob are missing, or are not those that were kept."""

    def __init__(self, digest: str, how: str) -> None:
        super().__init__(f"the bytes of {digest} are {how}")
        self.missing = how == "missing"


class Unreachable(OSError):
    """Where blobs lie does not answer, or does not let us in."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """Some bytes that lie somewhere."""

    digest: str
    #: In bytes.
    size: int
    at: datetime
    #: Another when other bytes have been put there since.
    mark: str
    #: Whether they have been set aside, since they are not those that were kept.
    damaged: bool = False


class Shelf(Protocol):
    """A place for blobs, by their digest. Each verb raises OSError for what is in its way."""

    async def bring(self, path: Path, digest: str) -> None:
        """Bring a file there, as far as that takes long: before the write."""

    async def place(self, path: Path, digest: str, size: int) -> None:
        """Make sure that its bytes are there: within the write, while its row is held.

        A transaction that is tried again does this again.
        """

    async def find(self, digest: str) -> Shelved | None:
        """Return what lies there, if it has not been set aside."""

    async def read(self, digest: str, start: int, length: int) -> bytes:
        """Return these bytes, or fewer at the end. Raises Lost when they are gone."""

    def path(self, digest: str) -> Path | None:
        """Return the file that has these bytes, where they lie on this machine."""

    async def remove(self, found: Shelved) -> None:
        """Delete what lies there. What is gone already is no trouble."""

    async def set_aside(self, found: Shelved) -> None:
        """Keep altered bytes where nobody is given them. The same bytes may come anew."""

    async def try_out(self) -> None:
        """Raise OSError unless something can be put there and taken away."""

    def everything(self) -> AsyncIterator[list[Shelved]]:
        """Yield all that lies there, some at a time."""
