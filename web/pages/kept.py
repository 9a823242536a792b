"""What one had written when one's session ended."""

from starlette.requests import Request
from starlette.responses import Response

from forum import kept_forms, places
from forum.file_names import cleaned
from storage import door
from web.authentication import me
from web.rendering import page

_NOT_HIDDEN = (*kept_forms.WRITTEN, *kept_forms.PRESSED, kept_forms.LOST_FILE, "kept")


async def show(request: Request) -> Response:
    """Show the texts again, ready to be sent; they are kept until they have been."""
    token = request.path_params["token"]
    found = await kept_forms.find(me(request).person, token)
    if found is None:
        raise door.NotFound
    path, entries = found
    return page(
        request,
        "kept/show.html",
        path=path,
        place=await places.leading_to(me(request).person, path),
        token=token,
        shown=[entry for entry in entries if entry[0] in kept_forms.WRITTEN],
        hidden=[entry for entry in entries if entry[0] not in _NOT_HIDDEN],
        lost=[cleaned(value) for name, value in entries if name == kept_forms.LOST_FILE],
    )
