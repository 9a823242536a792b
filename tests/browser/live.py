"""A page's socket: when it stands, and the other end of it for tests of a server that is silent."""

import json
from dataclasses import dataclass, field

from playwright.async_api import Page, Response, WebSocketRoute


@dataclass
class Line:
    """The server's end of a page's sockets, one after the other."""

    networks: dict[str, int]
    opened: list[WebSocketRoute] = field(default_factory=list)
    #: Whether it says anything to who comes.
    answers: bool = True
    #: What each said that it had heard last.
    since: list[dict[str, int]] = field(default_factory=list)

    def open(self, socket: WebSocketRoute) -> None:
        """Take the page's next socket."""
        self.opened.append(socket)
        socket.on_message(lambda said: self._greet(socket, str(said)))

    def _greet(self, socket: WebSocketRoute, said: str) -> None:
        self.since.append(json.loads(said)["since"])
        if self.answers:
            socket.send(json.dumps({"type": "state", "networks": self.networks}))

    async def end(self, code: int) -> None:
        """Close the last socket."""
        await self.opened[-1].close(code=code)


async def held(page: Page, *networks: int) -> Line:
    """Hold the other end of the page's sockets from now on."""
    line = Line({str(network): 7 for network in networks})
    await page.route_web_socket("**/live", line.open)
    return line


def caught_up(answer: Response) -> bool:
    """Return whether a page fetches this by itself: the first says that its socket stands."""
    return answer.request.headers.get("x-fragment") == "live"
