"""The versions of a document: handed in, shown, fetched, brought back and named."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, document_history, handing_in, language, uploads, versions
from forum.document_history import Shown, VersionRow
from forum.language import gettext as _
from forum.placements import Beside
from forum.refusals import Invalid
from forum.versions import Weeded
from storage import door
from storage.documents import Document
from storage.door import Inside
from storage.roles import Act
from web import forms, stored_files
from web.flash import see_other
from web.forms import Form
from web.pages import documents
from web.pages.documents import document_id
from web.rendering import inside_page


async def new(request: Request, inside: Inside) -> Response:
    """Show the form that a new version is handed in by."""
    inside.require(Act.FILE)
    shown = await document_history.shown(inside, document_id(request))
    return _form(request, inside, shown, None, {})


async def create(request: Request, inside: Inside) -> Response:
    """Take in a version; when there is a later one than it was made from, say so and keep it."""
    inside.require(Act.FILE)
    shown = await document_history.shown(inside, document_id(request))
    form = await forms.read(request)
    limits = uploads.into_folder(request.app.state.settings)
    brought = handing_in.Brought(
        sent=form.files[0] if form.files else None,
        arrival_id=form.number("arrival"),
        beside_id=form.number("beside"),
        based_on=form.number("based_on"),
        note=form.text("note"),
    )
    try:
        document = await handing_in.hand_in(inside, limits, shown.document, brought)
    except Invalid as invalid:
        return _form(request, inside, shown, form, invalid.errors)
    except Beside as beside:
        return await _stale(request, inside, beside, brought.based_on or 0)
    same = document.last_number == shown.document.last_number
    here = addresses.document(inside.network.slug, document.id)
    return see_other(request, here, "version-same" if same else "version-added")


def _form(
    request: Request, inside: Inside, shown: Shown, form: Form | None, errors: dict[str, str]
) -> Response:
    made_from = form.number("based_on") if form else None
    return inside_page(
        request,
        inside,
        "versions/new.html",
        status=422 if errors else 200,
        shown=shown,
        here=addresses.document(inside.network.slug, shown.document.id),
        based_on=made_from or shown.made_from(inside.person.id),
        numbers=[(one.number, _told(one)) for one in shown.versions],
        note=form.text("note") if form else "",
        arrivals=form.numbers("arrival") if form else [],
        largest=uploads.into_folder(request.app.state.settings).each,
        errors=errors,
    )


def _told(version: VersionRow) -> str:
    return _("Version %(number)d, %(day)s, %(name)s") % {
        "number": version.number,
        "day": language.short_date(version.saved_at),
        "name": version.author,
    }


async def _stale(request: Request, inside: Inside, stale: Beside, based_on: int) -> Response:
    """Explain who has made which version meanwhile, where hers is, and the ways on."""
    shown = await document_history.shown(inside, stale.document.id)
    slug = inside.network.slug
    return inside_page(
        request,
        inside,
        "versions/stale.html",
        status=409,
        shown=shown,
        later=[one for one in shown.versions if one.number > based_on],
        beside=stale.beside,
        here=addresses.document(slug, shown.document.id),
        kept=addresses.document(slug, stale.beside.id),
    )


async def show(request: Request, inside: Inside) -> Response:
    """Show one version."""
    number = int(request.path_params["number"])
    return await documents.answer(request, inside, document_id(request), number)


async def file(request: Request, inside: Inside) -> Response:
    """Return the file of a version, to be saved."""
    document, version = await _version(request, inside)
    assert version.digest is not None
    return await stored_files.answer(
        request,
        version.digest,
        # The number stands for the bytes, which never change.
        tag=f"v{version.id}",
        media_type=version.media_type,
        at=version.saved_at,
        name=version.file_name(document),
        shown=False,
    )


async def acts(request: Request, inside: Inside) -> Response:
    """List what can be done with a version, for the script that unfolds it as a menu, too."""
    return await _acts(request, inside, None, {})


async def restore(request: Request, inside: Inside) -> Response:
    """Bring a version back, as the latest one."""
    inside.require(Act.FILE)
    document, version = await _version(request, inside)
    await versions.restore(inside, document.id, version.number)
    here = addresses.document(inside.network.slug, document.id)
    return see_other(request, here, "version-restored")


async def label(request: Request, inside: Inside) -> Response:
    """Name a version, or take its name away."""
    inside.require(Act.FILE)
    document, version = await _version(request, inside)
    text = (await forms.read(request)).text("label")
    try:
        await versions.label(inside, document.id, version.number, text)
    except Invalid as invalid:
        return await _acts(request, inside, text, invalid.errors)
    here = addresses.document(inside.network.slug, document.id)
    confirmed = "version-named" if text.strip() else "version-not-named"
    return see_other(request, f"{here}#versions", confirmed)


async def _version(request: Request, inside: Inside) -> tuple[Document, VersionRow]:
    """Return a version that is still there. Raises NotFound, and Weeded."""
    shown = await document_history.shown(inside, document_id(request))
    return shown.document, _there(request, shown)


def _there(request: Request, shown: Shown) -> VersionRow:
    version = shown.version(int(request.path_params["number"]))
    if version is None:
        raise door.NotFound
    if version.weeded:
        raise Weeded
    return version


async def _acts(
    request: Request, inside: Inside, text: str | None, errors: dict[str, str]
) -> Response:
    shown = await document_history.shown(inside, document_id(request))
    version = _there(request, shown)
    slug = inside.network.slug
    files, weeds = inside.may(Act.FILE), inside.may(Act.WEED)
    current = {shown.document.last_number, shown.document.adopted_number}
    return inside_page(
        request,
        inside,
        "versions/acts.html",
        status=422 if errors else 200,
        shown=shown,
        version=version,
        here=addresses.document(slug, shown.document.id),
        there=addresses.version(slug, shown.document.id, version.number),
        label=version.label if text is None else text,
        may_file=files,
        # What somebody has named is kept for ever, unless a coordinator decides otherwise.
        may_name=files and (weeds or not version.label),
        may_weed_it=weeds and version.number not in current and not version.label,
        errors=errors,
    )
