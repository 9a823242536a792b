"""Threads like the one that somebody is about to begin."""

from starlette.requests import Request
from starlette.responses import Response

from forum import similar
from storage.door import Inside
from web.rendering import inside_page


async def index(request: Request, inside: Inside) -> Response:
    """Show them on a page, or as the part of one that a script asks for as the title is typed."""
    title = request.query_params.get("title", "")
    alike = await similar.threads(inside, title)
    part = request.headers.get("x-fragment") == "similar"
    template = "threads/alike.html" if part else "threads/similar.html"
    return inside_page(request, inside, template, alike=alike, title=title)
