"""Text and a preview out of a file that somebody has sent, whatever it turns out to be.

    reading = await read(path, "Protokoll 14 mars.docx", folder)

The work is done by forum.file_reading.work in a process that is limited in time, memory and what it
writes, that has no network, and that can be killed. Only files come out of it, in a folder that the
caller makes, empty, and removes; and nothing in them is believed: see ``_checked``.
"""

import asyncio
import errno
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from forum import markup
from forum.confinement import Held
from forum.file_reading.found import MOST_TEXT, Kind, Trouble, tidied
from forum.file_reading.shown_html import is_safe
from forum.render_pool import JobFailedError, RenderPool, TooSlowError, WorkerLostError

__all__ = ["Kind", "PageImage", "Reading", "Trouble", "close", "confined", "read", "recognise"]

SECONDS: Final = 60.0
#: For recognising text in pictures of pages.
LONG_SECONDS: Final = 300.0
_MEMORY: Final = 1536 * 1024 * 1024
#: Of one file that it writes: pictures of pages, or the whole answer.
_WRITTEN: Final = 64 * 1024 * 1024
_WORK: Final = "forum.file_reading.work"
_RECOGNISING: Final = "forum.file_reading.recognising"
_ANSWER: Final = "reading.json"


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page, or an image, as a picture (WebP) in the caller's folder, and the words in it."""

    path: Path
    width: int
    height: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file turned out to be.

    ``kind``: how to show it. PAGES and IMAGE by ``pages``, each with the text behind it; HTML and
    TABLE by ``html``; TEXT by ``text`` as it is, lines and all. NONE: there is nothing to show.
    ``text``: what it says, for search and comparing, a line for each paragraph or row of a table,
    2 million characters at most. ``cut``: there is more of it.
    ``html``: needs no more cleaning. Headings begin at h3; there are no ids or images, and no
    classes but those of posts in Markdown; links lead out. Wide tables want a region that scrolls
    around them.
    ``pages``: the first 50 of ``page_count``. ``shown_in_part``: there is more than is shown here,
    of pages, rows or text.
    ``trouble``: why there is less than one would think, or nothing. SCANNED: pictures without
    text, for ``recognise`` to try. NOT_INSTALLED: old Office files need catdoc.
    """

    kind: Kind
    text: str = ""
    cut: bool = False
    html: str = ""
    pages: tuple[PageImage, ...] = ()
    page_count: int = 0
    shown_in_part: bool = False
    trouble: Trouble | None = None

    @property
    def searchable(self) -> bool:
        """Whether there is anything to search in."""
        return bool(self.text)


async def read(source: Path, name: str, into: Path) -> Reading:
    """Read a file that was sent under a name; pictures of pages are written into the folder.

    A file that breaks, hangs or kills what reads it gives a Reading that says so. Takes two minutes
    at most, and waits for its turn before that. Raises OSError when the disk is full, and
    PoolFullError when thousands wait: neither is the file's fault, so try again later.
    """
    try:
        said = await pool.call(f"{_WORK}:read", str(source), name, str(into))
    except TooSlowError:
        return Reading(Kind.NONE, trouble=Trouble.TOO_SLOW)
    except (WorkerLostError, JobFailedError):
        return Reading(Kind.NONE, trouble=Trouble.DAMAGED)
    if said == "full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(into))
    try:
        reading, is_markup = await asyncio.to_thread(_checked, into)
    except (OSError, ValueError, KeyError, TypeError):
        return Reading(Kind.NONE, trouble=Trouble.DAMAGED)
    return await _with_markup(reading) if is_markup else reading


async def recognise(source: Path, name: str, into: Path) -> str | None:
    """Give the text that is seen in a scanned PDF, of 20 pages at most, or in an image.

    "" means that none was seen, None that nobody could look: tesseract with Swedish is not
    installed, the file is of another kind, broken, or took too long. Takes some seconds for a page
    and ten minutes at most. Raises PoolFullError as ``read`` does.
    """
    try:
        said = await long_pool.call(f"{_RECOGNISING}:recognise", str(source), name, str(into))
    except (TooSlowError, WorkerLostError, JobFailedError):
        return None
    return tidied(said) if isinstance(said, str) else None


async def confined() -> Held:
    """Say how what reads files is kept from the network. Raises WorkerLostError."""
    return Held(await pool.call("forum.confinement:held"))


def _checked(into: Path) -> tuple[Reading, bool]:
    """Give what was written there, and whether its text is Markdown. Raises ValueError and others.

    Who found a hole in PDFium writes what she likes: HTML that no preview may hold, or a picture
    that is a link to our database.
    """
    said: dict[str, Any] = json.loads(_own(into, _ANSWER).read_bytes())
    if not is_safe(said["html"]):
        raise ValueError("html")
    reading = Reading(
        kind=Kind(said["kind"]),
        text=tidied(str(said["text"])[:MOST_TEXT]),
        cut=bool(said["cut"]),
        html=said["html"],
        pages=tuple(
            PageImage(
                path=_own(into, page["name"]),
                width=int(page["width"]),
                height=int(page["height"]),
                text=tidied(str(page["text"])),
            )
            for page in said["pages"]
        ),
        page_count=int(said["page_count"]),
        shown_in_part=bool(said["shown_in_part"]),
        trouble=Trouble(said["trouble"]) if said["trouble"] else None,
    )
    return reading, bool(said["markup"])


def _own(into: Path, name: str) -> Path:
    """Give the path of a file in the folder itself. Raises ValueError for what is none."""
    path = into / name
    if path.parent != into or path.is_symlink() or not path.is_file():
        raise ValueError(name)
    return path


async def _with_markup(reading: Reading) -> Reading:
    try:
        rendered = await markup.render(reading.text)
    except markup.MarkupRefused:
        return reading  # shown as it was written
    return Reading(Kind.HTML, reading.text, reading.cut, rendered.html)


async def close() -> None:
    """End the processes; the next file starts them anew."""
    await pool.close()
    await long_pool.close()


#: One process for all: it may hold a core for a minute. Whoever waits here waits in a job.
pool: Final = RenderPool(
    _WORK, workers=1, seconds=SECONDS, waiting=10_000, memory=_MEMORY, written=_WRITTEN
)
long_pool: Final = RenderPool(
    _RECOGNISING,
    workers=1,
    seconds=LONG_SECONDS,
    waiting=10_000,
    memory=_MEMORY,
    written=_WRITTEN,
)
