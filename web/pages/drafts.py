"""Saving what somebody is writing, and discarding it."""

from starlette.requests import Request
from starlette.responses import Response

from forum import begun, drafts
from forum.drafts import Shown, Writing
from forum.refusals import Invalid
from storage.door import Inside
from web import forms
from web.flash import see_other
from web.forms import Form
from web.pages import attachments, threads
from web.pages.composing import Returned, held_by
from web.pages.reading import thread_page
from web.rendering import inside_page


async def create(request: Request, inside: Inside) -> Response:
    """Save the draft: a script gets the line that says so, others come back to the form."""
    form = await forms.read(request)
    writing = held_by(form) or Writing("")
    quiet = request.headers.get("x-fragment") == "draft"
    if form.files:
        form, errors = await _with_files(request, inside, form)
        if errors:
            return await _form_again(request, inside, form, writing, errors)
    try:
        draft = await drafts.save(inside, writing, form.entries)
    except Invalid as invalid:
        if quiet:
            held = await drafts.carried(inside, writing, writing.place)
            problem = invalid.errors["draft"]
            return inside_page(
                request, inside, "threads/draft.html", drafting=held, problem=problem
            )
        return await _form_again(request, inside, form, writing, invalid.errors)
    held = Shown(draft.place, draft.saved_at) if draft else Shown(writing.place)
    if quiet:
        return inside_page(request, inside, "threads/draft.html", drafting=held)
    there = begun.address(inside.network.slug, held.place)
    return see_other(request, there, "draft-saved" if draft else "")


async def _with_files(request: Request, inside: Inside, form: Form) -> tuple[Form, dict[str, str]]:
    """Return the form with its files taken in and named, and what was wrong with others."""
    files = await attachments.chosen(request, inside, form)
    others = [entry for entry in form.entries if entry[0] != "attachment"]
    return Form([*others, *(("attachment", str(one)) for one in files.ids)]), files.errors


async def _form_again(
    request: Request, inside: Inside, form: Form, writing: Writing, errors: dict[str, str]
) -> Response:
    _begun, thread_id = drafts.parsed(writing.place)
    returned = Returned(form, errors=errors)
    if thread_id is None:
        return await threads.new_again(request, inside, form, returned)
    page = form.number("page") or 1
    return await thread_page(request, inside, thread_id, number=page, answer=returned)


async def remove(request: Request, inside: Inside) -> Response:
    """Discard a draft and lead back to the form without it."""
    form = await forms.read(request)
    begun_there = await drafts.remove(inside, form.text("discard") or form.text("place"))
    return see_other(request, begun.address(inside.network.slug, begun_there), "draft-removed")
