"""The start page: my networks, with what is new first."""

from starlette.requests import Request
from starlette.responses import Response

from forum import begun, easy, my_networks
from storage import clock
from storage.people import View
from storage.roles import Act
from web.authentication import me
from web.rendering import page

LATEST = 4


async def show(request: Request) -> Response:
    """Show each of my networks with its latest threads."""
    person = me(request).person
    mine = await my_networks.my_networks(person, LATEST)
    inside = [one.inside for one in mine]
    drafts = await begun.begun_in(inside)
    if person.view == View.EASY:
        return page(
            request,
            "start.html",
            mine=mine,
            begun=drafts,
            reminded=easy.reminded(mine),
            today=clock.today(),
            to_answer=await easy.to_answer(inside),
            new=await easy.new(inside),
            may_write=any(one.may(Act.ASK) for one in inside),
        )
    return page(request, "start.html", mine=mine, begun=drafts)
