"""One open socket: whose it is, in which networks she is, and the way to her."""

import asyncio
import logging
from datetime import datetime

from starlette.types import Send

from realtime.writers import FRAMES, Message, writer
from storage.roles import Act, Role, may

log = logging.getLogger(__name__)

#: A page that shows who is there: a network and a thread of it, or 0 for the network's own page.
Place = tuple[int, int]

#: Codes that a socket is closed with, most from RFC 6455's range for applications.
LOGGED_OUT = 4401
CHANGED = 4403
SLOW = 4408
CROWDED = 4429
TALKATIVE = 1008

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
        wants_presence: bool = False,
    ) -> None:
        self.person_id = person_id
        self.session_id = session_id
        #: When the session ends unless it is prolonged.
        self.until = until
        #: What she is, by the ids of her networks.
        self.roles = roles
        #: Whether she wants it to be seen that she is here, and the networks where it is.
        self.wants_presence = wants_presence
        self.shown_in = frozenset(
            network_id
            for network_id, role in roles.items()
            if wants_presence and may(role, Act.LIST_MEMBERS)
        )
        #: The page that she looks at, until when she writes there, and what she was last told.
        self.place: Place | None = None
        self.typing_until = 0.0
        self.told = ""
        self._send = send
        self._writer = writer(send)
        self._closing: asyncio.Task[None] | None = None
        # What happens while she is not up to date; None when she is.
        self._held: list[Message] | None = []

    def write(self, message: Message) -> bool:
        """Write without waiting. False for a browser that does not keep up."""
        if self._closing is not None:
            return True
        if self._held is None:
            return self._written(message)
        self._held.append(message)
        return len(self._held) < FRAMES

    def _written(self, message: Message) -> bool:
        try:
            return self._writer.write(message)
        except Exception as error:
            # One whose line is broken must not keep the others from being told.
            log.warning("a socket could not be written to: %s", type(error).__name__)
            return False

    def catch_up(self, messages: list[Message]) -> bool:
        """Write these, and only then what has been written meanwhile. False as for ``write``.

        A browser that has heard of the latest event first, and is cut off, would come back for
        nothing of what lies before that.
        """
        held, self._held = self._held or [], None
        return all(self.write(message) for message in (*messages, *held))

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
