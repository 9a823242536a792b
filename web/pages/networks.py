"""Networks: the list of mine, and a network's front page."""

from starlette.requests import Request
from starlette.responses import Response

from forum import (
    areas,
    attachments,
    directory,
    listings,
    my_networks,
    networks,
    organisations,
    unread,
)
from forum.listings import Filter
from storage.door import Inside
from storage.roles import Act
from web.authentication import me
from web.rendering import inside_page, page

LATEST = 6
UNANSWERED = 4
FACES = 6


async def index(request: Request) -> Response:
    """Show my networks, one line each."""
    mine = await my_networks.my_networks(me(request).person, 0)
    return page(request, "networks/index.html", mine=mine)


async def show(request: Request, inside: Inside) -> Response:
    """Show notices, unanswered questions, the latest threads, members and subject areas."""
    counts = await unread.area_counts(inside)
    notices = await listings.notices_on_top(inside)
    shortened = any(notice.short_html for notice in notices)
    listed = await directory.members_of(inside) if inside.may(Act.LIST_MEMBERS) else []
    return inside_page(
        request,
        inside,
        "networks/show.html",
        parent=await networks.parent_of(inside),
        notices=notices,
        pictures=await attachments.pictures_on_top(inside) if shortened else {},
        reminded=await listings.reminded(inside),
        unanswered=(await listings.threads(inside, Filter.UNANSWERED, limit=UNANSWERED)).rows,
        latest=(await listings.threads(inside, limit=LATEST)).rows,
        areas=await areas.areas_of(inside),
        counts=counts,
        unread=sum(new for _threads, new in counts.values()),
        members=sorted(listed, key=lambda one: one.role != "coordinator")[:FACES],
        member_count=await directory.count_members(inside),
        coverage=await organisations.coverage(inside),
    )
