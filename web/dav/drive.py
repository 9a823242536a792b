"""The drive at ``/dav``: who asks for what, and which of the modules beside it answers."""

import asyncio
import re
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from forum import drive_entries, drive_locks, drive_saves, quotas, uploads, virus_checks
from forum.arrivals import NoRoom
from forum.drive_entries import Entry, Place
from forum.scanning import Found
from forum.settings import Settings
from forum.uploads import Limits
from storage import clock, door
from storage.blobs import Arriving
from storage.door import Inside
from storage.people import Person
from storage.roles import Act
from web import stored_files
from web.dav import answers, bodies, credentials, paths, propfind
from web.dav.credentials import Refused
from web.dav.propfind import Asked, Shown
from web.dav.visits import Visit, said
from web.safety import TooLarge

READING = ("OPTIONS", "GET", "HEAD", "PROPFIND")
ALLOW = ", ".join([*READING, *sorted(answers.METHODS)])
#: What Windows looks for before it tries anything else.
_ABLE = {"DAV": "1, 2", "MS-Author-Via": "DAV", "Allow": ALLOW}


class Drive:
    """Answers everything below its mount. No cookie counts there, and no other site's page."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await _answer(request)
        except Refused as refused:
            response = refused.response
        except TooLarge:
            response = Response(status_code=413)
        except bodies.CutShort:
            response = Response(status_code=400)
        except (door.NotFound, door.Forbidden, NoRoom, OSError) as error:
            response = Response(status_code=said(error).value)
        await response(scope, receive, send)


async def options(request: Request) -> Response:
    """Say at the root of the site that there are drives: Windows asks there first."""
    return Response(headers=_ABLE)


async def _answer(request: Request) -> Response:
    if _of_a_page(request):
        return Response(status_code=403)
    if request.method == "OPTIONS":
        return await options(request)
    person = await credentials.recognised(request)
    names = paths.names_in(request.scope["path"].removeprefix(paths.MOUNT))
    if not names:
        return await _networks(request, person)
    inside = await door.enter(person, names[0])
    if request.method == "PROPFIND":
        return await _listed(request, inside, names[1:])
    if request.method in {"GET", "HEAD"}:
        return await _content(request, inside, names[1:])
    if request.method in answers.METHODS:
        inside.require(Act.FILE)
        return await _changed(request, inside, names[1:])
    return Response(status_code=405, headers={"Allow": ALLOW})


def _of_a_page(request: Request) -> bool:
    """Say whether a page of another site asks.

    Browsers keep a password that somebody has typed for a drive, and send it with whatever a page
    has them ask for.
    """
    settings: Settings = request.app.state.settings
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "none")
    foreign = origin is not None and origin.lower() not in settings.origins
    return foreign or site not in {"none", "same-origin"}


async def _networks(request: Request, person: Person) -> Response:
    """Show a member her networks as folders, to be read."""
    if request.method != "PROPFIND":
        return Response(status_code=405, headers={"Allow": "OPTIONS, PROPFIND"})
    wanted, deep = await _wanted(request)
    now = clock.now()
    top = Entry(0, "", folder=True, made_at=now, changed_at=now)
    shown = [Shown((), top, "Samverkan", {})]
    if deep:
        for inside in await door.enter_all(person):
            place = await drive_entries.find(inside, ())
            assert place.entry is not None
            network = inside.network
            shown.append(Shown((network.slug,), place.entry, network.name, {}))
    return _multistatus(shown, wanted)


async def _wanted(request: Request) -> tuple[Asked, bool]:
    """Return what a PROPFIND asks for, and whether also of what lies there. Raises Refused."""
    depth = request.headers.get("depth", "infinity").strip().lower()
    if depth not in {"0", "1"}:
        body = '<?xml version="1.0"?><D:error xmlns:D="DAV:"><D:propfind-finite-depth/></D:error>'
        raise Refused(Response(body, 403, media_type="application/xml"))
    try:
        return propfind.asked(await bodies.xml(request)), depth == "1"
    except propfind.Unreadable:
        raise Refused(Response(status_code=400)) from None


def _multistatus(shown: list[Shown], wanted: Asked) -> Response:
    body = propfind.multistatus(shown, wanted)
    return Response(body, 207, media_type="application/xml; charset=utf-8")


async def _listed(request: Request, inside: Inside, names: list[str]) -> Response:
    wanted, deep = await _wanted(request)
    place = await drive_entries.find(inside, names)
    if place.entry is None:
        raise door.NotFound
    entries = [(place.names, place.entry)]
    if place.entry.folder and deep:
        within = await drive_entries.within(inside, place.entry.id)
        entries += [((*place.names, one.name), one) for one in within]
        noted = await drive_entries.noted_within(inside, place.entry.id)
    else:
        noted = await drive_entries.noted(inside, place.entry)
    locks = await drive_locks.lasting(inside)
    room = await _room(request, inside) if propfind.ROOM.intersection(wanted.names) else None
    slug = inside.network.slug
    shown = [
        Shown(
            (slug, *at),
            entry,
            entry.name or inside.network.name,
            noted.get((entry.folder, entry.id), {}),
            [lock for lock in locks if drive_locks.covers(lock, "/".join(at))] if locks else (),
            room if entry.folder else None,
        )
        for at, entry in entries
    ]
    # A thousand of them take long enough to keep others waiting.
    body = await asyncio.to_thread(propfind.multistatus, shown, wanted)
    return Response(body, 207, media_type="application/xml; charset=utf-8")


async def _room(request: Request, inside: Inside) -> tuple[int, int]:
    store = uploads.limits(request.app.state.settings).store
    room = await quotas.room(inside)
    free = await store.free()
    return room.used, free if room.left is None else min(free, room.left)


async def _content(request: Request, inside: Inside, names: list[str]) -> Response:
    """Send what is in a document, or a part of it; no thread waits for a client that is slow."""
    entry = (await drive_entries.find(inside, names)).entry
    if entry is None:
        raise door.NotFound
    if entry.folder:
        # Browsers have the folder's own page.
        return Response(status_code=405, headers={"Allow": ALLOW})
    if entry.digest is None:
        if entry.size:
            raise door.NotFound
        headers = {"ETag": f'"{entry.tag}"', "Last-Modified": propfind.http_date(entry.changed_at)}
        return Response(headers=headers, media_type=entry.media_type)
    return await stored_files.answer(
        request,
        entry.digest,
        tag=entry.tag,
        media_type=entry.media_type,
        at=entry.changed_at,
        name=entry.name,
        shown=False,
    )


async def _changed(request: Request, inside: Inside, names: list[str]) -> Response:
    """Have WsgiDAV answer, once all that it needs is here."""
    if not names:
        return Response(status_code=405, headers={"Allow": ", ".join(READING)})
    arriving = None
    if request.method == "PUT":
        limits = uploads.into_folder(request.app.state.settings)
        arriving, body = await bodies.file(request, limits), b""
    else:
        body = await bodies.xml(request)
    try:
        if arriving is not None:
            await _looked_through(limits, arriving)
        visit = Visit(inside, asyncio.get_running_loop(), {}, [], arriving=arriving)
        place = await _known(visit, names)
        visit.locks = await drive_locks.lasting(inside)
        if arriving is not None and _is_plain(request, visit, place):
            return await _saved(visit, place, arriving)
        headers = await _headers(request, visit, place)
        headers["host"] = request.headers["host"]
        told = answers.environ(request.method, list(place.names), headers, body)
        answer = await answers.answer(visit, told)
    except paths.Elsewhere:
        return Response(status_code=502)
    finally:
        if arriving is not None:
            arriving.discard()
    return Response(answer.body, answer.status, dict(answer.headers))


#: What a file may be sent under, which WsgiDAV judges.
_CONDITIONS = (
    "if", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since",
    "content-encoding", "content-range",
)  # fmt: skip


def _is_plain(request: Request, visit: Visit, place: Place) -> bool:
    """Say whether a file is simply to be saved, as each of a thousand that are copied.

    Without a lock or a condition it needs no thread.
    """
    conditional = any(name in request.headers for name in _CONDITIONS)
    document = place.entry is None or not place.entry.folder
    return document and place.parent is not None and not (visit.locks or conditional)


async def _saved(visit: Visit, place: Place, arriving: Arriving) -> Response:
    assert place.parent is not None
    try:
        saved = await drive_saves.save(visit.inside, place.parent.id, place.name, arriving, [])
    except Exception as error:
        answer = answers.refused(visit, said(error))
        return Response(answer.body, answer.status, dict(answer.headers))
    tag = drive_entries.just_saved(saved).tag
    return Response(status_code=204 if place.entry else 201, headers={"ETag": f'"{tag}"'})


async def _looked_through(limits: Limits, arriving: Arriving) -> None:
    """Raise Refused for a file that may not be kept, or that nobody can look through just now."""
    verdict = await virus_checks.check(limits.scanner, arriving)
    if verdict is None:
        raise Refused(Response(status_code=503, headers={"Retry-After": "60"}))
    if verdict.found != Found.CLEAN:
        raise Refused(Response(virus_checks.words(verdict.signature), 403))


async def _known(visit: Visit, names: list[str]) -> Place:
    """Look up what lies at an address, and remember it with the folder that it lies in."""
    place = await drive_entries.find(visit.inside, names)
    visit.places[paths.coded(place.names)] = place
    if place.parent is not None:
        around = place.names[:-1]
        visit.places[paths.coded(around)] = Place(around, None, place.parent)
    return place


#: What WsgiDAV reads. That a proxy has passed on more of them is nothing to it.
_READ = (
    "depth", "overwrite", "timeout", "if", "if-match", "if-none-match", "if-modified-since",
    "if-unmodified-since", "lock-token", "content-type", "content-encoding", "content-range",
)  # fmt: skip


async def _headers(request: Request, visit: Visit, source: Place) -> dict[str, str]:
    """Return the headers for WsgiDAV, with the addresses in them as paths. Raises Elsewhere."""
    headers = {name: request.headers[name] for name in _READ if name in request.headers}
    settings: Settings = request.app.state.settings
    if request.method in {"COPY", "MOVE"} and "destination" in request.headers:
        slug, *names = paths.destination(request.headers["destination"], settings) or [""]
        if slug != visit.inside.network.slug or not names:
            raise paths.Elsewhere
        headers["destination"] = await _destination(visit, names, source)
    for url in _tagged(headers.get("if", "")):
        # Of what lies elsewhere nothing is known here.
        with suppress(paths.Elsewhere):
            slug, *names = paths.destination(url, settings) or [""]
            if slug != visit.inside.network.slug:
                continue
            place = await drive_entries.find(visit.inside, names)
            visit.addresses[url] = paths.coded(place.names)
    return headers


async def _destination(visit: Visit, names: list[str], source: Place) -> str:
    place = await _known(visit, names)
    entry = source.entry
    if entry and place.entry and (entry.folder, entry.id) == (place.entry.folder, place.entry.id):
        # The same name in other letters: nothing is in the way.
        place = Place((*place.names[:-1], names[-1]), place.parent, None)
        visit.places.setdefault(paths.coded(place.names), place)
    return paths.coded(place.names)


def _tagged(header: str) -> list[str]:
    """Return the addresses that an If header says something of."""
    return re.findall(r"<([^>]+)>\s*\(", header)
