"""A picture to show of an image: upright, small enough for a page, and telling nothing else."""

from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from forum import colours
from forum.file_reading.found import Found, Kind, Trouble, Unreadable
from forum.pixels import FORMATS, MOST_PIXELS

_LONGEST: Final = 1600


def gather(source: Path, into: Path) -> Found:
    """Write the picture into the folder. Raises Unreadable."""
    found = Found(Kind.IMAGE, page_count=1, trouble=Trouble.SCANNED)
    image = upright(source, _LONGEST)
    path = into / "page-1.webp"
    image.save(path, "WEBP", quality=82, method=3)
    found.pages.append(
        {"name": path.name, "width": image.width, "height": image.height, "text": ""}
    )
    return found


def upright(source: Path, longest: int) -> Image.Image:
    """Give the first picture in a file, as it is meant to be seen. Raises Unreadable."""
    try:
        with Image.open(source, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unreadable(Trouble.TOO_LARGE)
            image.draft("RGB", (2 * longest, 2 * longest))
            shown = colours.meant(image)(ImageOps.exif_transpose(image)).convert("RGBA")
            shown.thumbnail((longest, longest), Image.Resampling.LANCZOS)
            ground = Image.new("RGBA", shown.size, "white")
            ground.alpha_composite(shown)
            return ground.convert("RGB")
    except (MemoryError, Unreadable):
        raise
    except Exception:
        # Whatever the library has to say of a broken file.
        raise Unreadable(Trouble.DAMAGED) from None
