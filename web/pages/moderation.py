"""What a coordinator does with a thread: pin it, close it, move it."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, areas, moderation
from forum.refusals import Invalid
from storage import door
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.rendering import inside_page


async def pin(request: Request, inside: Inside) -> Response:
    """Pin the thread on top, or let it go."""
    form = await forms.read(request)
    pinned = form.text("pinned") == "yes"
    await moderation.pin(inside, request.path_params["thread_id"], pinned=pinned)
    return _back(request, inside, "pinned" if pinned else "unpinned")


async def closure(request: Request, inside: Inside) -> Response:
    """Close the thread, or open it again."""
    form = await forms.read(request)
    closed = form.text("closed") == "yes"
    await moderation.close(inside, request.path_params["thread_id"], closed=closed)
    return _back(request, inside, "closed" if closed else "opened")


async def area(request: Request, inside: Inside) -> Response:
    """Show the form for the thread's subject area."""
    return await _area_form(request, inside, {})


async def move(request: Request, inside: Inside) -> Response:
    """Move the thread to another subject area."""
    form = await forms.read(request)
    try:
        await moderation.move(inside, request.path_params["thread_id"], form.number("area"))
    except Invalid as invalid:
        return await _area_form(request, inside, invalid.errors)
    return _back(request, inside, "moved")


async def _area_form(request: Request, inside: Inside, errors: dict[str, str]) -> Response:
    inside.require(Act.MODERATE)
    thread = await inside.threads.get_or_none(id=request.path_params["thread_id"])
    if thread is None:
        raise door.NotFound
    return inside_page(
        request,
        inside,
        "threads/area.html",
        status=422 if errors else 200,
        thread=thread,
        areas=await areas.areas_of(inside),
        errors=errors,
    )


def _back(request: Request, inside: Inside, code: str) -> Response:
    there = addresses.thread(inside.network.slug, request.path_params["thread_id"])
    return see_other(request, there, code)
