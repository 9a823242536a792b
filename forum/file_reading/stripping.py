"""Files that are to be published: a copy without their properties and the names of their writers.

    await strip(path, copy, "Handbok.docx", "Handbok för boendestöd")
    for what in await leftovers(copy, "Handbok.docx"): …

The work is done by forum.file_reading.strip_work in a limited process, as reading is.
"""

import asyncio
import errno
import os
import tempfile
from pathlib import Path
from typing import Any, Final

from forum.file_reading.telling import Leftover, Reason
from forum.render_pool import JobFailedError, RenderPool, TooSlowError, WorkerLostError

__all__ = ["CannotStrip", "Leftover", "Reason", "close", "leftovers", "strip"]

SECONDS: Final = 180.0
_WORK: Final = "forum.file_reading.strip_work"
_MEMORY: Final = 1536 * 1024 * 1024
#: As large as a file that is sent may be.
_WRITTEN: Final = 2 * 1024 * 1024 * 1024


class CannotStrip(Exception):
    """No copy was made: why.

    KIND: one that nobody here can rid of it, such as a DOC. SIGNED: a PDF whose signature names
    its signer. IMAGE: a picture, or one in the document, that cannot be written anew.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


async def strip(source: Path, target: Path, name: str, title: str = "") -> None:
    """Write to ``target`` what the file shows, and nothing of who has made it.

    Gone are properties, names and initials at comments and changes, in which sitting a word was
    written, paths, printers, thumbnails, and what images tell beside what they show.
    ``title`` becomes the only property: readers of screens say it. Comments and changes themselves
    stay: ``leftovers`` names them. ``target`` is there whole or not at all.
    Raises CannotStrip, OSError when the disk is full, and PoolFullError.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="strip-") as folder:
        copy = Path(folder) / "copy"
        said = await _called("strip", str(source), str(copy), name, folder, title)
        if said == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        if said:
            raise CannotStrip(Reason(said))
        # Whoever has taken the process over may have left a link to a file of ours.
        if copy.is_symlink() or not copy.is_file():
            raise CannotStrip(Reason.DAMAGED)
        await asyncio.to_thread(copy.replace, target)


async def leftovers(path: Path, name: str) -> list[Leftover]:
    """Name what a file holds beside what one sees at first, for its publisher to look at.

    UNREADABLE: nobody knows. Raises CannotStrip when that took too long or broke what reads it.
    """
    return [Leftover(one) for one in await _called("leftovers", str(path), name)]


async def _called(verb: str, *arguments: str) -> Any:
    try:
        return await pool.call(f"{_WORK}:{verb}", *arguments)
    except TooSlowError:
        raise CannotStrip(Reason.TOO_SLOW) from None
    except (WorkerLostError, JobFailedError):
        raise CannotStrip(Reason.DAMAGED) from None


async def close() -> None:
    """End the process; the next file starts it anew."""
    await pool.close()


pool: Final = RenderPool(
    _WORK, workers=1, seconds=SECONDS, waiting=1000, memory=_MEMORY, written=_WRITTEN
)
