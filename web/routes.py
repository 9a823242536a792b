"""Every address, and what it asks of whoever comes: nothing, a login, or a membership.

A route made here without a word about it asks for a login; the walk through all routes in the
tests fails for one that nobody has thought about.
"""

from collections.abc import Awaitable, Callable
from typing import ParamSpec
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from forum import kept_forms, sessions
from forum.sessions import LoggedIn
from storage import door
from storage.door import Inside
from web import cookies, forms
from web.authentication import logged_in
from web.files import BuiltFiles
from web.origin import SAFE_METHODS
from web.pages import (
    account,
    areas,
    attachments,
    drafts,
    easy,
    erasures,
    follows,
    help_page,
    hidings,
    kept,
    login,
    login_links,
    logout,
    marks,
    members,
    moderation,
    network_settings,
    networks,
    operators,
    outbox,
    password_links,
    preferences,
    previews,
    profile,
    read_marks,
    reading,
    reminders,
    replies,
    revisions,
    similar,
    splits,
    start,
    summaries,
    thanks,
    threads,
    wanted,
)
from web.rendering import STATIC

P = ParamSpec("P")
Page = Callable[[Request], Awaitable[Response]]
InsidePage = Callable[[Request, Inside], Awaitable[Response]]


def routes(*, demo: bool) -> list[BaseRoute]:
    """Return every route. The demo has one more, which shows its mail."""
    made: list[BaseRoute] = [
        anyone("/login", login.show, login.create),
        anyone("/login-links", login_links.ask, login_links.request_link),
        anyone("/login-links/sent", login_links.sent),
        anyone("/login-links/{token}", login_links.show, login_links.use),
        anyone("/password-links/{token}", password_links.show, password_links.choose),
        anyone("/help", help_page.show),
        anyone("/preferences", post=preferences.update),
        person("/", start.show),
        person("/logout", post=logout.create),
        person("/account", account.show),
        person("/account/profile", profile.show, profile.update, files="picture"),
        person("/account/picture", profile.picture),
        person("/account/password", account.password, account.change_password),
        person("/account/session-endings", post=account.end_session),
        person("/account/logout-everywhere", post=account.end_all),
        person("/read-marks", post=read_marks.update_all),
        person("/kept/{token}", kept.show),
        person("/networks", networks.index),
        person("/to-answer", easy.to_answer),
        person("/new-posts", easy.new_posts),
        person("/write", easy.write),
        person("/operator/networks/new", operators.new, operators.create),
        person("/operator/networks/{network_id:int}/coordinators", operators.coordinators,
               operators.name_coordinator),
        person("/operator/networks", operators.index),
        inside("/n/{slug}", networks.show),
        inside("/n/{slug}/threads", threads.index, threads.create, files="files"),
        inside("/n/{slug}/threads/new", threads.new),
        inside("/n/{slug}/threads/similar", similar.index),
        inside("/n/{slug}/threads/{thread_id:int}", reading.show),
        inside("/n/{slug}/threads/{thread_id:int}/posts/{number:int}", reading.post),
        inside("/n/{slug}/threads/{thread_id:int}/posts/{number:int}/edit", revisions.edit,
               revisions.update, files="files"),
        inside("/n/{slug}/threads/{thread_id:int}/posts/{number:int}/revisions", revisions.index),
        inside("/n/{slug}/threads/{thread_id:int}/posts/{number:int}/hiding", post=hidings.update),
        inside("/n/{slug}/threads/{thread_id:int}/posts/{number:int}/erasure", erasures.new,
               erasures.create),
        inside("/n/{slug}/threads/{thread_id:int}/posts/{number:int}/split", splits.new,
               splits.create),
        inside("/n/{slug}/threads/{thread_id:int}/pin", post=moderation.pin),
        inside("/n/{slug}/threads/{thread_id:int}/closure", post=moderation.closure),
        inside("/n/{slug}/threads/{thread_id:int}/area", moderation.area, moderation.move),
        inside("/n/{slug}/threads/{thread_id:int}/replies", replies.lost, replies.create,
               files="files"),
        inside("/n/{slug}/threads/{thread_id:int}/solution", post=marks.solution),
        inside("/n/{slug}/threads/{thread_id:int}/posts/{number:int}/thanks", post=thanks.update),
        inside("/n/{slug}/threads/{thread_id:int}/reminders", post=reminders.create),
        inside("/n/{slug}/threads/{thread_id:int}/summary", summaries.edit, summaries.update),
        inside("/n/{slug}/threads/{thread_id:int}/volunteers", post=wanted.join),
        inside("/n/{slug}/threads/{thread_id:int}/pairing", post=wanted.pair),
        inside("/n/{slug}/threads/{thread_id:int}/renewal", post=wanted.look_again),
        inside("/n/{slug}/threads/{thread_id:int}/follow", post=follows.update),
        inside("/n/{slug}/threads/{thread_id:int}/unread", read_marks.first_unread),
        inside("/n/{slug}/replies/{reply_id:int}/help", post=marks.helpful),
        inside("/n/{slug}/threads/{thread_id:int}/read-mark", post=read_marks.update),
        inside("/n/{slug}/read-marks", post=read_marks.update_network),
        inside("/n/{slug}/attachments", post=attachments.create, files="files"),
        inside("/n/{slug}/attachments/{attachment_id:int}/removal", post=attachments.remove),
        inside("/n/{slug}/attachments/{attachment_id:int}/{name}", attachments.show),
        inside("/n/{slug}/previews", post=previews.create),
        inside("/n/{slug}/drafts", post=drafts.create, files="files"),
        inside("/n/{slug}/drafts/removals", post=drafts.remove, files="files"),
        inside("/n/{slug}/members", members.index, members.create),
        inside("/n/{slug}/members/new", members.new),
        inside("/n/{slug}/members/{membership_id:int}", members.show, members.update),
        inside("/n/{slug}/members/{membership_id:int}/picture", members.picture),
        inside("/n/{slug}/members/{membership_id:int}/ending", post=members.end),
        inside("/n/{slug}/areas", areas.index, areas.create),
        inside("/n/{slug}/areas/{area_id:int}", post=areas.update),
        inside("/n/{slug}/areas/{area_id:int}/move", post=areas.move),
        inside("/n/{slug}/areas/{area_id:int}/removal", post=areas.remove),
        inside("/n/{slug}/settings", network_settings.show, network_settings.update),
        Mount("/static", BuiltFiles(directory=STATIC), name="static"),
    ]  # fmt: skip
    return [*made, anyone("/dev/outbox", outbox.show)] if demo else made


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
            forms.expect_files(request, files, keep=who is not None)
        if not public and who is None:
            return await _to_login(request)
        if request.method in SAFE_METHODS:
            return await _wanted(get)(request)
        return await _posted(request, await _wanted(post)(request))

    return Route(path, _tidy(endpoint), methods=_methods(get, post))


def inside(
    path: str, get: InsidePage | None = None, post: InsidePage | None = None, *, files: str = ""
) -> Route:
    """A page of a network: goes in by the door, which answers strangers as if it were not there."""

    async def endpoint(request: Request) -> Response:
        who = logged_in(request)
        if files:
            forms.expect_files(request, files, keep=who is not None)
        if who is None:
            return await _to_login(request)
        entered = await door.enter(who.person, request.path_params["slug"])
        if request.method in SAFE_METHODS:
            return await _wanted(get)(request, entered)
        await _refuse_anothers(request, who)
        return await _posted(request, await _wanted(post)(request, entered))

    return Route(path, _tidy(endpoint), methods=_methods(get, post))


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
