"""The summary of the answers to a question."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, bodies, summaries
from forum.refusals import Invalid
from storage.door import Inside
from web import forms
from web.flash import see_other
from web.forms import Form
from web.rendering import inside_page


async def edit(request: Request, inside: Inside) -> Response:
    """Show the form with the summary that there is."""
    return await _shown(request, inside)


async def _shown(
    request: Request,
    inside: Inside,
    form: Form | None = None,
    errors: dict[str, str] | None = None,
    preview: str | None = None,
) -> Response:
    thread = await summaries.question(inside, request.path_params["thread_id"])
    edition = summaries.edition(thread)
    # Somebody else's, written while this one was: both are shown, and saving again chooses.
    another = form is not None and form.text("based_on") != edition
    keys = request.app.state.form_keys
    return inside_page(
        request,
        inside,
        "threads/summarise.html",
        status=422 if errors else 200,
        thread=thread,
        body=form.text("body") if form else thread.summary,
        edition=edition,
        another=another,
        errors=errors or {},
        preview=preview,
        form_key=keys.mint(inside.person),
        kept=form.text("kept") if form else "",
    )


async def update(request: Request, inside: Inside) -> Response:
    """Save the summary, show a preview of it, or say what is wrong with it."""
    form = await forms.read(request)
    thread_id, body = request.path_params["thread_id"], form.text("body")
    try:
        if "preview" in form:
            shown = await bodies.preview(inside, body)
            return await _shown(request, inside, form, preview=shown)
        await summaries.summarise(inside, thread_id, body, form.text("based_on"))
    except Invalid as invalid:
        return await _shown(request, inside, form, invalid.errors)
    code = "summarised" if body.strip() else "summary-removed"
    return see_other(request, addresses.thread(inside.network.slug, thread_id), code)
