"""Logging in with a link by e-mail."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import login_links
from forum.language import gettext as _
from forum.login_links import DeadLink
from storage.sessions import Purpose
from web import forms
from web.authentication import client_address
from web.pages.login import begin, place
from web.rendering import page


async def ask(request: Request) -> Response:
    """Show the form that asks for a link."""
    return page(request, "login_links/ask.html", login=request.query_params.get("login", ""))


async def request_link(request: Request) -> Response:
    """Have the link mailed. The answer is the same whoever, or nobody, has the address."""
    form = await forms.read(request)
    name = form.text("username").strip()
    if not name:
        errors = {"username": _("Write your e-mail address or your name.")}
        return page(request, "login_links/ask.html", status=422, login="", errors=errors)
    await login_links.ask_for(name, client_address(request))
    return RedirectResponse("/login-links/sent", 303)


async def sent(request: Request) -> Response:
    """Say that a mail is on its way, if somebody has that address."""
    return page(request, "login_links/sent.html")


async def show(request: Request) -> Response:
    """Show a button: mail scanners follow links, but press no buttons."""
    try:
        owner = await login_links.whose(request.path_params["token"], Purpose.LOGIN)
    except DeadLink:
        return page(request, "login_links/dead.html", status=410)
    return page(request, "login_links/show.html", owner=owner)


async def use(request: Request) -> Response:
    """Log in by the link, which is used up by it."""
    form = await forms.read(request)
    try:
        person = await login_links.use(request.path_params["token"], Purpose.LOGIN)
    except DeadLink:
        return page(request, "login_links/dead.html", status=410)
    there = await place(person, "/")
    return await begin(request, person, there, remember="remember" in form)
