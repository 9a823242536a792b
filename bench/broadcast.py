"""``python -m bench.broadcast PORT``: a bare ``websockets`` server; all hear what one says."""

import asyncio
import sys
from http import HTTPStatus

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.http11 import Request, Response


async def main(port: int) -> None:
    """Serve until killed."""
    everybody: set[ServerConnection] = set()

    async def handler(connection: ServerConnection) -> None:
        everybody.add(connection)
        try:
            async for said in connection:
                broadcast(everybody, said)
        finally:
            everybody.discard(connection)

    def answer(connection: ServerConnection, request: Request) -> Response | None:
        # Whoever starts it asks whether it answers.
        return connection.respond(HTTPStatus.OK, "") if request.path == "/help" else None

    async with serve(handler, "127.0.0.1", port, process_request=answer, compression=None):
        await asyncio.Future()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
