"""How much of a request is taken in before anybody looks at it."""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: More than browsers send before a body. What comes in one piece may be a few times longer.
MOST: Final = 64 * 1024


class BoundedHeads(HttpToolsProtocol):
    """Hangs up on who sends an address or headers without end: uvicorn keeps all of them."""

    _taken = 0

    def data_received(self, data: bytes) -> None:
        """Take in what has come, unless the head of a request has become too long by it."""
        self._taken += len(data)
        super().data_received(data)
        if self._taken > MOST and not self.transport.is_closing():
            self.send_400_response("Too much before the body.")

    def on_headers_complete(self) -> None:
        """Begin to count anew."""
        self._taken = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Begin to count anew: what follows a body can be headers, too."""
        self._taken = 0
        super().on_body(body)
