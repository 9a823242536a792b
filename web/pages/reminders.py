"""Reminding those who have not answered."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, reminders
from forum.refusals import Invalid
from storage.door import Inside
from web.flash import see_other
from web.pages.reading import Refusal, thread_page


async def create(request: Request, inside: Inside) -> Response:
    """Remind the silent municipalities, or say why not."""
    thread_id = request.path_params["thread_id"]
    try:
        await reminders.remind(inside, thread_id)
    except Invalid as invalid:
        return await thread_page(request, inside, thread_id, refusal=Refusal(invalid.errors))
    return see_other(request, addresses.thread(inside.network.slug, thread_id), "reminded")
