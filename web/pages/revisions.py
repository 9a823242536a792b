"""Changing a post, and what it said before."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, bodies, revisions
from forum import history as histories
from forum.differences import differences
from forum.refusals import Invalid
from forum.revisions import Conflict, Wording
from storage.door import Inside
from web import forms
from web.flash import see_other
from web.forms import Form
from web.rendering import inside_page


async def edit(request: Request, inside: Inside) -> Response:
    """Show the form with what the post says now."""
    thread_id, number = _place(request)
    return await _form(request, inside, await revisions.wording(inside, thread_id, number))


async def update(request: Request, inside: Inside) -> Response:
    """Save the change, show a preview of it, or say what is wrong; nothing written is lost."""
    thread_id, number = _place(request)
    form = await forms.read(request)
    wanted = Wording(form.text("body"), form.number("revision") or 0, form.text("title"))
    try:
        if "preview" in form:
            shown = await bodies.preview(inside, wanted.body)
            return await _form(request, inside, wanted, form=form, preview=shown)
        await revisions.edit(inside, thread_id, number, wanted)
    except Invalid as invalid:
        return await _form(request, inside, wanted, form=form, errors=invalid.errors)
    except Conflict as conflict:
        return await _form(request, inside, wanted, form=form, present=conflict.present)
    return see_other(request, addresses.post(inside.network.slug, thread_id, number), "edited")


def _place(request: Request) -> tuple[int, int]:
    return request.path_params["thread_id"], request.path_params["number"]


async def _form(
    request: Request,
    inside: Inside,
    wording: Wording,
    *,
    form: Form | None = None,
    errors: dict[str, str] | None = None,
    preview: str | None = None,
    present: Wording | None = None,
) -> Response:
    """``present`` is what the post says now when it is not what ``wording`` was made from."""
    thread_id, number = _place(request)
    key = form.text("form_key") if form else ""
    keys = request.app.state.form_keys
    return inside_page(
        request,
        inside,
        "posts/edit.html",
        status=409 if present else 422 if errors else 200,
        wording=wording,
        present=present,
        # Saved from here, the text replaces the one that is shown beside it.
        revision=(present or wording).revision,
        changes=differences(present.body, wording.body) if present else [],
        number=number,
        there=addresses.permalink(inside.network.slug, thread_id, number),
        errors=errors or {},
        preview=preview,
        form_key=key if keys.owner(key) == inside.person.id else keys.mint(inside.person),
        kept=form.text("kept") if form else "",
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
