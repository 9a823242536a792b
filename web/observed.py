"""Every request from its first byte to its last: its number, its line in the log, its counts."""

import ipaddress
import logging
import re
import secrets
import time
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum import logs, metrics
from forum.settings import Settings
from web.origin import SAFE_METHODS

log = logging.getLogger("web.observed")

#: What a proxy may call a request: it stands in the log, in a header and on a page.
_NUMBER = re.compile(r"[A-Za-z0-9._-]{1,64}")
#: What stands for the route where none was found.
NOWHERE = "-"
#: A page that takes longer has a line.
SLOW_SECONDS = 1.0


class Observed:
    """Outermost: also what is refused at once, and what is answered from memory, is seen here."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._proxies = [ipaddress.ip_network(one) for one in settings.trusted_proxies]
        self._trusts = lru_cache(1024)(self._is_proxy)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Number the request, let it be answered, and note how that went."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        number = self._number(scope)
        logs.request.set(number)
        scope.setdefault("state", {})["request_id"] = number
        if scope["type"] == "websocket":
            # Its own ``send``, below which lies the quick way to write; realtime counts sockets.
            await self.app(scope, receive, send)
        else:
            await self._answer(number, scope, receive, send)

    async def _answer(self, number: str, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # Another message, not this one changed: it may be given again to somebody else.
                headers = [*message.get("headers", ()), (b"x-request-id", number.encode())]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            _note(scope, status, time.perf_counter() - began)

    def _number(self, scope: Scope) -> str:
        """Return the number that a trusted proxy gave the request, or a new one."""
        client = scope.get("client")
        if self._proxies and client and self._trusts(client[0]):
            given = Headers(scope=scope).get("x-request-id", "")
            if _NUMBER.fullmatch(given):
                return given
        return secrets.token_hex(6)

    def _is_proxy(self, address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in network for network in self._proxies)
        except ValueError:
            return False


def _note(scope: Scope, status: int, seconds: float) -> None:
    method = scope["method"]
    route: str = getattr(scope.get("route"), "path_format", NOWHERE)
    metrics.answered(method, route, status, seconds)
    if status < 400 and method in SAFE_METHODS and seconds < SLOW_SECONDS:
        # The numbers tell of those. A line would cost half as much again as a page that is kept.
        return
    milliseconds = round(seconds * 1000, 1)
    log.log(
        logging.WARNING if status >= 500 else logging.INFO,
        "%s %s %d %.1f ms",
        method,
        route,
        status,
        milliseconds,
        extra={"fields": {"method": method, "route": route, "status": status, "ms": milliseconds}},
    )
