"""Who asks for a drive: a username and an app password, by HTTP Basic (RFC 7617). No cookie."""

import base64
import binascii

from starlette.requests import Request
from starlette.responses import Response

from forum import app_passwords
from forum.refusals import Throttled
from forum.settings import Settings
from storage.people import Person
from web.authentication import client_address

_ASK = {"WWW-Authenticate": 'Basic realm="Samverkan", charset="UTF-8"'}


class Refused(Exception):
    """Nobody is let in; what the client is told instead."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


async def recognised(request: Request) -> Person:
    """Return whose drive it is. Raises Refused.

    A password that anybody on the way could read is not asked for: as with cookies, it takes HTTPS
    unless nobody but this computer can ask.
    """
    settings: Settings = request.app.state.settings
    if not (settings.secure or settings.only_here):
        raise Refused(Response("HTTPS is needed.", 403, media_type="text/plain"))
    login, password = _said(request.headers.get("authorization", ""))
    if not password:
        raise Refused(Response(status_code=401, headers=_ASK))
    try:
        return await app_passwords.recognise(login, password, client_address(request))
    except app_passwords.Wrong:
        raise Refused(Response(status_code=401, headers=_ASK)) from None
    except Throttled as throttled:
        wait = {"Retry-After": str(throttled.retry_after)}
        raise Refused(Response(status_code=429, headers=wait)) from None


def _said(header: str) -> tuple[str, str]:
    """Return the name and the password in a header; empty ones when it cannot be read."""
    scheme, _, value = header.partition(" ")
    try:
        given = base64.b64decode(value.strip(), validate=True)
    except binascii.Error:
        given = b""
    # Older clients write Latin-1; the passwords are ASCII, and so are usernames.
    login, _, password = given.decode(errors="replace").replace("\x00", "").partition(":")
    return (login, password) if scheme.lower() == "basic" else ("", "")
