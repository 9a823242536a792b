"""One open socket: whose it is, in which networks she is, and the way to her."""

import asyncio
import logging
from datetime import datetime

from starlette.types import Send

from realtime.writers import Message, writer
from storage.roles import Role

log = logging.getLogger(__name__)

#: Codes that a socket is closed with, from RFC 6455's range for applications.
LOGGED_OUT = 4401
CHANGED = 4403
SLOW = 4408

# A close frame that cannot be sent within this is not waited for.
_CLOSE_WITHIN_SECONDS = 5.0


class Connection:
    """A browser's tab."""

    def __init__(
        self,
        send: Send,
        *,
        person_id: int,
        session_id: int,
        until: datetime,
        roles: dict[int, Role],
    ) -> None:
        self.person_id = person_id
        self.session_id = session_id
        #: When the session ends unless it is prolonged.
        self.until = until
        #: What she is, by the ids of her networks.
        self.roles = roles
        self._send = send
        self._writer = writer(send)
        self._closing: asyncio.Task[None] | None = None

    def write(self, message: Message) -> bool:
        """Write without waiting. False for a browser that does not keep up."""
        return self._closing is not None or self._writer.write(message)

    def close(self, code: int) -> None:
        """Close it with a code that says what the browser is to do. Safe to repeat."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(code))

    async def _close(self, code: int) -> None:
        try:
            async with asyncio.timeout(_CLOSE_WITHIN_SECONDS):
                await self._send({"type": "websocket.close", "code": code, "reason": ""})
        except Exception as error:
            # It reads nothing, so it will not read that either; or it is gone.
            log.debug("a socket could not be told why it is closed: %s", type(error).__name__)
            self._writer.abort()

    def end(self) -> None:
        """Write nothing more: the browser has hung up, or has been told why we do."""
        self._writer.end()
