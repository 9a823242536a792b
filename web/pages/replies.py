"""Answering a thread."""

from dataclasses import replace
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import addresses, bodies, discussions, form_keys
from forum.refusals import Invalid
from storage.door import Inside
from web import forms
from web.flash import see_other
from web.pages import attachments
from web.pages.composing import Returned, held_by
from web.pages.reading import thread_page


async def lost(request: Request, inside: Inside) -> Response:
    """Lead whoever reloads the address of the form back to the thread."""
    there = addresses.thread(inside.network.slug, request.path_params["thread_id"])
    return RedirectResponse(there, 303)


async def create(request: Request, inside: Inside) -> Response:
    """Post the reply, show a preview of it, or say what is wrong with it."""
    thread_id = request.path_params["thread_id"]
    form = await forms.read(request)
    body, page = form.text("body"), form.number("page") or 1
    files = await attachments.chosen(request, inside, form)
    answer = Returned(form, files, files.errors)
    again = partial(thread_page, request, inside, thread_id, number=page)
    try:
        if "preview" in form:
            preview = await bodies.preview(inside, body)
            return await again(answer=replace(answer, preview=preview))
        if files.choosing or files.errors:
            return await again(answer=answer)
        nonce = form_keys.nonce(
            form.text("form_key"), inside.network.slug, str(thread_id), body, files.signature
        )
        reply = await discussions.post_reply(
            inside, thread_id, body, nonce, held_by(form), files=files.ids, alts=files.alts
        )
    except Invalid as invalid:
        return await again(answer=replace(answer, errors=invalid.errors | files.errors))
    there = addresses.post(inside.network.slug, thread_id, reply.number)
    return see_other(request, there, "replied")
