"""Choosing a password by a link that somebody has been sent."""

from starlette.requests import Request
from starlette.responses import Response

from forum import login_links
from forum.login_links import DeadLink
from forum.refusals import Invalid
from storage.sessions import Purpose
from web import forms
from web.pages.login import begin, place
from web.rendering import page


async def show(request: Request) -> Response:
    """Show the form for a new password."""
    try:
        person = await login_links.whose(request.path_params["token"], Purpose.PASSWORD)
    except DeadLink:
        return page(request, "login_links/dead.html", status=410)
    return page(request, "password_links/show.html", owner=person)


async def choose(request: Request) -> Response:
    """Save the password and log in."""
    token = request.path_params["token"]
    form = await forms.read(request)
    try:
        person = await login_links.choose_password(token, form.text("password"))
    except DeadLink:
        return page(request, "login_links/dead.html", status=410)
    except Invalid as invalid:
        owner = await login_links.whose(token, Purpose.PASSWORD)
        return page(
            request,
            "password_links/show.html",
            status=422,
            owner=owner,
            errors=invalid.errors,
        )
    return await begin(request, person, await place(person, "/"), remember=False)
