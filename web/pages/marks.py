"""Marking an answer "Hjälpte oss" and a question "Löst"."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, marks
from storage.door import Inside
from web import forms
from web.flash import see_other


async def helpful(request: Request, inside: Inside) -> Response:
    """Mark an answer as helpful, or take the mark away."""
    form = await forms.read(request)
    marked = form.text("helpful") == "yes"
    reply = await marks.mark_helpful(inside, request.path_params["reply_id"], helpful=marked)
    there = addresses.post(inside.network.slug, reply.thread_id, reply.number)
    return see_other(request, there, "helped" if marked else "unmarked")


async def solution(request: Request, inside: Inside) -> Response:
    """Mark a question as solved, or open it again."""
    form = await forms.read(request)
    thread_id, solved = request.path_params["thread_id"], form.text("solved") == "yes"
    await marks.mark_solved(inside, thread_id, solved=solved)
    there = addresses.thread(inside.network.slug, thread_id)
    return see_other(request, there, "solved" if solved else "reopened")
