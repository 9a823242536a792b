"""Who is asking: the session's cookie into a person, once for each request."""

import time

from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from forum import language, sessions
from forum.sessions import LoggedIn
from forum.settings import Settings
from storage import door
from storage.people import Language
from web import cookies
from web.cookies import name_of
from web.dav.paths import is_drive
from web.probes import PROBES

#: A form takes no longer to come, or its sender is looked up again.
COMING_SECONDS = 0.5


class Authentication:
    """Puts ``logged_in`` into the request's state and sets the language."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.cookie = name_of(settings, "session")
        self.language_cookie = name_of(settings, "language")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Recognise the session of a page or a socket; files, probes and drives need none."""
        if scope["type"] in {"http", "websocket"} and _for_people(scope["path"]):
            connection = HTTPConnection(scope)
            token = connection.cookies.get(self.cookie)
            quiet = by_itself(scope)
            who = await sessions.recognise(token, by_itself=quiet) if token else None
            state = scope.setdefault("state", {})
            state["logged_in"], state["recognised_at"] = who, time.monotonic()
            language.use(who.person.language if who else _wanted(connection, self.language_cookie))
        await self.app(scope, receive, send)


def _for_people(path: str) -> bool:
    return not (path.startswith("/static/") or path in PROBES or is_drive(path))


def _wanted(connection: HTTPConnection, cookie: str) -> Language:
    """Swedish, unless this browser has chosen English before it logged in."""
    chosen = connection.cookies.get(cookie)
    return Language.ENGLISH if chosen == Language.ENGLISH else Language.SWEDISH


def by_itself(scope: Scope) -> bool:
    """Say whether an open page asks for itself anew, and not somebody who sits there."""
    return (b"x-fragment", b"live") in scope["headers"]


async def arrived(request: Request) -> LoggedIn | None:
    """Return who sends a form that has come by now, looked up again when that took a while.

    Somebody may send the last of it long after she has logged out.
    """
    who, state = logged_in(request), request.state
    if who is not None and time.monotonic() - state.recognised_at > COMING_SECONDS:
        token = cookies.get(request, "session")
        who = state.logged_in = await sessions.recognise(token) if token else None
    return who


def logged_in(request: Request) -> LoggedIn | None:
    """Return who is asking, or None."""
    who: LoggedIn | None = getattr(request.state, "logged_in", None)
    return who


def me(request: Request) -> LoggedIn:
    """Return who is asking, for a page that asks for a login. Raises NotFound for nobody."""
    who = logged_in(request)
    if who is None:
        raise door.NotFound
    return who


def client_address(request: Request) -> str:
    """Return the address that attempts are counted by, as trusted proxies tell it."""
    return request.client.host if request.client else "unknown"
