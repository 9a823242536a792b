"""Help: for those who cannot log in, and for members who wonder whom to ask."""

from starlette.requests import Request
from starlette.responses import Response

from forum import directory
from web.authentication import logged_in
from web.pages import app_passwords
from web.rendering import page


async def show(request: Request) -> Response:
    """Show whom to turn to, and what to try first."""
    who = logged_in(request)
    coordinators = await directory.coordinators_for(who.person) if who else []
    drive = app_passwords.address_of_drives(request)
    return page(request, "help.html", coordinators=coordinators, drive=drive)
