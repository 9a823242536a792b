"""The numbers, for who has the token."""

import hmac

from starlette.requests import Request
from starlette.responses import Response

from forum import metrics, worker
from forum.settings import Settings
from storage import door


async def show(request: Request) -> Response:
    """Tell Prometheus every number. Without a token in the settings there is no such page."""
    settings: Settings = request.app.state.settings
    if not settings.metrics_token:
        raise door.NotFound
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    wanted = settings.metrics_token.encode()
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), wanted):
        return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
    await worker.count()
    return Response(metrics.text(), media_type=metrics.CONTENT_TYPE)
