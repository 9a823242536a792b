"""One's own account: password, and the devices one is logged in on."""

from starlette.requests import Request
from starlette.responses import Response

from forum import accounts, sessions
from forum.refusals import Invalid
from web import cookies, forms
from web.authentication import client_address, me
from web.flash import see_other
from web.pages.login import begin
from web.pages.logout import leave
from web.rendering import page


async def show(request: Request) -> Response:
    """Show who one is to the service, and every device one is logged in on."""
    who = me(request)
    return page(
        request,
        "account/show.html",
        sessions=await sessions.of(who.person),
        this_session=who.session,
    )


async def password(request: Request) -> Response:
    """Show the form for another password."""
    return page(request, "account/password.html")


async def change_password(request: Request) -> Response:
    """Save another password; every other device is logged out, and this one's cookie changes."""
    who = me(request)
    form = await forms.read(request)
    try:
        await accounts.change_password(
            who.person,
            form.text("current_password"),
            form.text("password"),
            client_address(request),
            cookies.get(request, "device"),
        )
    except Invalid as invalid:
        return page(request, "account/password.html", status=422, errors=invalid.errors)
    response = await begin(request, who.person, "/account", remember=who.session.remember)
    confirmed = see_other(request, "/account", "password")
    response.headers.append("set-cookie", confirmed.headers["set-cookie"])
    return response


async def end_session(request: Request) -> Response:
    """Log one device out."""
    form = await forms.read(request)
    ended = await sessions.end_one(me(request).person.id, form.number("session") or 0)
    return see_other(request, "/account", "session-ended" if ended else "")


async def end_all(request: Request) -> Response:
    """Log out everywhere, here too."""
    await sessions.end_all(me(request).person)
    return leave(request, "logged-out-everywhere")
