"""Images that people send: made upright, and rid of where and when they were taken and by whom.

The work is done by forum.pixels in a process that is limited and can be killed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forum.language import gettext as _
from forum.render_pool import PoolFullError, RenderPool, TooSlowError, WorkerLostError
from forum.turns import TooManyWaiting, Turns

#: What browsers show, and so do we; TIFF they cannot.
SHOWN: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"})
#: Bytes of a file's beginning that ``is_image`` wants to see.
HEAD: Final = 64
_PIXELS: Final = "forum.pixels"
_MEMORY: Final = 1536 * 1024 * 1024
#: What an image may be written as; uploads are compared with their own limit afterwards.
_WRITTEN: Final = 512 * 1024 * 1024


class ImageRefused(Exception):
    """It cannot be taken; the text says why, to whoever sent it."""


@dataclass(frozen=True, slots=True)
class Image:
    """What an image turned out to be, in pixels as it is seen."""

    media_type: str
    width: int
    height: int


def is_image(head: bytes) -> bool:
    """Say by a file's first bytes whether it is an image that can tell where it was taken.

    What only calls itself one is not. Raises ImageRefused for HEIC.
    """
    # HEIC is what telephones of one make save. Cleaning it takes a decoder for H.265, which is
    # patented and large, and no browser but that maker's shows it.
    if head[4:8] == b"ftyp":
        brands = {head[at : at + 4] for at in range(8, len(head), 4)}
        if brands & {b"avif", b"avis"}:
            return True
        if brands & {
            b"heic",
            b"heix",
            b"heim",
            b"heis",
            b"hevc",
            b"hevx",
            b"mif1",
            b"msf1",
            b"crx ",
        }:
            raise ImageRefused(_explained("raw"))
        return False
    # JPEG XL and JPEG 2000, which tell as much as a JPEG and which few programs open.
    if head[4:8] in {b"JXL ", b"jP  "}:
        raise ImageRefused(_explained("raw"))
    # What cameras save for themselves, with the place in it: Fujifilm, Olympus and Panasonic.
    if head.startswith((b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0")):
        raise ImageRefused(_explained("raw"))
    return (
        head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a"))
        or head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"))
        or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")
    )


async def clean(source: Path, target: Path, suffix: str, person_id: int) -> Image:
    """Write what the image shows, and nothing else of it, into the file ``target``.

    ``suffix`` is how its name ends, ``person_id`` who waits for it. Raises ImageRefused.
    """
    return await _done(person_id, "clean", str(source), str(target), suffix)


async def portrait(source: Path, target: Path, person_id: int) -> Image:
    """Write a square of 256 pixels of it into the file ``target``. Raises ImageRefused."""
    return await _done(person_id, "portrait", str(source), str(target))


async def _done(person_id: int, verb: str, *arguments: str) -> Image:
    try:
        async with _turns.of(person_id):
            answer = await pool.call(f"{_PIXELS}:{verb}", *arguments)
    except (TooSlowError, WorkerLostError):
        raise ImageRefused(_explained("pixels")) from None
    except (PoolFullError, TooManyWaiting):
        raise ImageRefused(_("Many images are being sent right now. Try again.")) from None
    if refused := answer.get("refused"):
        raise ImageRefused(_explained(refused))
    return Image(answer["type"], answer["width"], answer["height"])


def _explained(reason: str) -> str:
    match reason:
        case "pixels":
            return _("The image is too large. Make it smaller, to at most 50 megapixels.")
        case "raw":
            return _(
                "An image of this kind cannot be rid of where it was taken. Save it as JPEG and"
                " send that."
            )
        case _:
            return _("The image is damaged. Save it anew and send that.")


async def close() -> None:
    """End the process; the next image starts it anew."""
    await pool.close()


#: One process for all: an image may hold it for half a minute.
_turns: Final = Turns(waiting=8)
pool: Final = RenderPool(
    _PIXELS, workers=1, seconds=30.0, waiting=32, memory=_MEMORY, written=_WRITTEN
)
