"""uvicorn's server, as it begins and ends here."""

import gc
import signal
import sys
from collections.abc import Callable
from socket import socket
from types import FrameType

import click
import uvicorn

from forum import health

#: New objects before the youngest are looked through for what nobody reaches any more, and how
#: often that is done before the older ones are.
COLLECTING = (10_000, 20, 50)

#: Requests that have begun are finished within this, or cut off.
FINISHED_IN_SECONDS = 7
#: After this the system ends the process, whatever it waits for: a database that has stopped
#: answering, say. What was acknowledged has been committed.
ENDED_IN_SECONDS = 8.5

#: How long a thread that is done waiting, for the disk say, waits for one that goes on computing.
#: Python's own 5 ms are a reply's whole time.
SWITCHING_SECONDS = 0.0002


def _collect_seldom() -> None:
    """Have what the server is made of looked through no more, and what it keeps seldom.

    What a page leaves is freed when it is done; few things wait for a collection. One that looks
    through tens of thousands of kept pages holds up everybody for a fifth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)


class Server(uvicorn.Server):
    """Calls ``listening`` once it answers. Says which settings to change if it cannot listen."""

    listening: Callable[[], None] | None = None

    async def startup(self, sockets: list[socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit:
            if self.lifespan.should_exit:
                raise
            # uvicorn has said why.
            raise cannot_listen(self.config) from None
        _collect_seldom()
        sys.setswitchinterval(SWITCHING_SECONDS)
        if self.listening is not None and not self.should_exit:
            self.listening()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end: asked for no more visitors, and with no more time than there is."""
        if not self.should_exit:
            health.stop()
            # Nobody handles SIGALRM, so that even a loop that is stuck cannot hold it up.
            signal.setitimer(signal.ITIMER_REAL, ENDED_IN_SECONDS)
        super().handle_exit(sig, frame)


def cannot_listen(config: uvicorn.Config) -> click.ClickException:
    """Return what is said when the port or the address will not do."""
    return click.ClickException(
        f"cannot listen on {config.host}, port {config.port}; "
        "set SAMVERKAN_HOST to an address of this computer"
        " and SAMVERKAN_PORT to a port that is free"
    )
