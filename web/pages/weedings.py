"""Deleting for good ("gallra"), with a reason: a version, or what lies in the trash."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, document_history, trash_lists, weedings
from forum.refusals import Invalid
from forum.versions import Weeded
from storage import door
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.pages.documents import document_id
from web.rendering import inside_page


async def new(request: Request, inside: Inside) -> Response:
    """Say what is deleted, and ask why."""
    return await _form(request, inside, "", {})


async def create(request: Request, inside: Inside) -> Response:
    """Delete what lies in the trash for good."""
    reason = (await forms.read(request)).text("reason")
    try:
        await weedings.weed(inside, request.path_params["trash_id"], reason)
    except Invalid as invalid:
        return await _form(request, inside, reason, invalid.errors)
    return _gone(request, addresses.trash(inside.network.slug), "weeded")


async def _form(request: Request, inside: Inside, reason: str, errors: dict[str, str]) -> Response:
    inside.require(Act.WEED)
    return inside_page(
        request,
        inside,
        "trash/weeding.html",
        status=422 if errors else 200,
        row=await trash_lists.trashed_one(inside, request.path_params["trash_id"]),
        there=addresses.trash(inside.network.slug),
        reason=reason,
        errors=errors,
    )


async def new_of_version(request: Request, inside: Inside) -> Response:
    """Say what becomes of a version, and ask why."""
    return await _version_form(request, inside, "", {})


async def create_of_version(request: Request, inside: Inside) -> Response:
    """Delete the content of a version for good."""
    reason = (await forms.read(request)).text("reason")
    which = document_id(request)
    try:
        await weedings.weed_version(inside, which, int(request.path_params["number"]), reason)
    except Invalid as invalid:
        return await _version_form(request, inside, reason, invalid.errors)
    here = addresses.document(inside.network.slug, which)
    return _gone(request, f"{here}#versions", "version-weeded")


async def _version_form(
    request: Request, inside: Inside, reason: str, errors: dict[str, str]
) -> Response:
    inside.require(Act.WEED)
    shown = await document_history.shown(inside, document_id(request))
    version = shown.version(int(request.path_params["number"]))
    if version is None:
        raise door.NotFound
    if version.weeded:
        raise Weeded
    here = addresses.document(inside.network.slug, shown.document.id)
    return inside_page(
        request,
        inside,
        "versions/weeding.html",
        status=422 if errors else 200,
        shown=shown,
        version=version,
        here=here,
        there=addresses.version(inside.network.slug, shown.document.id, version.number),
        reason=reason,
        errors=errors,
    )


def _gone(request: Request, there: str, code: str) -> Response:
    # Its pages are not asked for again; what was kept of them must not stay in memory.
    request.app.state.cache.clear()
    return see_other(request, there, code)
