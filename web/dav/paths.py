"""Addresses below ``/dav``, as clients write them and as WsgiDAV is given them.

WsgiDAV takes addresses apart as URLs again and again, and some names with them: it is given paths
in which each character that could mean something is written as ``=XX``.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote, urlsplit

from forum.settings import Settings

MOUNT = "/dav"
#: Signs of names that need not be quoted in an address (RFC 3986, 3.3).
_SAFE = "!$'()*,:@-._~"
_PLAIN = re.compile(rb"[A-Za-z0-9._-]")


class Elsewhere(Exception):
    """An address of another server, or of another part of this one."""


def is_drive(path: str) -> bool:
    """Say whether a path is the drives' own, or below it."""
    return path == MOUNT or path.startswith(f"{MOUNT}/")


def names_in(path: str) -> list[str]:
    """Return the names in a path that has been decoded."""
    return [name for name in path.split("/") if name]


def href(names: Sequence[str], *, folder: bool) -> str:
    """Return the address of what lies there: the network's slug is the first of the names."""
    path = "/".join([MOUNT, *(quote(name, safe=_SAFE) for name in names)])
    return f"{path}/" if folder else path


def coded(names: Sequence[str]) -> str:
    """Return a path for WsgiDAV."""
    return "/" + "/".join(_coded(name) for name in names)


def _coded(name: str) -> str:
    each = (bytes([one]) for one in name.encode())
    return "".join(one.decode() if _PLAIN.match(one) else f"={one[0]:02X}" for one in each)


def decoded(path: str) -> list[str]:
    """Return the names in a path of WsgiDAV's."""
    return [
        bytes.fromhex("".join(_hexadecimal(name))).decode(errors="replace")
        for name in names_in(path)
    ]


def _hexadecimal(name: str) -> list[str]:
    parts = re.findall(r"=([0-9A-F]{2})|(.)", name)
    return [code or f"{ord(plain):02X}" for code, plain in parts]


def destination(url: str, settings: Settings) -> list[str]:
    """Return the names in an address that a header says, whole or from the first slash on.

    Raises Elsewhere. A proxy may have been asked by https and ask us by http.
    """
    try:
        # Latin-1 as every header; clients that do not quote write UTF-8.
        whole = url.strip().encode("latin-1", "replace")
        parts = urlsplit(whole.decode("utf-8", "replace").replace("#", "%23").replace("?", "%3F"))
        known = not parts.netloc or parts.netloc.lower() in settings.hosts
    except ValueError:
        raise Elsewhere from None
    found = names_in(unquote(parts.path, errors="replace"))
    if not known or parts.scheme.lower() not in {"", "http", "https"} or not found:
        raise Elsewhere
    if f"/{found[0]}" != MOUNT:
        raise Elsewhere
    return found[1:]
