"""What is wanted: joining in, choosing among those who have, and looking again."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, asking, wanted
from forum.refusals import Invalid
from storage.door import Inside
from web import forms
from web.flash import see_other
from web.forms import Form
from web.pages.reading import Refusal, thread_page


async def join(request: Request, inside: Inside) -> Response:
    """Say "Jag är med", or that one cannot any longer."""
    form = await forms.read(request)
    thread_id, joining = request.path_params["thread_id"], form.text("joining") == "yes"
    try:
        await wanted.join(inside, thread_id, joining=joining)
    except Invalid as invalid:
        return await thread_page(request, inside, thread_id, refusal=Refusal(invalid.errors))
    return _back(request, inside, "joined" if joining else "left")


async def pair(request: Request, inside: Inside) -> Response:
    """Choose one or more of those who have joined in."""
    form = await forms.read(request)
    thread_id = request.path_params["thread_id"]
    # What is no number is nobody.
    chosen = {Form([("person", text)]).number("person") or 0 for text in form.all("person")}
    try:
        await wanted.pair(inside, thread_id, chosen)
    except Invalid as invalid:
        return await thread_page(request, inside, thread_id, refusal=Refusal(invalid.errors))
    return _back(request, inside, "paired")


async def look_again(request: Request, inside: Inside) -> Response:
    """Look for somebody again."""
    form = await forms.read(request)
    thread_id = request.path_params["thread_id"]
    try:
        month = form.month("wanted_month")
        last_day = form.day("last_day") or (month and asking.last_of(month))
        await wanted.look_again(inside, thread_id, month, last_day)
    except Invalid as invalid:
        refusal = Refusal(invalid.errors, form)
        return await thread_page(request, inside, thread_id, refusal=refusal)
    return _back(request, inside, "looking")


def _back(request: Request, inside: Inside, code: str) -> Response:
    there = addresses.thread(inside.network.slug, request.path_params["thread_id"])
    return see_other(request, there, code)
