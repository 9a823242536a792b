"""The demo's mail: what would have been sent."""

from starlette.requests import Request
from starlette.responses import Response

from forum import mail
from web.rendering import page


async def show(request: Request) -> Response:
    """Show the latest letters, newest first."""
    return page(request, "outbox.html", letters=await mail.latest(50))
