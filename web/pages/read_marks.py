"""How far one has read a thread."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, read_marks
from storage.door import Inside
from web import forms
from web.flash import see_other


async def update(request: Request, inside: Inside) -> Response:
    """Note the last post that was shown; a script asks for no page in return."""
    form = await forms.read(request)
    thread_id = request.path_params["thread_id"]
    await read_marks.mark_read(inside, thread_id, form.number("number") or 1)
    if request.headers.get("x-fragment") == "none":
        return Response(status_code=204)
    return see_other(request, addresses.thread(inside.network.slug, thread_id), "read")
