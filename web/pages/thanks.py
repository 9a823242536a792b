"""Thanks ("Tack") for a post."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, thanks
from storage.door import Inside
from web import forms
from web.flash import see_other


async def update(request: Request, inside: Inside) -> Response:
    """Thank for a post, or take it back."""
    form = await forms.read(request)
    thread_id, number = request.path_params["thread_id"], request.path_params["number"]
    thanked = form.text("thanks") == "yes"
    await thanks.thank(inside, thread_id, number, thanked=thanked)
    there = addresses.post(inside.network.slug, thread_id, number)
    return see_other(request, there, "thanked" if thanked else "not-thanked")
