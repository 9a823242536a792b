"""Adopting a version of a document ("Fastställd"), and taking that back."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, adoptions
from forum.refusals import Invalid
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.pages.documents import document_id, document_page


async def update(request: Request, inside: Inside) -> Response:
    """Adopt the version that she has looked at, by its number, or none."""
    inside.require(Act.ADOPT)
    form = await forms.read(request)
    which = document_id(request)
    here = addresses.document(inside.network.slug, which)
    if "retract" in form:
        await adoptions.retract(inside, which)
        return see_other(request, here, "adoption-retracted")
    try:
        await adoptions.adopt(inside, which, form.number("adopt") or 0)
    except Invalid as invalid:
        return await document_page(request, inside, which, errors=invalid.errors)
    return see_other(request, here, "adopted")
