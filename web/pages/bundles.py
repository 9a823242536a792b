"""A folder, or what was chosen in it, as one zip; and what else is done to several at once."""

from collections.abc import AsyncIterator, Sequence

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from forum import bundles, filing, folder_lists, folders, trash, uploads, zip_writing
from forum.language import gettext as _
from forum.refusals import Invalid
from forum.zip_writing import Entry
from storage import door
from storage.documents import Folder
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.forms import Form
from web.pages.folders import address, page
from web.rendering import inside_page
from web.stored_files import SANDBOX, disposition


async def show(request: Request, inside: Inside) -> Response:
    """Send a folder with all that is in it."""
    folder = await folders.folder(inside, request.path_params["folder_id"])
    limits = uploads.into_folder(request.app.state.settings)
    return _zip(inside, folder, await bundles.of_folder(inside, limits, folder.id))


def _zip(inside: Inside, folder: Folder, entries: Sequence[Entry]) -> Response:
    headers = {
        "Content-Disposition": disposition(
            f"{folder.name or inside.network.name}.zip", shown=False
        ),
        "Content-Security-Policy": SANDBOX,
        "Cache-Control": "private, no-store",
    }
    # Where it is known how far it has come, browsers show it.
    if (length := zip_writing.length(entries)) is not None:
        headers["Content-Length"] = str(length)
    return StreamingResponse(
        zip_writing.zipped(_each(entries)), headers=headers, media_type="application/zip"
    )


async def _each(entries: Sequence[Entry]) -> AsyncIterator[Entry]:
    for entry in entries:
        yield entry


async def choose(request: Request, inside: Inside) -> Response:
    """Do what was asked with the documents that were chosen."""
    folder = await folders.folder(inside, request.path_params["folder_id"])
    form = await forms.read(request)
    chosen = set(form.numbers("document"))
    if not chosen:
        return await page(request, inside, folder, files=_("Choose one or more documents."))
    match form.text("act"):
        case "trash":
            return await _discarded(request, inside, folder, chosen)
        case "move":
            return await _moved(request, inside, folder, form, chosen)
        case _:
            limits = uploads.into_folder(request.app.state.settings)
            entries = await bundles.of_documents(inside, limits, folder.id, chosen)
            return _zip(inside, folder, entries)


async def _discarded(
    request: Request, inside: Inside, folder: Folder, chosen: set[int]
) -> Response:
    for one in sorted(chosen):
        await trash.put_document(inside, one)
    return see_other(request, address(inside, folder), "trashed")


async def _moved(
    request: Request, inside: Inside, folder: Folder, form: Form, chosen: set[int]
) -> Response:
    """Ask where to, or move them there."""
    inside.require(Act.FILE)
    to, errors = form.number("folder"), {}
    if to is not None:
        errors = await _move(inside, to, chosen)
        if not errors:
            return see_other(request, address(inside, folder), "saved")
    named = await inside.documents.filter(id__in=chosen, folder_id=folder.id)
    if not named:
        raise door.NotFound
    return inside_page(
        request,
        inside,
        "folders/moving.html",
        status=422 if errors else 200,
        folder=folder,
        here=address(inside, folder),
        way=await folders.way(inside, folder.id),
        places=await folder_lists.places(inside),
        documents=sorted(named, key=lambda one: one.name_key),
        chosen=to or folder.id,
        errors=errors,
    )


async def _move(inside: Inside, to: int, chosen: set[int]) -> dict[str, str]:
    """Move each; those that cannot be moved stay, and are told of."""
    troubles = []
    for one in sorted(chosen):
        try:
            await filing.move(inside, one, to)
        except Invalid as invalid:
            found = await inside.documents.get(id=one)
            troubles += [f"{found.name}: {text}" for text in invalid.errors.values()]
    return {"folder": " ".join(troubles)} if troubles else {}
