"""Saying again that a page has not changed, while nobody has written anything at all."""

from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.sessions import SEEN_EVERY
from storage import clock, database
from storage.sessions import Session

AT_MOST = 10_000
# All that the answer to a GET depends on, beside its address and the database.
_ASKED = frozenset({b"host", b"cookie", b"if-none-match", b"accept-encoding"})

Key = tuple[object, ...]


def remember(request: Request, session: Session) -> None:
    """Have the answer to this request, a 304, given again while nothing is written.

    Until the session ends or is to be prolonged, or a new day begins, which ends memberships.
    """
    tomorrow = clock.beginning(clock.today() + timedelta(days=1))
    until = min(session.expires_at, session.seen_at + SEEN_EVERY, tomorrow)
    request.scope["state"]["unchanged_until"] = until


class Unchanged:
    """Repeats a 304 to the very same request as long as SQLite says that no byte has changed.

    The door said yes to it, and nothing that it looked at can have become another: whoever
    writes, in this process or another, to this network or not, ends all that is remembered here.
    PostgreSQL cannot tell, so there the door is asked each time.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._stamp: int | None = None
        self._answers: dict[Key, tuple[datetime, Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once, or let the page answer and remember that."""
        key = _key(scope)
        stamp = database.stamp() if key else None
        if stamp is None:
            await self.app(scope, receive, send)
            return
        if stamp != self._stamp:
            self._stamp = stamp
            self._answers.clear()
        if (found := self._answers.get(key)) and clock.now() < found[0]:
            await send(found[1])
            await send({"type": "http.response.body", "body": b""})
            return
        begun: list[Message] = []

        async def heard(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
            await send(message)

        await self.app(scope, receive, heard)
        until = scope.get("state", {}).get("unchanged_until")
        if until and begun and begun[0]["status"] == 304 and database.stamp() == stamp:
            if len(self._answers) >= AT_MOST:
                self._answers.clear()
            self._answers[key] = until, begun[0]


def _key(scope: Scope) -> Key:
    """Return what makes a request the same as another; empty unless it asks what has changed."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return ()
    asked = [header for header in scope["headers"] if header[0] in _ASKED]
    if not any(name == b"if-none-match" for name, _value in asked):
        return ()
    return scope["path"], scope["query_string"], scope["scheme"], *asked
