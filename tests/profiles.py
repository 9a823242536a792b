"""Colour profiles (ICC.1) that mean something else than sRGB, and say too much."""

import struct
from collections.abc import Mapping

from PIL import ImageCms

from tests.files import SECRET_PLACE


def srgb() -> bytes:
    """Return the profile of what is sRGB anyway."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped() -> bytes:
    """Return one in which what is written as red is meant as green, and the other way round."""
    profile = srgb()
    red, green = (_tag(profile, name) for name in (b"rXYZ", b"gXYZ"))
    between = {profile[red]: profile[green], profile[green]: profile[red]}
    made = bytearray(profile)
    for place in (red, green):
        made[place] = between[profile[place]]
    return _telling(bytes(made))


def linear_grey() -> bytes:
    """Return one for greys that are written by how much light there is."""
    return _made(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": struct.pack(">4sII", b"curv", 0, 0)})


def inks() -> bytes:
    """Return one for four inks, of which only black can be seen."""
    identity = struct.pack(">9i", *(65536 * one for one in (1, 0, 0, 0, 1, 0, 0, 0, 1)))
    straight = bytes(range(256))
    # Lightness, and two that are neither: white without black, black with it.
    grid = bytes((255, 128, 128, 0, 128, 128)) * 8
    head = struct.pack(">4sIBBBB", b"mft1", 0, 4, 3, 2, 0)
    table = head + identity + straight * 4 + grid + straight * 3
    return _made(b"prtr", b"CMYK", b"Lab ", {b"A2B0": table})


def _tag(profile: bytes, name: bytes) -> slice:
    (count,) = struct.unpack_from(">I", profile, 128)
    for at in range(132, 132 + 12 * count, 12):
        found, start, length = struct.unpack_from(">4sII", profile, at)
        if found == name:
            return slice(start, start + length)
    raise LookupError(name)


def _telling(profile: bytes) -> bytes:
    made = profile + SECRET_PLACE + bytes(-len(profile + SECRET_PLACE) % 4)
    return struct.pack(">I", len(made)) + made[4:]


def _made(kind: bytes, colours: bytes, space: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    white = struct.pack(">4sI3i", b"XYZ ", 0, 63190, 65536, 54061)
    every = {b"wtpt": white, **tags}
    head = bytearray(srgb()[:128])
    head[12:24] = kind + colours + space
    index, content = struct.pack(">I", len(every)), b""
    for name, tag in every.items():
        start = 132 + 12 * len(every) + len(content)
        index += struct.pack(">4sII", name, start, len(tag))
        content += tag + bytes(-len(tag) % 4)
    return _telling(bytes(head) + index + content)
