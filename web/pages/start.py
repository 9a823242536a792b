"""The start page: my networks, with what is new first."""

from starlette.requests import Request
from starlette.responses import Response

from forum import begun, listings
from storage import door
from web.authentication import logged_in
from web.rendering import page

LATEST = 4


async def show(request: Request) -> Response:
    """Show each of my networks with its latest threads."""
    who = logged_in(request)
    if who is None:
        raise door.NotFound
    mine = await listings.my_networks(who.person, LATEST)
    drafts = await begun.begun_in([one.inside for one in mine])
    return page(request, "start.html", mine=mine, begun=drafts)
