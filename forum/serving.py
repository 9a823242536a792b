"""Serving the pages: uvicorn, and what is ours about it."""

import gc
from collections.abc import Callable
from contextlib import suppress
from socket import socket
from typing import Any

import click
import uvicorn

from forum import logs
from forum.settings import Settings

#: How uvicorn serves; bench/ measures the floor under the same.
SERVER: dict[str, Any] = {
    # Which proxies count is decided in web.app, in one place.
    "proxy_headers": False,
    "server_header": False,
    # By name, as the application below: both stand above this floor.
    "http": "web.heads:BoundedHeads",
    "ws": "websockets-sansio",
    "ws_per_message_deflate": False,
    # A browser says which networks it knows, and no more.
    "ws_max_size": 64 * 1024,
    "log_level": "info",
    # Addresses hold thread ids and one-time tokens; web.observed writes lines without them.
    "access_log": False,
    "timeout_graceful_shutdown": 8,
}


#: New objects before the youngest are looked through for what nobody reaches any more, and how
#: often that is done before the older ones are.
COLLECTING = (10_000, 20, 50)


def _collect_seldom() -> None:
    """Have what the server is made of looked through no more, and what it keeps seldom.

    What a page leaves is freed when it is done; few things wait for a collection. One that looks
    through tens of thousands of kept pages holds up everybody for a fifth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)


class _Server(uvicorn.Server):
    """Calls ``listening`` once it answers. Says which settings to change if it cannot listen."""

    listening: Callable[[], None] | None = None

    async def startup(self, sockets: list[socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit:
            if self.lifespan.should_exit:
                raise
            # uvicorn has said why.
            raise click.ClickException(
                f"cannot listen on {self.config.host}, port {self.config.port}; "
                "set SAMVERKAN_HOST to an address of this computer"
                " and SAMVERKAN_PORT to a port that is free"
            ) from None
        _collect_seldom()
        if self.listening is not None and not self.should_exit:
            self.listening()


def serve(chosen: Settings, listening: Callable[[], None] | None = None) -> None:
    """Serve until stopped; call ``listening`` once somebody is answered.

    Raises ClickException when it cannot listen there, SystemExit when it did not start.
    """
    configuration = uvicorn.Config(
        # The one place where a floor points upwards: by name.
        "web.app:create",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        log_config=logs.configuration(chosen.log),
        **SERVER,
    )
    server = _Server(configuration)
    server.listening = listening
    # Ctrl-C is how it is stopped; uvicorn raises it again when it has closed down.
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise SystemExit(3)
