"""Hiding a post, and "Ångra"."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, hiding
from storage.door import Inside
from web import forms
from web.flash import see_other


async def update(request: Request, inside: Inside) -> Response:
    """Hide the post, or show it again."""
    form = await forms.read(request)
    thread_id, number = request.path_params["thread_id"], request.path_params["number"]
    hidden = form.text("hidden") == "yes"
    await hiding.hide(inside, thread_id, number, hidden=hidden)
    there = addresses.post(inside.network.slug, thread_id, number)
    return see_other(request, there, "hidden" if hidden else "shown")
