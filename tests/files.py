"""Files to send: small images made here, and what arrives of a file."""

import asyncio
import io
from typing import Any

from PIL import Image, PngImagePlugin

from forum.uploads import Sent
from storage.blobs import Store

#: Where the picture was taken, in the words that no answer may hold.
SECRET_PLACE = b"HEMLIGPLATS"


def image(kind: str = "PNG", size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    """Return an image, red in the upper left corner and blue elsewhere."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 3, size[1] // 3))
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Return what a telephone says beside the picture."""
    said = Image.Exif()
    said[0x0112] = orientation
    said[0x010E] = SECRET_PLACE.decode()
    said.get_ifd(0x8825)[1] = "N"
    said.get_ifd(0x8825)[2] = (57.0, 46.0, 12.0)
    said.get_ifd(0x8825)[27] = SECRET_PLACE
    return said


def telling(kind: str, orientation: int = 1) -> bytes:
    """Return an image that tells where it was taken, in every way that its kind has."""
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"exif": exif(orientation), "comment": SECRET_PLACE, "xmp": SECRET_PLACE},
        "PNG": {"exif": exif(orientation), "pnginfo": _texts()},
        "WEBP": {"exif": exif(orientation), "xmp": SECRET_PLACE, "quality": 90},
        "AVIF": {"exif": exif(orientation), "xmp": SECRET_PLACE, "speed": 10},
        "GIF": {"comment": SECRET_PLACE},
        "TIFF": {"description": SECRET_PLACE.decode(), "artist": SECRET_PLACE.decode()},
    }
    return image(kind, **options[kind])


def _texts() -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", SECRET_PLACE.decode())
    texts.add_itxt("XML:com.adobe.xmp", SECRET_PLACE.decode())
    return texts


async def sent(store: Store, name: str, content: bytes, field: str = "files") -> Sent:
    """Return a file as it comes with a form."""
    arriving = await asyncio.to_thread(store.arriving)
    await asyncio.to_thread(arriving.write, content)
    return Sent(field, name, arriving)
