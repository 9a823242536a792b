"""The built style sheets, scripts, fonts and icons."""

import re
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

# Their names hold a hash of their content, so they never change.
_HASHED = re.compile(r"-[A-Z0-9]{8}\.[a-z0-9]+$")
FOREVER = "public, max-age=31536000, immutable"


class BuiltFiles(StaticFiles):
    """Serves the built files as what never changes; the manifest is nobody's business."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, to be kept for ever."""
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = FOREVER
        return response

    def lookup_path(self, path: str) -> tuple[str, Any]:
        """Find only what carries a hash in its name."""
        return super().lookup_path(path) if _HASHED.search(path) else ("", None)
