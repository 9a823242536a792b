"""What every request and answer is held to: host, size, headers."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class KnownHost:
    """Answers only under the addresses that people use; anything else is a 400.

    So is an address that no page could be looked for by: a path with NUL, which PostgreSQL
    refuses, and a query that is no UTF-8.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = settings.hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse an unknown Host header and a broken address."""
        if scope["type"] in {"http", "websocket"}:
            if Headers(scope=scope).get("host", "").lower() not in self.hosts:
                await PlainTextResponse("Unknown host.", 400)(scope, receive, send)
                return
            query = scope["query_string"].decode(errors="replace")
            if "\x00" in scope["path"] or "\ufffd" in query:
                await PlainTextResponse("Unknown address.", 400)(scope, receive, send)
                return
        await self.app(scope, receive, send)


class TooLarge(Exception):
    """The body is larger than SAMVERKAN_BODY_MB, or than that and the files it may bring."""


class BodyLimit:
    """Counts a body's bytes as they come, whatever Content-Length says.

    The limit is in the request's state, where a page that takes files raises it.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.limit = settings.body_mb * 1024 * 1024

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raise TooLarge where the body is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        announced = int(length) if length.isdecimal() else 0
        taken = 0
        state = scope.setdefault("state", {})
        state["body_limit"] = self.limit

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if max(taken, announced) > state["body_limit"]:
                raise TooLarge
            return message

        await self.app(scope, counted, send)


class SafeHeaders:
    """Adds to every answer what tells browsers to be careful with it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.secure = settings.secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers when the answer begins."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(scope, MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, careful)

    def _add(self, scope: Scope, headers: MutableHeaders) -> None:
        headers["X-Content-Type-Options"] = "nosniff"
        # A file that somebody has sent brings a stricter one.
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        # same-origin, not no-referrer: with that, browsers send "Origin: null" with our own forms.
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        headers.setdefault("Cache-Control", "private, no-cache")
        if HTTPConnection(scope).cookies and not scope["path"].startswith("/static/"):
            headers.add_vary_header("Cookie")
        if self.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
