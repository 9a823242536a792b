"""Forms are taken only from our own pages: the answer to cross-site request forgery."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from forum.settings import Settings
from web import errors
from web.dav.paths import is_drive

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SameOrigin:
    """Answers 403 to an unsafe request from elsewhere.

    Every browser sends Origin with a POST. It must be ours; missing and ``null`` are not, and
    Fetch-Metadata, where sent, must agree. It holds for every address, so that no route can
    forget it: log in and log out as well, which a stranger would like to do in our name.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.origins = settings.origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let safe requests and our own through."""
        # A drive is opened by programs, which send no Origin; it looks for itself whether one is.
        unsafe = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if unsafe and not is_drive(scope["path"]):
            headers = Headers(scope=scope)
            ours = headers.get("origin", "").lower() in self.origins
            site = headers.get("sec-fetch-site", "same-origin")
            if not ours or site != "same-origin":
                response = errors.foreign(Request(scope, receive))
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)
