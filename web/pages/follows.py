"""Following a thread."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, follows
from storage.door import Inside
from web import forms
from web.flash import see_other


async def update(request: Request, inside: Inside) -> Response:
    """Follow a thread, or leave it."""
    form = await forms.read(request)
    thread_id, following = request.path_params["thread_id"], form.text("following") == "yes"
    await follows.follow(inside, thread_id, following=following)
    there = addresses.page(inside.network.slug, thread_id, form.number("page") or 1)
    return see_other(request, there, "following" if following else "not-following")
