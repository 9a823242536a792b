"""Saying that one is working on a document ("Jag redigerar"), and that one is done ("Klar")."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import addresses, check_outs, document_history
from forum.refusals import Invalid
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.pages.documents import document_id, document_page


async def update(request: Request, inside: Inside) -> Response:
    """Begin, or end; to whoever wants to fetch the file as well, hand it over.

    That answer is a file to be saved: the browser stays on the page, which learns of the event.
    """
    inside.require(Act.FILE)
    form = await forms.read(request)
    which = document_id(request)
    here = addresses.document(inside.network.slug, which)
    if form.text("editing") == "done":
        await check_outs.end(inside, which)
        return see_other(request, here, "not-editing")
    try:
        await check_outs.begin(inside, which)
    except Invalid as invalid:
        return await document_page(request, inside, which, errors=invalid.errors)
    if form.text("editing") != "fetch":
        return see_other(request, here, "editing")
    shown = await document_history.shown(inside, which)
    if shown.latest is None or shown.latest.weeded:
        return see_other(request, here, "editing")
    name = shown.latest.file_name(shown.document)
    return RedirectResponse(
        addresses.version_file(inside.network.slug, which, shown.latest.number, name), 303
    )
