"""Files sent piece by piece (tus 1.0.0): begun, gone on with after a break, given up.

What is sent is where its row says; how far it has come is how large its file is. The protocol is
that of https://tus.io/protocols/resumable-upload, with creation, expiration and termination.
"""

import base64
import binascii
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from email.utils import format_datetime

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from forum import addresses, arrivals, uploads
from forum.arrivals import KEPT, Busy, NoRoom
from forum.refusals import Invalid
from forum.uploads import Limits
from storage.arrivals import Arrival, ArrivalState
from storage.blobs import Arriving, Taking, Unreachable
from storage.door import Inside
from storage.roles import Act

VERSION = "1.0.0"
_OFFSET = "application/offset+octet-stream"


def _limits(request: Request) -> Limits:
    return uploads.into_folder(request.app.state.settings)


def _said(status: int, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    shared = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
    return Response(status_code=status, headers=shared | named)


def _refused(status: int, words: str) -> Response:
    """Say what is wrong in words that the page can show."""
    headers = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
    return PlainTextResponse(words, status, headers=headers)


async def offer(request: Request, inside: Inside) -> Response:
    """Say what can be done here (OPTIONS)."""
    inside.require(Act.FILE)
    return _said(
        204,
        Tus_Version=VERSION,
        Tus_Extension="creation,expiration,termination",
        Tus_Max_Size=str(_limits(request).each),
    )


async def create(request: Request, inside: Inside) -> Response:
    """Begin a file, which its sender describes in headers."""
    _require_protocol(request)
    described = _described(request)
    size = request.headers.get("upload-length", "")
    if not size.isascii() or not size.isdecimal() or len(size) > 15:
        raise HTTPException(400)
    try:
        begun = await arrivals.begin(
            inside,
            _limits(request),
            _number(described.get("folder", "")) or 0,
            described.get("name", ""),
            int(size),
            path=described.get("path", ""),
            document_id=_number(described.get("document", "")),
            based_on=_number(described.get("based_on", "")),
            note=described.get("note", ""),
        )
    except Invalid as invalid:
        return _refused(422, " ".join(invalid.errors.values()))
    except (NoRoom, OSError):
        return _refused(507, uploads.no_room(described.get("name", ""), None).errors["files"])
    where = addresses.arrival(inside.network.slug, begun.id)
    return _said(201, Location=where, Upload_Expires=_expires(begun))


def _require_protocol(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise HTTPException(412, headers={"Tus-Version": VERSION})


def _described(request: Request) -> dict[str, str]:
    """Return what Upload-Metadata says: keys, and values in base64, with commas between pairs."""
    found = {}
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _space, value = pair.strip().partition(" ")
        try:
            text = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise HTTPException(400) from None
        if "\0" in text:
            raise HTTPException(400)
        found[key] = text
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _expires(found: Arrival) -> str:
    return format_datetime((found.changed_at + KEPT).astimezone(UTC), usegmt=True)


async def _found(request: Request, inside: Inside) -> Arrival:
    inside.require(Act.FILE)
    return await arrivals.arrival(inside, request.path_params["arrival_id"])


async def tell(request: Request, inside: Inside) -> Response:
    """Say how far a file has come (HEAD)."""
    _require_protocol(request)
    found, limits = await _found(request, inside), _limits(request)
    offset = await arrivals.offset(limits, found)
    if offset == found.size and found.state == ArrivalState.COMING:
        # Its last piece was written, and then the server ended: whoever asks believes it is here.
        async with _going_on(limits, found) as arriving:
            await arrivals.settle(inside, limits, found, arriving)
    return _said(
        200,
        Upload_Offset=str(offset),
        Upload_Length=str(found.size),
        Upload_Expires=_expires(found),
    )


async def go_on(request: Request, inside: Inside) -> Response:
    """Take more of a file (PATCH); when it has come to its end, keep it."""
    _require_protocol(request)
    if request.headers.get("content-type", "") != _OFFSET:
        raise HTTPException(415)
    found, limits = await _found(request, inside), _limits(request)
    if found.state != ArrivalState.COMING:
        raise HTTPException(403)
    request.state.body_limit = found.size
    async with _going_on(limits, found) as arriving:
        if request.headers.get("upload-offset", "") != str(arriving.size):
            raise HTTPException(409)
        try:
            await _take(request, arriving, found.size)
            if arriving.size == found.size:
                await arrivals.settle(inside, limits, found, arriving)
        except OSError as error:
            # Where it belongs may be back in a moment, and then all of it is here already.
            status = 503 if isinstance(error, Unreachable) else 507
            return _refused(status, uploads.no_room(found.name, error).errors["files"])
        return _said(204, Upload_Offset=str(arriving.size), Upload_Expires=_expires(found))


@asynccontextmanager
async def _going_on(limits: Limits, found: Arrival) -> AsyncIterator[Arriving]:
    try:
        async with arrivals.going_on(limits, found) as arriving:
            yield arriving
    except Busy:
        raise HTTPException(423) from None


async def _take(request: Request, arriving: Arriving, size: int) -> None:
    """Write what comes as it comes.

    Whoever sends it may be gone at any moment: what has come stays.
    """
    taking = Taking(arriving)
    try:
        async for piece in request.stream():
            if taking.size + len(piece) > size:
                raise HTTPException(413)
            await taking.add(piece)
    except ClientDisconnect:
        pass
    except OSError:
        await taking.stop()
        raise
    finally:
        await taking.end()


async def give_up(request: Request, inside: Inside) -> Response:
    """Forget a file that has not been placed (DELETE)."""
    _require_protocol(request)
    found = await _found(request, inside)
    await arrivals.give_up(inside, _limits(request), found.id)
    return _said(204)
