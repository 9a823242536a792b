"""What is done to images, in a process of its own: forum.images calls it there.

Only that process imports Pillow, which opens strangers' files and takes memory.
"""

import struct
import warnings
from pathlib import Path
from typing import Any, Final

from PIL import GifImagePlugin, Image, ImageOps, ImageSequence, JpegImagePlugin

from forum import colours

#: As many as the largest telephones take.
MOST_PIXELS: Final = 52_000_000
#: Of all frames together.
MOST_MOVING_PIXELS: Final = 150_000_000
PORTRAIT: Final = 256
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF", "MPO")
_TYPES: Final = {
    "JPEG": "image/jpeg",
    # A JPEG with a second one behind it, as some telephones write; the first is what is seen.
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "AVIF": "image/avif",
    "TIFF": "image/tiff",
}

# Bounded here by ourselves, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None
GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY
warnings.simplefilter("ignore")


def clean(source: str, target: str, suffix: str) -> dict[str, Any]:
    """Write the image anew, upright and without all that it tells beside what it shows.

    Gives its media type, width and height, or why it is "refused": "damaged", "pixels", or "raw"
    for a camera's own format, of which this would keep the thumbnail alone.
    """
    try:
        with Image.open(source, formats=FORMATS) as image:
            if image.format == "TIFF" and suffix not in {"tif", "tiff"}:
                return {"refused": "raw"}
            if image.width * image.height > MOST_PIXELS:
                return {"refused": "pixels"}
            frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
            if frames * image.width * image.height > MOST_MOVING_PIXELS:
                return {"refused": "pixels"}
            width, height = _write(image, source, target, moving=frames > 1)
            return {"type": _TYPES[str(image.format)], "width": width, "height": height}
    except MemoryError:
        raise
    except Exception:
        # Whatever a library has to say of a broken file, to whoever sent it this is what it is.
        return {"refused": "damaged"}


def portrait(source: str, target: str) -> dict[str, Any]:
    """Write a square of 256 pixels from the middle of the image, or give why it is "refused"."""
    try:
        with Image.open(source, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return {"refused": "pixels"}
            # JPEGs need not be decoded larger than this.
            image.draft("RGB", (2 * PORTRAIT, 2 * PORTRAIT))
            upright = colours.meant(image)(ImageOps.exif_transpose(image)).convert("RGBA")
            square = ImageOps.fit(upright, (PORTRAIT, PORTRAIT), Image.Resampling.LANCZOS)
            ground = Image.new("RGBA", square.size, "white")
            ground.alpha_composite(square)
            _save(ground.convert("RGB"), target, {"format": "WEBP", "quality": 85, "method": 6})
            return {"type": "image/webp", "width": PORTRAIT, "height": PORTRAIT}
    except MemoryError:
        raise
    except Exception:
        return {"refused": "damaged"}


def _write(image: Image.Image, source: str, target: str, *, moving: bool) -> tuple[int, int]:
    said = _options(image, source)
    meant = colours.meant(image)
    if not moving:
        ImageOps.exif_transpose(image, in_place=True)
        _save(meant(_bare(image)), target, said)
        return image.size
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        frames.append(meant(_bare(frame)))
        durations.append(frame.info.get("duration", 0))
    if image.format != "TIFF":
        said |= {"duration": durations, "loop": image.info.get("loop")}
    _save(frames[0], target, {**said, "save_all": True, "append_images": frames[1:]})
    return image.size


def _options(image: Image.Image, source: str) -> dict[str, Any]:
    """Say how to write it so that nobody sees that it has been written anew."""
    match image.format:
        case "JPEG" | "MPO":
            # With its own tables, what was rounded before is rounded to the same.
            return {
                "format": "JPEG",
                "qtables": getattr(image, "quantization", None),
                "subsampling": JpegImagePlugin.get_sampling(image),
                "progressive": bool(image.info.get("progressive")),
                "optimize": True,
            }
        case "PNG":
            return {"format": "PNG", "default_image": image.info.get("default_image")}
        case "GIF":
            # Pillow gives whole frames, which are not to be laid upon each other.
            return {"format": "GIF", "disposal": 2}
        case "WEBP":
            return {"format": "WEBP", "lossless": _is_lossless(source), "quality": 92}
        case "AVIF":
            return {"format": "AVIF", "quality": 90, "speed": 8, "max_threads": 1}
        case _:
            kept = image.info.get("compression")
            return {"format": "TIFF", "compression": kept if kept in _FAX else "tiff_lzw"}


#: What scanners write black and white with.
_FAX: Final = {"group3", "group4"}


def _is_lossless(source: str) -> bool:
    """Say by the first chunk with pixels how a WebP was written (RFC 9649)."""
    with Path(source).open("rb") as file:
        file.seek(12)
        while len(head := file.read(8)) == 8:
            kind, size = struct.unpack("<4sI", head)
            if kind in {b"VP8 ", b"VP8L"}:
                return bool(kind == b"VP8L")
            # A frame of one that moves holds chunks of its own, after 16 bytes.
            file.seek(16 if kind == b"ANMF" else size + size % 2, 1)
    return False


def _bare(image: Image.Image) -> Image.Image:
    """Return a copy of the pixels, with the transparency that they need and nothing else."""
    copy = image.copy()
    copy.info = {key: image.info[key] for key in ("transparency",) if key in image.info}
    return copy


def _save(image: Image.Image, target: str, options: dict[str, Any]) -> None:
    given = {key: value for key, value in options.items() if value is not None}
    image.save(target, **given)
