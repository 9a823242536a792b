"""What a route asks of whoever comes: nothing, a login, or a membership.

A route made here without a word about it asks for a login; the walk through all routes in the
tests fails for one that nobody has thought about.
"""

from collections.abc import Awaitable, Callable
from typing import ParamSpec
from urllib.parse import urlencode

from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum import kept_forms, sessions, uploads
from forum.sessions import LoggedIn
from storage import door
from storage.door import Inside
from web import cookies, forms
from web.authentication import arrived, logged_in
from web.forms import LimitsOf
from web.origin import SAFE_METHODS

P = ParamSpec("P")
Page = Callable[[Request], Awaitable[Response]]
InsidePage = Callable[[Request, Inside], Awaitable[Response]]


class _RowNumber(IntegerConvertor):
    """A number that fits the database's 64 bits; a longer one is no page of ours."""

    regex = "[0-9]{1,18}"


register_url_convertor("int", _RowNumber())


def anyone(path: str, get: Page | None = None, post: Page | None = None) -> Route:
    """A page that asks for nothing."""
    return person(path, get, post, public=True)


def person(
    path: str,
    get: Page | None = None,
    post: Page | None = None,
    *,
    public: bool = False,
    files: str = "",
) -> Route:
    """A page that asks for a login. ``files`` is the field that its form brings files in."""

    async def endpoint(request: Request) -> Response:
        who = logged_in(request)
        if files:
            forms.expect_files(request, files, uploads.limits, keep=who is not None)
        if not public and who is None:
            return await _to_login(request)
        if request.method in SAFE_METHODS:
            return await _wanted(get)(request)
        await forms.read(request)
        if await arrived(request) is None and not public:
            return await _to_login(request)
        return await _posted(request, await _wanted(post)(request))

    return Route(path, _tidy(endpoint), methods=_methods(get, post))


def inside(
    path: str,
    get: InsidePage | None = None,
    post: InsidePage | None = None,
    *,
    files: str = "",
    limits: LimitsOf = uploads.limits,
) -> Route:
    """A page of a network: goes in by the door, which answers strangers as if it were not there.

    ``files`` is the field that its form brings files in, within ``limits``.
    """

    async def endpoint(request: Request) -> Response:
        who = logged_in(request)
        if files:
            forms.expect_files(request, files, limits, keep=who is not None)
        if who is None:
            return await _to_login(request)
        entered = await door.enter(who.person, request.path_params["slug"])
        if request.method in SAFE_METHODS:
            return await _wanted(get)(request, entered)
        await _refuse_anothers(request, who)
        now = await arrived(request)
        if now is None:
            return await _to_login(request)
        if now is not who:
            entered = await door.enter(now.person, request.path_params["slug"])
        return await _posted(request, await _wanted(post)(request, entered))

    return Route(path, _tidy(endpoint), methods=_methods(get, post))


def inside_by_program(path: str, **pages: InsidePage) -> Route:
    """An address in a network that a script speaks to, a page for each method: no forms.

    Who is not logged in is told so by a 401, since nobody would see the way to the login.
    """

    async def endpoint(request: Request) -> Response:
        who = logged_in(request)
        if who is None:
            raise HTTPException(401)
        entered = await door.enter(who.person, request.path_params["slug"])
        return await pages[request.method](request, entered)

    return Route(path, endpoint, methods=list(pages))


def _tidy(endpoint: Page) -> Page:
    """Whatever becomes of a form, what it brought and nobody kept is deleted."""

    async def tidied(request: Request) -> Response:
        try:
            return await endpoint(request)
        finally:
            await forms.discard(getattr(request.state, "form", None))

    return tidied


def _methods(get: object, post: object) -> list[str]:
    return (["GET"] if get else []) + (["POST"] if post else [])


def _wanted(page: Callable[P, Awaitable[Response]] | None) -> Callable[P, Awaitable[Response]]:
    if page is None:
        raise HTTPException(405)
    return page


async def _to_login(request: Request) -> Response:
    """Lead to the login; what somebody had written is kept for her meanwhile."""
    if request.method in SAFE_METHODS:
        query = f"?{request.url.query}" if request.url.query else ""
        there = {"next": request.url.path + query} if request.url.path != "/" else {}
        return RedirectResponse(f"/login?{urlencode(there)}".rstrip("?"), 303)
    form = await forms.read(request)
    # What a script sends by itself is no form that somebody has sent: nothing of it is lost yet.
    owner = None if "x-fragment" in request.headers else await _owner(request, form)
    lost = [(kept_forms.LOST_FILE, sent.name) for sent in form.files]
    entries = [*form.entries, *lost]
    token = await kept_forms.keep(owner, request.url.path, entries) if owner else None
    return RedirectResponse(f"/login?{urlencode({'kept': token})}" if token else "/login", 303)


async def _owner(request: Request, form: forms.Form) -> int | None:
    """Whose form it was: the key in it says so, or else the session that has ended."""
    owner: int | None = request.app.state.form_keys.owner(form.text("form_key"))
    if owner is None and (token := cookies.get(request, "session")):
        former = await sessions.formerly(token)
        owner = former.id if former else None
    return owner


async def _refuse_anothers(request: Request, who: LoggedIn) -> None:
    """Refuse a form that was shown to somebody else who has used this browser."""
    form = await forms.read(request)
    owner: int | None = request.app.state.form_keys.owner(form.text("form_key"))
    if owner not in {None, who.person.id}:
        raise forms.AnothersForm


async def _posted(request: Request, response: Response) -> Response:
    """Once a form that had been kept has been taken, it need not be kept any longer."""
    who: LoggedIn | None = logged_in(request)
    if response.status_code == 303 and who:
        form = await forms.read(request)
        if token := form.text("kept"):
            await kept_forms.drop(who.person, token)
    return response
