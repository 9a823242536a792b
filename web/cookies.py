"""The cookies, their names and how long they last."""

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from forum.sessions import REMEMBERED
from forum.settings import Settings

YEAR = 365 * 24 * 3600
Name = Literal["session", "device", "language", "flash"]
_SUFFIX: dict[Name, str] = {
    "session": "",
    "device": "-device",
    "language": "-language",
    "flash": "-flash",
}


def name_of(settings: Settings, name: Name) -> str:
    """Return the cookie's full name. ``__Host-`` holds it to this host over HTTPS (RFC 6265bis)."""
    return ("__Host-samverkan" if settings.secure else "samverkan") + _SUFFIX[name]


def get(request: Request, name: Name) -> str | None:
    """Return what the browser sent, or None."""
    return request.cookies.get(name_of(request.app.state.settings, name)) or None


def put(
    request: Request, response: Response, name: Name, value: str, seconds: int | None = None
) -> None:
    """Set a cookie; without ``seconds`` it goes when the browser is closed."""
    settings: Settings = request.app.state.settings
    response.set_cookie(
        name_of(settings, name),
        value,
        max_age=seconds,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def clear(request: Request, response: Response, name: Name) -> None:
    """Take a cookie away."""
    put(request, response, name, "", 0)


def put_session(request: Request, response: Response, token: str, *, remember: bool) -> None:
    """Set the cookie of a new session."""
    put(request, response, "session", token, int(REMEMBERED.total_seconds()) if remember else None)
