"""What load balancers ask: does it answer, and may visitors be sent here."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from forum.health import Health


async def live(_request: Request) -> Response:
    """Say that this process answers, whatever else is amiss: starting it anew would not help."""
    return PlainTextResponse("ok")


async def ready(request: Request) -> Response:
    """Say whether pages can be had here; otherwise 503 with one word why."""
    health: Health = request.app.state.health
    trouble = await health.trouble()
    return PlainTextResponse(trouble or "ok", 503 if trouble else 200)
