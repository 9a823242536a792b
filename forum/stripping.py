"""Copies of files without what they tell beside what they show, and what is left in them."""

import asyncio
import shutil
from enum import StrEnum
from pathlib import Path

from forum import file_names

#: Files that consist of what they show.
_PLAIN = frozenset({"txt", "md", "csv"})


class Left(StrEnum):
    """What stands in a copy, which somebody must have looked at."""

    #: Nobody can tell what is in a file of this kind.
    UNKNOWN = "unknown"


class CannotBeStripped(Exception):
    """There is no copy that could be published."""


async def strip(source: Path, target: Path, name: str) -> frozenset[Left]:
    """Write the copy into ``target``, which is there; return what is left in it."""
    await asyncio.to_thread(shutil.copyfile, source, target)
    return frozenset() if file_names.suffix(name) in _PLAIN else frozenset({Left.UNKNOWN})
