"""Where a document lies: moved into another folder, or copied there."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, documents, filing, folder_lists, folders
from forum.refusals import Invalid
from storage.documents import Document
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.forms import Form
from web.pages.documents import document_id
from web.rendering import inside_page


async def edit(request: Request, inside: Inside) -> Response:
    """Show every folder of the network, to choose one of."""
    inside.require(Act.FILE)
    found = await documents.document(inside, document_id(request))
    return await _form(request, inside, found, None, {})


async def update(request: Request, inside: Inside) -> Response:
    """Move the document, or make a copy of it, which is shown."""
    inside.require(Act.FILE)
    found = await documents.document(inside, document_id(request))
    form = await forms.read(request)
    folder_id, name = form.number("folder") or 0, form.text("name").strip()
    copies = form.text("act") == "copy"
    try:
        if copies:
            found = await filing.copy(inside, found.id, folder_id, name)
        else:
            found = await filing.move(inside, found.id, folder_id, name)
    except Invalid as invalid:
        return await _form(request, inside, found, form, invalid.errors)
    here = addresses.document(inside.network.slug, found.id)
    return see_other(request, here, "copied" if copies else "placed")


async def _form(
    request: Request,
    inside: Inside,
    found: Document,
    form: Form | None,
    errors: dict[str, str],
) -> Response:
    return inside_page(
        request,
        inside,
        "documents/place.html",
        status=422 if errors else 200,
        document=found,
        way=await folders.way(inside, found.folder_id),
        here=addresses.document(inside.network.slug, found.id),
        folders=await folder_lists.places(inside),
        chosen=(form.number("folder") if form else None) or found.folder_id,
        # What it is to be called there is asked for only where its name is taken.
        name=form.text("name") or found.name if form and "name" in errors else None,
        errors=errors,
    )
