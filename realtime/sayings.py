"""What a browser says of itself once its socket is open: which page it shows, and that she writes.

Nothing of it is trusted. Who says something is told who else has said the same, and nothing more.
"""

import json
import time

from realtime.connections import Connection, Place
from realtime.presence import Presence

#: What is said beyond so much in a second is not listened to.
HEARD_PER_SECOND = 5
#: Beyond so much, the socket is closed.
BORNE_PER_SECOND = 50
# What both databases have room for.
_LARGEST_ID = 2**63 - 1


class Sayings:
    """Listens to one browser."""

    def __init__(self, presence: Presence, connection: Connection) -> None:
        self._presence = presence
        self._connection = connection
        self._since = time.monotonic()
        self._count = 0

    def hear(self, text: str | None) -> bool:
        """Take over what is said. False when it is too much to be borne."""
        now = time.monotonic()
        if now - self._since >= 1.0:
            self._since, self._count = now, 0
        self._count += 1
        if self._count <= HEARD_PER_SECOND:
            self._take(text or "")
        return self._count <= BORNE_PER_SECOND

    def _take(self, text: str) -> None:
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return
        if not isinstance(said, dict):
            return
        if "reading" in said:
            self._presence.view(self._connection, _place(said["reading"]))
        if said.get("typing") is True:
            self._presence.type(self._connection)


def _place(said: object) -> Place | None:
    """Return the page that is shown; none for whatever is not one."""
    if not isinstance(said, dict):
        return None
    network_id, thread_id = said.get("network"), said.get("thread") or 0
    # True is an int, too.
    if type(network_id) is not int or type(thread_id) is not int:
        return None
    known = 0 < network_id <= _LARGEST_ID and 0 <= thread_id <= _LARGEST_ID
    return (network_id, thread_id) if known else None
