"""Logging out in this browser."""

from starlette.requests import Request
from starlette.responses import Response

from forum import sessions
from web import cookies
from web.authentication import logged_in
from web.flash import see_other


async def create(request: Request) -> Response:
    """End the session and have the browser forget its copies of our pages."""
    if who := logged_in(request):
        await sessions.end(who.session)
    return leave(request, "logged-out")


def leave(request: Request, code: str) -> Response:
    """Lead to the login page without cookies and caches."""
    response = see_other(request, "/login", code)
    cookies.clear(request, response, "session")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
