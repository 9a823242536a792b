"""A real server in the test's own loop: what sockets and browsers need."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from forum.serving import SERVER


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say when it listens, or when it never will."""
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave Ctrl-C to pytest."""
        yield


@asynccontextmanager
async def serving(application: ASGIApp, bound: socket.socket) -> AsyncIterator[None]:
    """Serve the application on the socket, as ``samverkan serve`` does, and leave that open."""
    server = _Server(
        uvicorn.Config(
            application,
            log_config=None,
            # A page that is still open would be waited for
            **(SERVER | {"timeout_graceful_shutdown": 1}),
        )
    )
    running = asyncio.create_task(server.serve(sockets=[bound.dup()]))
    await server.ready.wait()
    try:
        yield
    finally:
        server.should_exit = True
        await running
