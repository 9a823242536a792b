"""Pages that are sent again only when they have changed, and made again only then."""

import hashlib
from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from forum import language
from storage import clock
from storage.door import Inside
from web import unchanged
from web.authentication import logged_in
from web.caches import Cache
from web.compression import accepts_gzip

ROOT = Path(__file__).parent.parent
Parts = tuple[object, ...]
Maker = Callable[[], Awaitable[Response]]


@lru_cache
def build() -> str:
    """Return what tells this version's pages from another's: a digest of all that makes them."""
    made = hashlib.blake2b(digest_size=8)
    for floor in ("storage", "forum", "web"):
        for suffix in ("*.py", "*.html", "*.mo", "static/manifest.json"):
            for path in sorted((ROOT / floor).rglob(suffix)):
                if "node_modules" not in path.parts:
                    made.update(path.read_bytes())
    return made.hexdigest()


def frame(request: Request, inside: Inside) -> Parts:
    """Return what the frame around every page of a network is made of, and for whom."""
    who = logged_in(request)
    person, membership, network = inside.person, inside.membership, inside.network
    return (
        (who.session.id if who else None, request.url.path, request.url.query),
        (person.id, person.name, person.operator, person.view, person.theme, language.current()),
        (membership.id, membership.role, membership.organisation_id),
        # What was written before these is not new to her.
        (membership.starts_on, membership.read_at),
        # Its events number all that changes its name, its state, its subject areas and members.
        (network.id, network.state, network.arrangement, clock.today()),
    )


async def answer(request: Request, parts: Parts, make: Maker) -> Response:
    """Return a page that is wholly made of ``parts``: 304, as it was kept, or made now.

    ``parts`` hold who is asking, so that nobody is given another's page. They must have been read
    before the page's rows: a page that is newer than its tag is made once too often, one that is
    older would stay.
    """
    tag = _tag((request.app.state.settings.operated_by, *parts))
    headers = {"ETag": tag, "Vary": "Accept-Encoding"}
    who = logged_in(request)
    if _has(request, tag):
        if who:
            unchanged.remember(request, who.session)
        return Response(status_code=304, headers=headers)
    cache: Cache = request.app.state.cache
    key = ("answer", tag, accepts_gzip(request))
    kept = cache.get(key, bytes)
    if kept is not None:
        if who:
            unchanged.remember(request, who.session, key, len(kept))
        encoding = {"Content-Encoding": "gzip"} if key[2] else {}
        return Response(kept, headers=headers | encoding, media_type="text/html")
    response = await make()
    if response.status_code == 200:
        response.headers["ETag"] = tag
        # Most pages are asked for only once by one person: they are kept the second time.
        if request.app.state.asked.seen(key):
            cache.put(key, bytes(response.body), len(response.body))
    return response


def _tag(parts: Parts) -> str:
    """Return a weak entity tag (RFC 9110, 8.8.1): compressed or not, it is the same page."""
    digest = hashlib.blake2b(repr((build(), parts)).encode(), digest_size=16).hexdigest()
    return f'W/"{digest}"'


def _has(request: Request, tag: str) -> bool:
    """Say whether the browser has this very page (RFC 9110, 13.1.2, by weak comparison)."""
    sent = request.headers.get("if-none-match", "")
    bare = tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") == bare for one in sent.split(","))
