"""Help for those who cannot log in."""

from starlette.requests import Request
from starlette.responses import Response

from web.rendering import page


async def show(request: Request) -> Response:
    """Show whom to turn to, and what to try first."""
    return page(request, "help.html")
