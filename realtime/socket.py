"""The address ``/live``: who may open a socket, and what is said when one is opened."""

import asyncio
import json
import logging
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum import sessions
from forum.sessions import LoggedIn
from realtime import lines, writers
from realtime.connections import SLOW, TALKATIVE, Connection
from realtime.hub import Hub, batch, spread_ms, visible
from realtime.lines import Refusal
from realtime.sayings import Sayings
from storage import door, events
from storage.door import Inside

log = logging.getLogger(__name__)

PATH = "/live"
#: Who has missed more than this of a network is told to fetch anew what she has open.
CATCH_UP = 200
# A browser says how far it has got as soon as the socket is open.
_SAY_WITHIN_SECONDS = 30.0


class Live:
    """Takes the sockets; everything else is for the application below.

    Sockets stand outside Starlette: it wraps ``send``, below which lies the quick way to write.
    """

    def __init__(self, app: ASGIApp, hub: Hub, *, cookie: str, origins: frozenset[str]) -> None:
        self.app = app
        self._hub = hub
        self._cookie = cookie
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse before the upgrade, or open a socket and keep it open."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        await receive()  # websocket.connect
        before = self._hub.access
        who = await self._recognised(scope)
        if isinstance(who, Refusal):
            lines.refused(who)
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        with self._hub.visited():
            await self._kept_open(who, before, lines.ending_noted(receive), send)

    async def _recognised(self, scope: Scope) -> LoggedIn | Refusal:
        """Return whose socket it would be, or why it is nobody's who has any business here.

        A browser sends cookies with a socket that any page opens: its Origin must be ours. Missing
        and ``null`` are not.
        """
        headers = Headers(scope=scope)
        if scope["path"] != PATH:
            return Refusal.PATH
        if headers.get("origin", "").lower() not in self._origins:
            return Refusal.ORIGIN
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return Refusal.SESSION
        token = cookies.get(self._cookie)
        who = await sessions.recognise(token.value, by_itself=True) if token else None
        return who or Refusal.SESSION

    async def _kept_open(self, who: LoggedIn, before: int, receive: Receive, send: Send) -> None:
        await self._hub.ready.wait()
        try:
            async with asyncio.timeout(_SAY_WITHIN_SECONDS):
                since = _since(await receive())
        except TimeoutError:
            since = None
            await send({"type": "websocket.close", "code": 1002, "reason": ""})
        if since is None:
            return
        networks = {inside.network.id: inside for inside in await door.enter_all(who.person)}
        connection = Connection(
            send,
            person_id=who.person.id,
            session_id=who.session.id,
            until=who.session.expires_at,
            roles={network_id: inside.role for network_id, inside in networks.items()},
            wants_presence=who.person.presence,
        )
        reached = self._hub.add(connection)
        try:
            if self._hub.access != before:
                # Somebody's access has changed since it was read whose session this is.
                await self._hub.recheck([connection])
            state = {"type": "state", "networks": reached, "presence": who.person.presence}
            news = [writers.Message.of(state)]
            for network_id, upto in reached.items():
                after = since.get(network_id)
                if after is not None and after != upto:
                    news.append(await self._missed(networks[network_id], after, upto))
            if not connection.catch_up(news):
                self._hub.drop(connection, SLOW)
            await self._listen(connection, receive)
        finally:
            self._hub.remove(connection)
            connection.end()

    async def _listen(self, connection: Connection, receive: Receive) -> None:
        sayings, borne = Sayings(self._hub.presence, connection), True
        while (said := await receive())["type"] != "websocket.disconnect":
            if borne and not sayings.hear(said.get("text")):
                borne = False
                self._hub.drop(connection, TALKATIVE)

    async def _missed(self, inside: Inside, after: int, upto: int) -> writers.Message:
        """Return what she has missed, or that it is more than is told."""
        network_id = inside.network.id
        oldest = await inside.oldest_event()
        told = 0 <= upto - after <= CATCH_UP and oldest is not None and after >= oldest - 1
        if not told:
            return writers.Message.of({"type": "reload", "network": network_id, "to": upto})
        found = await events.between(network_id, after, upto)
        shown = visible(found, inside.person.id, inside.role)
        spread = spread_ms(len(self._hub))
        return batch(network_id, after, upto, shown, spread, whose=inside.person.id)


def _since(message: Message) -> dict[int, int] | None:
    """Return how far the browser has got, by network; None when it has hung up.

    What it does not say so is as if it said nothing.
    """
    if message["type"] == "websocket.disconnect":
        return None
    try:
        said = json.loads(message.get("text") or "{}")["since"]
        return {int(network_id): int(seq) for network_id, seq in said.items()}
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return {}
