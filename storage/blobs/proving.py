"""Reading all there is: each blob is to be what was kept, and what lies there to have a row."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage import database
from storage.attachments import Blob
from storage.blobs.references import known, references
from storage.blobs.shelves import Lost
from storage.blobs.store import Store

#: A bucket answers late, and eight at once as soon as one.
_AT_ONCE = 8


class State(StrEnum):
    """What a blob turns out to be."""

    WHOLE = "whole"
    MISSING = "missing"
    #: Other bytes are there than were kept, or have been set aside because they were others.
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class Proof:
    """What has been found of one blob, and how many rows of which tables refer to it."""

    digest: str
    #: In bytes, as its row says.
    size: int
    state: State
    references: dict[str, int]


@dataclass(slots=True)
class Lying:
    """What lies on a shelf beside the blobs."""

    #: Digests of what has been set aside.
    damaged: set[str] = field(default_factory=set)
    #: How many files have no row, and how many bytes they are.
    loose: int = 0
    loose_bytes: int = 0


async def count() -> tuple[int, int]:
    """Return how many blobs there are to read, and of how many bytes."""
    row = (await database.read(_COUNT, {}))[0]
    return row["blobs"], int(row["bytes"])


async def look(store: Store, before: datetime) -> Lying:
    """Look at all that lies there. What came later than ``before`` may be about to get a row."""
    found = Lying()
    async for some in store.shelf.everything():
        rows = await known([one.digest for one in some])
        for one in some:
            if one.damaged:
                found.damaged.add(one.digest)
            elif one.digest not in rows and one.at < before:
                found.loose += 1
                found.loose_bytes += one.size
    return found


async def prove(store: Store, damaged: set[str]) -> AsyncIterator[Proof]:
    """Read every blob there is, and tell what it is. ``damaged`` have been set aside before.

    Raises OSError when they cannot be read.
    """
    after = ""
    while rows := await database.read(_NEXT, {"after": after, "most": _AT_ONCE}):
        states = await asyncio.gather(*(_state(store, row["digest"]) for row in rows))
        for row, state in zip(rows, states, strict=True):
            after = row["digest"]
            if state == State.MISSING and after in damaged:
                state = State.ALTERED
            # A sweep may have come since the row was read.
            if state == State.WHOLE or await Blob.exists(digest=after):
                refer = {} if state == State.WHOLE else await references(after)
                yield Proof(after, row["size"], state, refer)


async def _state(store: Store, digest: str) -> State:
    altered = False
    # Twice, since somebody may bring the same bytes anew while they are read.
    for _ in range(2):
        try:
            async for _piece in store.stream(digest):
                pass
        except Lost as lost:
            altered |= not lost.missing
        else:
            return State.WHOLE
    return State.ALTERED if altered else State.MISSING


_COUNT = "SELECT COUNT(*) AS blobs, COALESCE(SUM(size), 0) AS bytes FROM blob"
_NEXT = "SELECT digest, size FROM blob WHERE digest > :after ORDER BY digest LIMIT :most"
