"""Putting the files of a post into a folder."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, attachment_filing, folder_lists, folders
from forum.refusals import Invalid
from storage.door import Inside
from web import forms
from web.flash import see_other
from web.forms import Form
from web.pages.folders import address
from web.rendering import inside_page


async def new(request: Request, inside: Inside) -> Response:
    """Ask which files, and which folder."""
    return await _asked(request, inside)


async def _asked(
    request: Request, inside: Inside, form: Form | None = None, **errors: str
) -> Response:
    thread_id, number = request.path_params["thread_id"], request.path_params["number"]
    thread, _post, files = await attachment_filing.of_post(inside, thread_id, number)
    ids = [one.id for one in files]
    return inside_page(
        request,
        inside,
        "posts/filing.html",
        status=422 if errors else 200,
        thread=thread,
        number=number,
        there=addresses.permalink(inside.network.slug, thread_id, number),
        files=files,
        ticked=form.numbers("attachment") if form else ids,
        places=await folder_lists.places(inside),
        chosen=(form.number("folder") if form else None) or (await folders.root(inside)).id,
        errors=errors,
    )


async def create(request: Request, inside: Inside) -> Response:
    """Put them there, and lead to the folder."""
    form = await forms.read(request)
    folder = await folders.folder(inside, form.number("folder") or 0)
    try:
        await attachment_filing.file_attachments(
            inside,
            request.path_params["thread_id"],
            request.path_params["number"],
            form.numbers("attachment"),
            folder.id,
        )
    except Invalid as invalid:
        return await _asked(request, inside, form, **invalid.errors)
    return see_other(request, address(inside, folder), "filed")
