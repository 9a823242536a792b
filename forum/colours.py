"""The colours of an image, as browsers take them when it says nothing of its own: sRGB.

A colour profile may hold texts and the number of the screen that it was measured on; so it is not
kept, and what it says is done to the pixels. Runs in the process of forum.pixels.
"""

import io
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageCms

#: Of 255: what nobody sees, and what the many ways to write down sRGB differ by.
UNSEEN: Final = 2
_SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
#: What is left when the transparency is laid aside, and what it becomes.
_PLAIN: Final = {"L": "L", "LA": "L", "RGB": "RGB", "RGBA": "RGB", "CMYK": "CMYK", "P": "RGB"}

Meant = Callable[[Image.Image], Image.Image]


def meant(image: Image.Image) -> Meant:
    """Return what gives the image, or a frame of it, the colours that its profile means."""
    profile = image.info.get("icc_profile")
    if not profile:
        return _as_it_is
    transforms: dict[str, ImageCms.ImageCmsTransform | None] = {}

    def converted(frame: Image.Image) -> Image.Image:
        plain = _PLAIN.get(frame.mode)
        if plain is None:
            return frame
        if plain not in transforms:
            transforms[plain] = _transform(profile, plain)
        transform = transforms[plain]
        return frame if transform is None else _applied(frame, transform, plain)

    return converted


def _as_it_is(image: Image.Image) -> Image.Image:
    return image


def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return how colours in this mode become sRGB; None when they are, or the profile is no use."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        transform = ImageCms.buildTransform(source, _SRGB, mode, "RGB")
    except (ImageCms.PyCMSError, OSError):
        # Broken, or for other colours than the image has: browsers then do as if there were none.
        return None
    return None if mode != "CMYK" and _changes_nothing(transform, mode) else transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    if mode == "L":
        colours = Image.frombytes("L", (256, 1), bytes(range(256)))
    else:
        steps = range(0, 256, 15)
        every = bytes(part for r in steps for g in steps for b in steps for part in (r, g, b))
        colours = Image.frombytes("RGB", (len(every) // 3, 1), every)
    there = transform.apply(colours).tobytes()
    here = colours.convert("RGB").tobytes()
    return max(abs(one - other) for one, other in zip(here, there, strict=True)) <= UNSEEN


def _applied(frame: Image.Image, transform: ImageCms.ImageCmsTransform, mode: str) -> Image.Image:
    """Give a frame its colours. Grey stays grey, a palette stays one, and what is seen through."""
    if frame.mode == "P":
        entries = frame.getpalette() or []
        colours = Image.frombytes("RGB", (len(entries) // 3, 1), bytes(entries))
        frame.putpalette(transform.apply(colours).tobytes())
        return frame
    if "transparency" in frame.info:
        # One colour is seen through, which becomes another now.
        frame = frame.convert(f"{mode}A")
    colours = transform.apply(frame.convert(mode) if frame.mode != mode else frame)
    if mode == "L":
        colours = colours.convert("L")
    if "A" in frame.mode:
        colours.putalpha(frame.getchannel("A"))
    colours.info = frame.info
    return colours
