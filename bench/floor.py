"""The floor: a bare Starlette that gives the same bytes and does nothing else for them.

``python -m bench.floor PORT ANSWER`` reads from a file what it is to answer.
"""

import json
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.client import Answer
from forum.serving import SERVER

#: The server writes these itself.
_OWN = {"date", "content-length", "transfer-encoding", "connection"}


def write(folder: Path, answer: Answer) -> Path:
    """Write down an answer for the floor to repeat."""
    file = folder / "answer.json"
    headers = [pair for pair in answer.headers if pair[0] not in _OWN]
    said = {"status": answer.status, "headers": headers, "body": answer.body.decode("latin-1")}
    file.write_text(json.dumps(said))
    return file


def application(file: Path) -> Starlette:
    """Return an application that answers every address alike."""
    said = json.loads(file.read_text())
    body = said["body"].encode("latin-1")
    headers = [(name.encode(), value.encode("latin-1")) for name, value in said["headers"]]

    async def same(_: Request) -> Response:
        response = Response(body, said["status"])
        response.raw_headers += headers
        return response

    async def unchanged(_: Request) -> Response:
        response = Response(status_code=304)
        response.raw_headers += headers
        return response

    async def ready(_: Request) -> Response:
        return Response("ready")

    return Starlette(
        routes=[
            Route("/help", ready),
            Route("/unchanged", unchanged),
            Route("/{path:path}", same),
        ]
    )


if __name__ == "__main__":
    answer = application(Path(sys.argv[2]))
    uvicorn.run(answer, host="127.0.0.1", port=int(sys.argv[1]), **SERVER)
