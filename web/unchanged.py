"""Giving the same answer again, while nobody has written anything at all."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.sessions import SEEN_EVERY
from storage import clock, database, steady
from storage.sessions import Session
from storage.stamps import Stamp
from web.caches import Cache
from web.dav.paths import is_drive
from web.probes import PROBES

AT_MOST = 10_000
#: Bytes of memory that a request's key may take; a browser's takes a third.
LONGEST = 2_000
# What a header takes beside its value.
_HEADER = 100
# All that the answer to a GET depends on, beside its address and the database.
_ASKED = frozenset({b"host", b"cookie", b"if-none-match", b"accept-encoding", b"x-fragment"})

Key = tuple[object, ...]


@dataclass(slots=True)
class Answer:
    """An answer that may be given again."""

    until: datetime
    #: Where its body is kept among what the application keeps; None for one without.
    body: Hashable | None
    #: How many bytes that has: it may have made room, and been made again with another form key.
    size: int
    #: The route that gave it, for who looks on.
    route: object = None
    begin: Message | None = None


def remember(
    request: Request, session: Session, body: Hashable | None = None, size: int = 0
) -> None:
    """Have the answer to this request given again while nothing is written.

    ``body`` is where its ``size`` bytes are kept.
    Until the session ends or is to be prolonged, or a new day begins, which ends memberships.
    """
    tomorrow = clock.beginning(clock.today() + timedelta(days=1))
    until = min(session.expires_at, session.seen_at + SEEN_EVERY, tomorrow)
    request.scope["state"]["unchanged"] = Answer(until, body, size)


class Unchanged:
    """Repeats an answer to the very same request as long as nothing has changed in the database.

    The door said yes to it, and nothing that it looked at can have become another: whoever
    writes, in this process or another, to this network or not, ends all that is remembered here.
    """

    def __init__(self, app: ASGIApp, cache: Cache) -> None:
        self.app = app
        self.cache = cache
        self._stamp: Stamp | None = None
        self._answers: dict[Key, Answer] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once, or let the page answer and remember that."""
        asks = scope["type"] == "http" and scope["method"] == "GET" and _may_change(scope)
        stamp = await database.stamp() if asks else None
        if stamp is None:
            # A server may begin a request within the one before it on the same connection.
            with steady.at(None):
                await self.app(scope, receive, send)
            return
        if stamp != self._stamp or len(self._answers) >= AT_MOST:
            self._stamp = stamp
            self._answers.clear()
        key = _key(scope)
        found = self._answers.get(key)
        if found is None or not await self._again(found, scope, send):
            await self._first(key, stamp, scope, receive, send)

    async def _again(self, answer: Answer, scope: Scope, send: Send) -> bool:
        """Give an answer again, unless its time has gone or its body has made room for others."""
        body = b"" if answer.body is None else self.cache.get(answer.body, bytes)
        if body is None or len(body) != answer.size or answer.begin is None:
            return False
        if clock.now() >= answer.until:
            return False
        scope["route"] = answer.route
        await send(answer.begin)
        await send({"type": "http.response.body", "body": body})
        return True

    async def _first(
        self, key: Key, stamp: Stamp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        begun: list[Message] = []
        day = clock.today()

        async def heard(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
            await send(message)

        with steady.at(stamp):
            await self.app(scope, receive, heard)
        answer = scope.get("state", {}).get("unchanged")
        if not isinstance(answer, Answer) or not begun or _length(scope) > LONGEST:
            return
        # What was written meanwhile may or may not be in it, nor what ended with the day.
        if day == clock.today() and await database.stamp() == stamp == self._stamp:
            answer.begin, answer.route = begun[0], scope.get("route")
            self._answers[key] = answer


def _may_change(scope: Scope) -> bool:
    """Say whether it is a page: built files are what they are, and probes must be answered anew.

    Who asks for a drive is told by another header than the cookie.
    """
    path = scope["path"]
    return not (path.startswith("/static/") or path in PROBES or is_drive(path))


def _key(scope: Scope) -> Key:
    """Return what makes a request the same as another."""
    asked = [header for header in scope["headers"] if header[0] in _ASKED]
    return scope["path"], scope["query_string"], scope["scheme"], *asked


def _length(scope: Scope) -> int:
    """Return how much of memory a request's key takes: somebody may send as much as she likes."""
    headers = scope["headers"]
    asked = sum(_HEADER + len(value) for name, value in headers if name in _ASKED)
    return asked + len(scope["path"]) + len(scope["query_string"])
