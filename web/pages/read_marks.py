"""How far one has read, thread by thread or all at once."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import addresses, places, read_marks
from storage.door import Inside
from web import forms
from web.authentication import me
from web.flash import see_other


async def update(request: Request, inside: Inside) -> Response:
    """Note the last post that was shown; a script asks for no page in return."""
    form = await forms.read(request)
    thread_id = request.path_params["thread_id"]
    await read_marks.mark_read(inside, thread_id, form.number("number") or 1)
    if request.headers.get("x-fragment") == "none":
        return Response(status_code=204)
    return see_other(request, addresses.thread(inside.network.slug, thread_id), "read")


async def first_unread(request: Request, inside: Inside) -> Response:
    """Lead to the first new post of a thread."""
    there = await places.first_unread(inside, request.path_params["thread_id"])
    return RedirectResponse(there, 303)


async def update_network(request: Request, inside: Inside) -> Response:
    """Note that nothing in the network is new."""
    await read_marks.mark_all_read(inside)
    return see_other(request, addresses.network(inside.network.slug), "all-read")


async def update_all(request: Request) -> Response:
    """Note that nothing in any network is new."""
    await read_marks.mark_everything_read(me(request).person)
    return see_other(request, "/", "all-read")
