"""Documents that cannot be searched in, or that tell of a person: a list for coordinators."""

from starlette.requests import Request
from starlette.responses import Response

from forum import unsearchable
from storage.door import Inside
from web.rendering import inside_page


async def index(request: Request, inside: Inside) -> Response:
    """Show both lists."""
    rows = await unsearchable.rows(inside)
    return inside_page(
        request,
        inside,
        "documents/unsearchable.html",
        personal=[one for one in rows if one.personal],
        unread=[one for one in rows if not one.searchable],
        full=len(rows) == unsearchable.MOST,
    )
