"""What a text will look like, for the script in the composer."""

from starlette.requests import Request
from starlette.responses import Response

from forum import bodies
from forum.refusals import Invalid
from storage.door import Inside
from web import forms
from web.rendering import inside_page


async def create(request: Request, inside: Inside) -> Response:
    """Return the text as HTML, or why it cannot be taken."""
    form = await forms.read(request)
    try:
        shown, problem = await bodies.preview(inside, form.text("body")), ""
    except Invalid as invalid:
        shown, problem = "", str(invalid)
    return inside_page(request, inside, "threads/preview.html", shown=shown, problem=problem)
