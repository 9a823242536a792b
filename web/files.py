"""The built style sheets, scripts, fonts and icons."""

import re
from mimetypes import guess_type
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from web.compression import accepts_gzip

# Their names hold a hash of their content, so they never change. The build compresses texts.
_HASHED = re.compile(r"-[A-Z0-9]{8}\.[a-z0-9]+(\.gz)?$")
FOREVER = "public, max-age=31536000, immutable"


class BuiltFiles(StaticFiles):
    """Serves the built files as what never changes; the manifest is nobody's business."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, to be kept for ever; compressed when there is such a one."""
        response = await self._compressed(path, scope) or await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = FOREVER
            response.headers["Vary"] = "Accept-Encoding"
        return response

    async def _compressed(self, path: str, scope: Scope) -> Response | None:
        packed = f"{path}.gz"
        if not accepts_gzip(Request(scope)) or self.lookup_path(packed)[1] is None:
            return None
        response = await super().get_response(packed, scope)
        if response.status_code == 200:
            response.headers["Content-Encoding"] = "gzip"
            kind = guess_type(path)[0] or "application/octet-stream"
            charset = "; charset=utf-8" if kind.startswith("text/") else ""
            response.headers["Content-Type"] = kind + charset
        return response

    def lookup_path(self, path: str) -> tuple[str, Any]:
        """Find only what carries a hash in its name."""
        return super().lookup_path(path) if _HASHED.search(path) else ("", None)
