"""Changing a post, and what it said before."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, bodies, revisions
from forum import history as histories
from forum.differences import differences
from forum.file_marks import mark_of
from forum.post_files import Files
from forum.refusals import Invalid
from forum.revisions import Conflict, Wording
from storage.attachments import Attachment
from storage.door import Inside
from web import forms
from web.flash import see_other
from web.forms import Form
from web.pages import attachments, composing
from web.pages.attachments import Chosen
from web.pages.composing import Returned
from web.rendering import inside_page


async def edit(request: Request, inside: Inside) -> Response:
    """Show the form with what the post says now."""
    place = _place(request)
    wording = await revisions.wording(inside, *place)
    files = await attachments.of_post(inside, place)
    return await _form(request, inside, wording, Returned(files=files))


async def update(request: Request, inside: Inside) -> Response:
    """Save the change, show a preview of it, or say what is wrong; nothing written is lost."""
    thread_id, number = _place(request)
    # Its files' names are on the form, whatever is wrong with what was sent.
    await revisions.require_author(inside, thread_id, number)
    form = await forms.read(request)
    wanted = Wording(
        form.text("body"), form.number("revision") or 0, form.text("title"), form.text("short")
    )
    files = await attachments.chosen(request, inside, form, (thread_id, number))
    returned = Returned(form, files)
    again = partial(_form, request, inside, wanted)
    try:
        if "preview" in form:
            preview = await bodies.preview(inside, wanted.body)
            return await again(replace(returned, preview=preview))
        if files.choosing or files.errors:
            return await again(replace(returned, errors=files.errors))
        kept = Files(files.ids, files.alts, files.pictures, files.made_from)
        await revisions.edit(inside, thread_id, number, wanted, kept)
    except Invalid as invalid:
        return await again(replace(returned, errors=invalid.errors))
    except Conflict as conflict:
        merged = replace(returned, files=attachments.beside(files, conflict.files))
        return await again(merged, present=conflict.present, changed=_changed(files, conflict))
    return see_other(request, addresses.post(inside.network.slug, thread_id, number), "edited")


def _changed(files: Chosen, conflict: Conflict) -> Sequence[Attachment] | None:
    """Return the files that the post has now, when they have been changed too."""
    return conflict.files if files.made_from != mark_of(conflict.files) else None


def _place(request: Request) -> tuple[int, int]:
    return request.path_params["thread_id"], request.path_params["number"]


async def _form(
    request: Request,
    inside: Inside,
    wording: Wording,
    returned: Returned,
    *,
    present: Wording | None = None,
    changed: Sequence[Attachment] | None = None,
) -> Response:
    """``present`` is what the post says now when it is not what ``wording`` was made from.

    ``changed`` are the files that it has now, when they are others.
    """
    thread_id, number = _place(request)
    # A text is given back whatever has become of the thread that it was for.
    thread = await inside.threads.get_or_none(id=thread_id)
    return inside_page(
        request,
        inside,
        "posts/edit.html",
        status=409 if present else 422 if returned.errors else 200,
        wording=wording,
        present=present,
        changed=changed,
        # Saved from here, the text replaces the one that is shown beside it.
        revision=(present or wording).revision,
        changes=differences(present.body, wording.body) if present else [],
        title=thread.title if thread else "",
        kind=thread.kind if thread else None,
        number=number,
        there=addresses.permalink(inside.network.slug, thread_id, number),
        files=returned.files,
        **composing.context(request, inside, returned),
    )


async def index(request: Request, inside: Inside) -> Response:
    """Show every text that the post has had, and what was changed."""
    thread_id, number = _place(request)
    before = Form(list(request.query_params.multi_items())).number("before")
    return inside_page(
        request,
        inside,
        "posts/revisions.html",
        history=await histories.history(inside, thread_id, number, before),
        number=number,
        there=addresses.permalink(inside.network.slug, thread_id, number),
    )
