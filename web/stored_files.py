"""Answers that are a file which somebody has sent, with its own tag, in ranges where asked."""

import asyncio
import logging
import os
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from forum import uploads
from storage import door

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
    file's own time when somebody sent them last. Raises NotFound when the bytes are gone.
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
    path = uploads.limits(request.app.state.settings).store.place(digest)
    try:
        found = await asyncio.to_thread(os.stat, path)
    except FileNotFoundError:
        # A backup of the database that was put back without its files.
        log.error("the bytes of a file are missing: %s", path)
        raise door.NotFound from None
    return FileResponse(path, headers=headers, media_type=media_type, stat_result=found)


def disposition(name: str, *, shown: bool) -> str:
    """Return Content-Disposition (RFC 6266): the name in UTF-8, and in ASCII for old programs."""
    plain = "".join(one if one.isascii() and one not in '"\\%' else "_" for one in name)
    kind = "inline" if shown else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _has(request: Request, etag: str) -> bool:
    held = request.headers.get("if-none-match", "")
    return etag in {one.strip().removeprefix("W/") for one in held.split(",")}
