"""A picture to show of an image: upright, small enough for a page, and telling nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from forum import colours
from forum.file_reading.found import Found, Kind, Trouble, Unreadable
from forum.pixels import FORMATS, MOST_PIXELS

_LONGEST: Final = 1600


def gather(source: Path, into: Path) -> Found:
    """Write the picture into the folder. Raises Unreadable."""
    found = Found(Kind.IMAGE, trouble=Trouble.SCANNED)
    with _opened(source) as image:
        found.page_count = _pages(image)
        found.shown_in_part = found.page_count > 1
        shown = _upright(image, _LONGEST)
    path = into / "page-1.webp"
    shown.save(path, "WEBP", quality=82, method=3)
    found.pages.append(
        {"name": path.name, "width": shown.width, "height": shown.height, "text": ""}
    )
    return found


def images(source: Path, most: int, longest: int) -> Iterator[Image.Image]:
    """Yield the first pages, of which all but scans have one. Raises Unreadable."""
    with _opened(source) as image:
        for number in range(min(_pages(image), most)):
            image.seek(number)
            yield _upright(image, longest)


@contextmanager
def _opened(source: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(source, formats=FORMATS) as image:
            yield image
    except (MemoryError, Unreadable):
        raise
    except Exception:
        # Whatever the library has to say of a broken file.
        raise Unreadable(Trouble.DAMAGED) from None


def _pages(image: Image.Image) -> int:
    """Say how many pages there are: of what moves, all are one."""
    return getattr(image, "n_frames", 1) if image.format == "TIFF" else 1


def _upright(image: Image.Image, longest: int) -> Image.Image:
    """Give an image as it is meant to be seen, on white."""
    if image.width * image.height > MOST_PIXELS:
        raise Unreadable(Trouble.TOO_LARGE)
    image.draft("RGB", (2 * longest, 2 * longest))
    shown = colours.meant(image)(ImageOps.exif_transpose(image)).convert("RGBA")
    shown.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", shown.size, "white")
    ground.alpha_composite(shown)
    return ground.convert("RGB")
