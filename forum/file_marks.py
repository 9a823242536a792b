"""Which files of a post a form was made from, so that no tab undoes what another has done."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from storage.attachments import Attachment, Spot

#: A file of a post, what it shows, and where in the post it belongs.
Placed = tuple[int, str, Spot]
_DIGITS: Final = 8


def mark(placed: Iterable[Placed]) -> str:
    """Return what a form carries: the files in their order, "12.9f1c2b7a 14.…"."""
    return " ".join(f"{one}.{_digest(alt, spot)}" for one, alt, spot in placed)


def mark_of(rows: Iterable[Attachment]) -> str:
    """Return the same for the files that a post has."""
    return mark((row.id, row.alt, row.spot) for row in rows)


def added(rows: Iterable[Attachment], since: str) -> Sequence[Attachment]:
    """Return those that the post has got since a form was made."""
    there = {one.partition(".")[0] for one in since.split()}
    return [row for row in rows if str(row.id) not in there]


def _digest(alt: str, spot: Spot) -> str:
    return hashlib.blake2b(f"{spot} {alt}".encode()).hexdigest()[:_DIGITS]
