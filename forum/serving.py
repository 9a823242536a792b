"""Serving the pages: how uvicorn is started, in one process or in several."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uvicorn

from forum import logs, processes
from forum.server import FINISHED_IN_SECONDS, Server, cannot_listen
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
    # A browser says how far it has got in each of its networks, and no more.
    "ws_max_size": 16 * 1024,
    "log_level": "info",
    # Addresses hold thread ids and one-time tokens; web.observed writes lines without them.
    "access_log": False,
    # Longer than proxies keep a connection for the next request (nginx: 60): one that both ends
    # give up at once takes somebody's post with it.
    "timeout_keep_alive": 75,
    "timeout_graceful_shutdown": FINISHED_IN_SECONDS,
    # What is known within one request is none of the next one's on the same connection.
    "reset_contextvars": True,
}


def serve(chosen: Settings, listening: Callable[[], None] | None = None) -> None:
    """Serve until stopped; call ``listening`` once one process answers somebody.

    Raises ClickException when it cannot listen there, SystemExit when it did not start.
    """
    configuration = uvicorn.Config(
        # The one place where a floor points upwards: by name.
        "web.app:create",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        timeout_worker_healthcheck=processes.HANGS_AFTER_SECONDS,
        log_config=logs.configuration(chosen.log),
        **SERVER,
    )
    if chosen.workers > 1:
        _serve_by_several(configuration)
    else:
        _serve_by_one(configuration, listening)


def _serve_by_one(configuration: uvicorn.Config, listening: Callable[[], None] | None) -> None:
    server = Server(configuration)
    server.listening = listening
    # Ctrl-C is how it is stopped; uvicorn raises it again when it has closed down.
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise SystemExit(3)


def _serve_by_several(configuration: uvicorn.Config) -> None:
    try:
        bound = configuration.bind_socket()
    except SystemExit:
        # uvicorn has said why.
        raise cannot_listen(configuration) from None
    with bound:
        processes.serve(configuration, bound)
