"""What anybody may read without logging in: the list of publications, their pages, their files.

Nothing here goes through the door, since nothing here belongs to a network any more: all that can
be asked for is what storage.publications calls public.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, images, language
from forum.public_search import words_of
from storage import door
from storage import publications as rows
from storage.people import Language
from storage.publications import Public
from web import conditional, flash, stored_files
from web.authentication import logged_in
from web.conditional import Parts
from web.forms import Form
from web.rendering import page

ON_A_PAGE: Final = 20
#: Others, such as a proxy, may keep what anybody may read; what is withdrawn stays there no longer.
SHORTLY: Final = "public, max-age=60"
#: Who searches has all texts looked through: so many at once, and the rest are asked to wait.
AT_ONCE: Final = 2
_searching = 0


async def index(request: Request) -> Response:
    """Show what is published, the latest first, or what of it somebody looks for."""
    query = Form(list(request.query_params.multi_items()))
    words, owner_id = words_of(query.text("q")), query.number("owner")
    chosen = query.choice("language", Language, None)
    global _searching
    if words and _searching >= AT_ONCE:
        return _busy(request)
    _searching += bool(words)
    try:
        found = await rows.listed(
            words,
            owner_id=owner_id,
            language=chosen or "",
            before=query.text("before"),
            limit=ON_A_PAGE + 1,
        )
    finally:
        _searching -= bool(words)
    shown, owners = found[:ON_A_PAGE], await rows.owners()

    async def made() -> Response:
        return page(
            request,
            "publications/index.html",
            publications=shown,
            next=shown[-1].slug if len(found) > ON_A_PAGE else "",
            owners=sorted(owners, key=lambda one: language.swedish_key(one[1])),
            languages=sorted({one.language for one in shown} | ({chosen} if chosen else set())),
            looked_for=query.text("q").strip(),
            chosen={"owner": owner_id, "language": chosen or ""},
            later=bool(query.text("before")),
        )

    told = tuple((one.id, one.version) for one in found)
    return await _for_everybody(request, made, "list", told, tuple(owners))


def _busy(request: Request) -> Response:
    response = page(request, "publications/busy.html", status=503)
    response.headers["Retry-After"] = "5"
    return response


async def show(request: Request) -> Response:
    """Show a publication; of one that was withdrawn, that it was, and whom to turn to."""
    found = await _found(request)
    if found.withdrawn_at is not None:
        return _withdrawn(request, found)

    async def made() -> Response:
        html = await rows.html_of(found)
        if html is None:
            # Another version has just been published: the next look finds that one.
            raise door.NotFound
        return page(
            request,
            "publications/show.html",
            publication=found,
            html=html,
            file=addresses.public_file(found.slug),
        )

    return await _for_everybody(request, made, "page", found.id, found.version)


async def _found(request: Request) -> Public:
    found = await rows.public(request.path_params["publication"])
    if found is None:
        raise door.NotFound
    return found


def _withdrawn(request: Request, found: Public) -> Response:
    return page(request, "publications/withdrawn.html", status=410, publication=found)


async def file(request: Request) -> Response:
    """Return a publication's file, to be saved unless it is an image."""
    found = await _found(request)
    if found.withdrawn_at is not None:
        return _withdrawn(request, found)
    digest = await rows.blob_of(found)
    if digest is None:
        raise door.NotFound
    return await stored_files.answer(
        request,
        digest,
        tag=f"p{found.id}-{found.version}",
        media_type=found.media_type,
        at=found.created_at,
        name=found.file_name,
        shown=found.media_type in images.SHOWN,
        cache=SHORTLY,
    )


async def _for_everybody(request: Request, make: conditional.Maker, *parts: object) -> Response:
    """Return a page made of these parts; to who is not logged in, as one that others may keep."""
    if flash.code(request):
        return await make()
    response = await conditional.answer(request, (*_frame(request), *parts), make)
    if logged_in(request) is None and response.status_code in {200, 304}:
        response.headers["Cache-Control"] = SHORTLY
        # Also of a request without any: it is the cookies that say who is asking, and her language.
        response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def _frame(request: Request) -> Parts:
    """Return what the frame around the page is made of, and for whom."""
    who = logged_in(request)
    person = who.person if who else None
    hers = (person.id, person.name, person.operator, person.view, person.theme) if person else ()
    address = (request.url.path, request.url.query)
    return ((who.session.id if who else None, *address), hers, language.current())
