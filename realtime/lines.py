"""What the log says of sockets: why one was refused, and how one ended."""

import logging
from enum import StrEnum

from starlette.types import Message, Receive

log = logging.getLogger(__name__)

#: How browsers close what they need no more (RFC 6455, 7.4.1): with each page that is left.
_LEFT = frozenset({1000, 1001, 1005})


class Refusal(StrEnum):
    """Why nobody was let in."""

    PATH = "path"
    ORIGIN = "origin"
    SESSION = "session"


def refused(why: Refusal) -> None:
    """Note a socket that was refused before the upgrade."""
    fields = {"socket": "refused", "reason": str(why)}
    log.info("socket refused: %s", why, extra={"fields": fields})


def ending_noted(receive: Receive) -> Receive:
    """Return a ``receive`` that notes what the socket was closed with, whoever did it."""

    async def noted() -> Message:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            _ended(message.get("code", 1005))
        return message

    return noted


def _ended(code: int) -> None:
    if code not in _LEFT:
        log.info("socket closed: %d", code, extra={"fields": {"socket": "closed", "code": code}})
