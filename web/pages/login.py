"""Logging in with a password."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import kept_forms, login, sessions
from forum.language import gettext as _
from storage.people import Person
from web import cookies, forms, redirects
from web.authentication import client_address, logged_in
from web.rendering import page


async def show(request: Request) -> Response:
    """Show the form, or lead on whoever is logged in already."""
    there = redirects.local(request.query_params.get("next", "/"))
    kept = request.query_params.get("kept", "")
    if logged_in(request):
        return RedirectResponse(there, 303)
    return _form(request, there, kept)


def _form(
    request: Request,
    there: str,
    kept: str,
    username: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    return page(
        request,
        "login/show.html",
        status=422 if errors else 200,
        there=there,
        kept=kept,
        username=username,
        errors=errors or {},
    )


async def create(request: Request) -> Response:
    """Begin a session, or say that the name or the password is wrong."""
    form = await forms.read(request)
    there, kept = redirects.local(form.text("next")), form.text("kept")
    username, password = form.text("username"), form.text("password")
    device = cookies.get(request, "device")
    try:
        person = await login.log_in(username, password, client_address(request), device)
    except login.WrongCredentials:
        errors = {"username": _("The name and the password do not go together. Try again.")}
        return _form(request, there, kept, username, errors)
    there = await place(person, there, kept)
    return await begin(request, person, there, remember="remember" in form)


async def place(person: Person, there: str, kept: str = "") -> str:
    """Return where somebody goes who has logged in, whichever way.

    What she was writing when her last session ended comes first.
    """
    if not (kept and await kept_forms.find(person, kept)):
        kept = await kept_forms.reclaim(person) or ""
    return f"/kept/{quote(kept, safe='')}" if kept else there


async def begin(request: Request, person: Person, there: str, *, remember: bool) -> Response:
    """Begin a session for somebody who has proved who she is, and lead her on.

    The session that this browser had before ends: its token may have been seen by others.
    """
    if before := logged_in(request):
        await sessions.end(before.session)
    agent = request.headers.get("user-agent", "")
    token = await sessions.start(person, agent, remember=remember)
    device = await login.remember_device(person, cookies.get(request, "device"))
    response = RedirectResponse(there, 303)
    cookies.put_session(request, response, token, remember=remember)
    cookies.put(request, response, "device", device, cookies.YEAR)
    return response
