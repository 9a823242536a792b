"""What every request and answer is held to: host, size, headers."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.settings import Settings
from web.probes import PROBES

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class KnownHost:
    """Answers only under the addresses that people use; anything else is a 400.

    So is an address that no page could be looked for by: a path with NUL, which PostgreSQL
    refuses, and a query that is no UTF-8. Load balancers may ask their own addresses by any name.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = settings.hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse an unknown Host header and a broken address."""
        if scope["type"] in {"http", "websocket"}:
            known = Headers(scope=scope).get("host", "").lower() in self.hosts
            if not known and scope["path"] not in PROBES:
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


#: What every answer says, unless it says something else itself: a file that somebody has sent
#: brings a stricter policy.
_ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"content-security-policy": CONTENT_SECURITY_POLICY.encode(),
    # same-origin, not no-referrer: with that, browsers send "Origin: null" with our own forms.
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
    b"cache-control": b"private, no-cache",
}
_OVER_HTTPS = {b"strict-transport-security": b"max-age=31536000; includeSubDomains"}


class SafeHeaders:
    """Adds to every answer what tells browsers to be careful with it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.headers = list((_ALWAYS | (_OVER_HTTPS if settings.secure else {})).items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers when the answer begins."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(scope, message)
            await send(message)

        await self.app(scope, receive, careful)

    def _add(self, scope: Scope, message: Message) -> None:
        said = list(message["headers"])
        names = {name for name, _value in said}
        message["headers"] = said + [one for one in self.headers if one[0] not in names]
        knows_somebody = any(name == b"cookie" for name, _value in scope["headers"])
        if knows_somebody and not scope["path"].startswith("/static/"):
            MutableHeaders(scope=message).add_vary_header("Cookie")
