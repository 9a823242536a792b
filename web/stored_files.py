"""Answers that are a file which somebody has sent, with its own tag, in ranges where asked."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from forum import uploads
from storage import door
from storage.blobs import Lost, Shelved, Store
from web import ranges
from web.ranges import Part, Several

#: Nothing that somebody has sent runs on our origin, whatever it is and however it is opened.
SANDBOX = "default-src 'none'; sandbox"

log = logging.getLogger("web.stored_files")


async def answer(
    request: Request,
    digest: str,
    *,
    tag: str,
    media_type: str,
    at: datetime,
    name: str = "",
    shown: bool = True,
    cache: str = "private, no-cache",
) -> Response:
    """Return the bytes of a blob, to be ``shown`` or else saved under ``name``.

    ``tag`` stands for the bytes: their digest would tell others that they have the same, and the
    file's own time when somebody sent them last. Raises NotFound when the bytes are gone or are not
    what they were, Unreachable when they cannot be asked for.
    """
    headers = {
        "ETag": f'"{tag}"',
        "Last-Modified": format_datetime(at.astimezone(UTC), usegmt=True),
        "Cache-Control": cache,
        "Content-Security-Policy": SANDBOX,
    }
    if name:
        headers["Content-Disposition"] = disposition(name, shown=shown)
    if _has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers["Accept-Ranges"] = "bytes"
    store = uploads.limits(request.app.state.settings).store
    try:
        found = await store.find(digest)
        if request.method == "HEAD":
            headers["Content-Length"] = str(found.size)
            return Response(headers=headers, media_type=media_type)
        return await _sent(store, found, _parts(request, headers, found.size), headers, media_type)
    except ranges.Unsatisfiable:
        headers["Content-Range"] = f"bytes */{found.size}"
        return Response(status_code=416, headers=headers)
    except Lost as lost:
        # A backup of the database that was put back without its files, or a disk that decays.
        log.error("a file cannot be sent: %s", lost)
        raise door.NotFound from None


def disposition(name: str, *, shown: bool) -> str:
    """Return Content-Disposition (RFC 6266): the name in UTF-8, and in ASCII for old programs."""
    plain = "".join(one if one.isascii() and one not in '"\\%' else "_" for one in name)
    kind = "inline" if shown else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _has(request: Request, etag: str) -> bool:
    held = request.headers.get("if-none-match", "")
    return bool({etag, "*"} & {one.strip().removeprefix("W/") for one in held.split(",")})


def _parts(request: Request, headers: dict[str, str], size: int) -> Sequence[Part]:
    """Return what a request asks for of a file, if what it holds already is of the same."""
    held = request.headers.get("if-range")
    if held is not None and held not in {headers["ETag"], headers["Last-Modified"]}:
        return []
    return ranges.asked(request.headers.get("range", ""), size)


async def _sent(
    store: Store, found: Shelved, parts: Sequence[Part], headers: dict[str, str], media_type: str
) -> Response:
    if len(parts) > 1:
        around = Several(parts, found.size, media_type)
        body = _several(store, found, parts, around)
        headers["Content-Length"], media_type = str(around.length), around.media_type
    else:
        start, end = parts[0] if parts else (0, found.size)
        body = store.pieces(found, start, end - start)
        headers["Content-Length"] = str(end - start)
        if parts:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    # Asked for before anything is said: what cannot be read is then no answer cut short.
    first = await anext(body, b"")
    return StreamingResponse(
        _all(first, body), 206 if parts else 200, headers=headers, media_type=media_type
    )


async def _several(
    store: Store, found: Shelved, parts: Sequence[Part], around: Several
) -> AsyncGenerator[bytes]:
    for (start, end), head in zip(parts, around.heads, strict=True):
        yield head
        async for piece in store.pieces(found, start, end - start):
            yield piece
        yield b"\r\n"
    yield around.end


async def _all(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    # Whoever goes away is noticed between two pieces, and nothing is open then.
    yield first
    async for piece in rest:
        yield piece
