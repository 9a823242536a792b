"""Templates into pages."""

from typing import Any

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from forum import addresses, language
from storage.door import Inside
from storage.people import Theme, View
from web import cookies, flash, frame
from web.authentication import logged_in
from web.compression import accepts_gzip, gzip
from web.fragments import fragment
from web.jinja import rendered
from web.stencils import NONE, Words, holes


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Render a template into an answer. Everything that is shown is escaped unless it is Markup."""
    return _answered(request, render(request, template, **context), status)


def _answered(request: Request, html: str, status: int) -> Response:
    headers = {"Vary": "Accept-Encoding"}
    packed = accepts_gzip(request)
    if packed:
        headers["Content-Encoding"] = "gzip"
    response = HTMLResponse(gzip(html) if packed else html, status_code=status, headers=headers)
    if flash.code(request):
        # It has been shown now.
        cookies.clear(request, response, "flash")
    return response


def inside_page(
    request: Request, inside: Inside, template: str, *, status: int = 200, **context: Any
) -> Response:
    """Render a page of a network, which knows the network and what its reader may do."""
    return page(
        request,
        template,
        status=status,
        inside=inside,
        network=inside.network,
        base=addresses.network(inside.network.slug),
        **context,
    )


def filled_page(
    request: Request,
    inside: Inside,
    template: str,
    name: str,
    words: Words,
    *,
    status: int = 200,
) -> Response:
    """Fill words into a stencil of a whole page of a network; its template calls them ``name``."""
    person, confirmed = inside.person, flash.words(flash.code(request))
    said = escape(confirmed) if confirmed else NONE
    parts = frame.around(request, person, inside) | {"flash": said}
    stencil = fragment(
        request.app.state.cache,
        template,
        holes=holes(parts),
        within={name: holes(words)},
        always={"flash": "", "refused": {}},
        lang=language.current(),
        view=person.view,
        theme=person.theme,
        errors=status == 422,
    )
    return _answered(request, stencil.fill(words | parts), status)


def render(request: Request, template: str, **context: Any) -> str:
    """Return the HTML of a template that also knows who asks for what."""
    who = logged_in(request)
    person = who.person if who else None
    known = {"errors": {}, "refused": {}, "inside": None, "network": None} | context
    return rendered(
        template,
        **frame.around(request, person, known["inside"]),
        request=request,
        person=person,
        settings=request.app.state.settings,
        lang=language.current(),
        view=person.view if person else View.STANDARD,
        theme=person.theme if person else Theme.AUTO,
        flash=flash.words(flash.code(request)),
        **known,
    )
