"""What is seldom done with a post: a page of its own, and a menu in its place where scripts run."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, post_acts
from storage.door import Inside
from web.rendering import inside_page


async def show(request: Request, inside: Inside) -> Response:
    """Show what she may do with the post."""
    thread_id, number = request.path_params["thread_id"], request.path_params["number"]
    return inside_page(
        request,
        inside,
        "posts/menu.html",
        acts=await post_acts.acts(inside, thread_id, number),
        number=number,
        there=addresses.permalink(inside.network.slug, thread_id, number),
    )
