"""What a version is made of: bytes that have just arrived, or that are kept already."""

from dataclasses import dataclass
from typing import Protocol

from storage import door
from storage.attachments import Blob


class Content(Protocol):
    """Some bytes; ``kept`` is called within the write that refers to them."""

    #: In bytes.
    size: int

    async def kept(self) -> str:
        """Make sure of the bytes and their row, and return their digest."""


@dataclass(slots=True)
class Known:
    """Bytes that another row refers to, such as an earlier version."""

    digest: str
    size: int

    async def kept(self) -> str:
        """Hold their row, so that no sweep takes them. Raises NotFound when they are gone."""
        if await Blob.filter(digest=self.digest).select_for_update().get_or_none() is None:
            raise door.NotFound
        return self.digest
