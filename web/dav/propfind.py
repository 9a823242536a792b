"""What lies in a folder, told as XML (RFC 4918, 9.1): a thousand entries in a few statements.

WsgiDAV would ask for each property of each entry by itself, which takes twenty times as long.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException, ElementTree

from forum import document_names
from forum.drive_entries import Entry
from storage import clock
from storage.mounts import DavLock
from web.dav import paths

DAV = "{DAV:}"


class Unreadable(Exception):
    """It is no PROPFIND."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client wants to know: these properties, all of them, or what they are called."""

    names: tuple[str, ...] = ()
    all: bool = False
    names_only: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry, and what is said of it."""

    #: The network's slug is the first.
    names: tuple[str, ...]
    entry: Entry
    title: str
    noted: dict[str, str]
    locks: Sequence[DavLock] = ()
    #: In bytes: how much is used and how much is left, where that is asked for.
    room: tuple[int, int] | None = None


def asked(body: bytes) -> Asked:
    """Return what a body asks for; one that is empty, for everything. Raises Unreadable."""
    if not body.strip():
        return Asked(all=True)
    try:
        root: Element = ElementTree.fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Unreadable from None
    kinds = {child.tag: child for child in root}
    told = [kind for kind in ("allprop", "propname", "prop") if DAV + kind in kinds]
    if root.tag != f"{DAV}propfind" or len(told) != 1:
        raise Unreadable
    if told == ["prop"]:
        return Asked(tuple(dict.fromkeys(one.tag for one in kinds[f"{DAV}prop"])))
    also = tuple(one.tag for one in kinds.get(f"{DAV}include", ()))
    return Asked(also, all=told == ["allprop"], names_only=told == ["propname"])


def multistatus(shown: Iterable[Shown], asked: Asked) -> bytes:
    """Return the answer about all of these."""
    parts = ['<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">']
    parts.extend(_response(one, asked) for one in shown)
    parts.append("</D:multistatus>\n")
    return "".join(parts).encode()


def _response(one: Shown, asked: Asked) -> str:
    found: list[str] = []
    missing: list[str] = []
    for name in _wanted(one, asked):
        value = _value(one, name)
        if value is None:
            missing.append(_empty(name))
        elif asked.names_only:
            found.append(_empty(name))
        else:
            found.append(value)
    href = paths.href(one.names, folder=one.entry.folder)
    said = _propstat(found, "200 OK") if found or not missing else ""
    lacking = _propstat(missing, "404 Not Found") if missing else ""
    return f"<D:response><D:href>{escape(href)}</D:href>{said}{lacking}</D:response>\n"


def _propstat(properties: Sequence[str], status: str) -> str:
    return (
        f"<D:propstat><D:prop>{''.join(properties)}</D:prop>"
        f"<D:status>HTTP/1.1 {status}</D:status></D:propstat>"
    )


def _wanted(one: Shown, asked: Asked) -> Iterable[str]:
    if asked.all or asked.names_only:
        live = [name for name, word in _LIVE.items() if word(one) is not None]
        return dict.fromkeys([*live, *one.noted, *asked.names])
    return asked.names


def _value(one: Shown, name: str) -> str | None:
    """Return a property as an element, or None when there is none by this name."""
    if name in _LIVE or name in _ON_REQUEST:
        return (_LIVE.get(name) or _ON_REQUEST[name])(one)
    return one.noted.get(name)


def _empty(name: str) -> str:
    if name.startswith(DAV):
        return f"<D:{name[len(DAV) :]}/>"
    if not name.startswith("{"):
        return f"<{name}/>"
    namespace, _, local = name[1:].partition("}")
    return f"<x:{local} xmlns:x={quoteattr(namespace)}/>"


def _resourcetype(one: Shown) -> str:
    return f"<D:resourcetype>{'<D:collection/>' if one.entry.folder else ''}</D:resourcetype>"


def _displayname(one: Shown) -> str:
    return f"<D:displayname>{escape(one.title)}</D:displayname>"


def _creationdate(one: Shown) -> str:
    at = one.entry.made_at.astimezone(UTC)
    return f"<D:creationdate>{at:%Y-%m-%dT%H:%M:%SZ}</D:creationdate>"


def _getlastmodified(one: Shown) -> str:
    return f"<D:getlastmodified>{http_date(one.entry.changed_at)}</D:getlastmodified>"


def http_date(at: datetime) -> str:
    """Return a moment as HTTP says it."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _getcontentlength(one: Shown) -> str | None:
    if one.entry.folder:
        return None
    return f"<D:getcontentlength>{one.entry.size}</D:getcontentlength>"


def _getcontenttype(one: Shown) -> str | None:
    if one.entry.folder:
        return None
    return f"<D:getcontenttype>{escape(one.entry.media_type)}</D:getcontenttype>"


def _getetag(one: Shown) -> str | None:
    return None if one.entry.folder else f'<D:getetag>"{one.entry.tag}"</D:getetag>'


_ENTRY = (
    "<D:lockentry><D:lockscope><D:{}/></D:lockscope>"
    "<D:locktype><D:write/></D:locktype></D:lockentry>"
)
_SUPPORTED = (
    f"<D:supportedlock>{_ENTRY.format('exclusive')}{_ENTRY.format('shared')}</D:supportedlock>"
)


def _supportedlock(one: Shown) -> str | None:
    return _SUPPORTED if len(one.names) > 1 else None


def _lockdiscovery(one: Shown) -> str:
    if not one.locks:
        return "<D:lockdiscovery/>"
    return f"<D:lockdiscovery>{''.join(_active(one, lock) for lock in one.locks)}</D:lockdiscovery>"


def _active(one: Shown, lock: DavLock) -> str:
    scope = "exclusive" if lock.exclusive else "shared"
    seconds = max(1, int((lock.expires_at - clock.now()).total_seconds()))
    same = document_names.key(lock.path) == document_names.key("/".join(one.names[1:]))
    root = paths.href([one.names[0], *lock.path.split("/")], folder=same and one.entry.folder)
    return (
        f"<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope><D:{scope}/></D:lockscope>"
        f"<D:depth>{'infinity' if lock.deep else '0'}</D:depth>{lock.owner}"
        f"<D:timeout>Second-{seconds}</D:timeout>"
        f"<D:locktoken><D:href>{escape(lock.token)}</D:href></D:locktoken>"
        f"<D:lockroot><D:href>{escape(root)}</D:href></D:lockroot></D:activelock>"
    )


def _used(one: Shown) -> str | None:
    if one.room is None:
        return None
    return f"<D:quota-used-bytes>{one.room[0]}</D:quota-used-bytes>"


def _available(one: Shown) -> str | None:
    if one.room is None:
        return None
    return f"<D:quota-available-bytes>{one.room[1]}</D:quota-available-bytes>"


Word = Callable[[Shown], str | None]

_LIVE: dict[str, Word] = {
    f"{DAV}resourcetype": _resourcetype,
    f"{DAV}displayname": _displayname,
    f"{DAV}creationdate": _creationdate,
    f"{DAV}getlastmodified": _getlastmodified,
    f"{DAV}getcontentlength": _getcontentlength,
    f"{DAV}getcontenttype": _getcontenttype,
    f"{DAV}getetag": _getetag,
    f"{DAV}supportedlock": _supportedlock,
    f"{DAV}lockdiscovery": _lockdiscovery,
}
#: Not among all of them: RFC 4331, 2.
_ON_REQUEST: dict[str, Word] = {
    f"{DAV}quota-used-bytes": _used,
    f"{DAV}quota-available-bytes": _available,
}
#: What it takes a look at the disk to say.
ROOM = frozenset(_ON_REQUEST)
