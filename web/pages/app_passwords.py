"""One's own app passwords, for programs that open networks as a drive."""

from starlette.requests import Request
from starlette.responses import Response

from forum import app_passwords
from forum.refusals import Invalid
from forum.settings import Settings
from web import forms
from web.authentication import me
from web.flash import see_other
from web.rendering import page

ADDRESS = "/account/app-passwords"


async def show(request: Request) -> Response:
    """Show which there are, and the form for another."""
    return await _page(request)


async def create(request: Request) -> Response:
    """Make one and show it, this once: nobody can ask for it again."""
    form = await forms.read(request)
    name = form.text("name")
    try:
        password = await app_passwords.add(me(request).person, name)
    except Invalid as invalid:
        return await _page(request, name, invalid.errors)
    response = await _page(request, password=password)
    response.headers["Cache-Control"] = "no-store"
    return response


async def _page(
    request: Request, name: str = "", errors: dict[str, str] | None = None, password: str = ""
) -> Response:
    return page(
        request,
        "account/app_passwords.html",
        status=422 if errors else 200,
        app_passwords=await app_passwords.of(me(request).person),
        drive=address_of_drives(request),
        password=password,
        name=name,
        errors=errors or {},
    )


def address_of_drives(request: Request) -> str:
    """Return what stands before a network's own address, for programs."""
    settings: Settings = request.app.state.settings
    return f"{settings.base_url}/dav/"


async def remove(request: Request) -> Response:
    """Take one back: the program that uses it is let in no more."""
    form = await forms.read(request)
    removed = await app_passwords.revoke(me(request).person, form.number("password") or 0)
    return see_other(request, ADDRESS, "app-password-removed" if removed else "")
