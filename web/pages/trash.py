"""The trash: what lies there, put there, and brought back."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, documents, trash, trash_lists
from forum import folders as tree
from storage.documents import Folder
from storage.door import Inside
from storage.roles import Act
from web.flash import see_other
from web.forms import Form
from web.pages import folders
from web.pages.documents import document_id
from web.rendering import inside_page


async def index(request: Request, inside: Inside) -> Response:
    """Show what lies there; to coordinators also what has been deleted for good."""
    query = Form(list(request.query_params.multi_items()))
    rows = await trash_lists.trashed(inside, query.number("before"))
    weeds = inside.may(Act.WEED)
    log = await trash_lists.weeded(inside, query.number("log_before")) if weeds else []
    return inside_page(
        request,
        inside,
        "trash/index.html",
        rows=rows,
        log=log,
        may_restore=inside.may(Act.FILE),
        may_weed=weeds,
        before=rows[-1].id if len(rows) == trash_lists.ON_PAGE else None,
        log_before=log[-1].id if len(log) == trash_lists.ON_PAGE else None,
    )


async def create(request: Request, inside: Inside) -> Response:
    """Put a document in the trash, and lead to the folder that it was in."""
    inside.require(Act.FILE)
    found = await documents.document(inside, document_id(request))
    await trash.put_document(inside, found.id)
    folder = await tree.folder(inside, found.folder_id)
    return see_other(request, folders.address(inside, folder), "trashed")


async def restore(request: Request, inside: Inside) -> Response:
    """Bring something back, and lead there."""
    found = await trash.restore(inside, request.path_params["trash_id"])
    if isinstance(found, Folder):
        there = folders.address(inside, found)
    else:
        there = addresses.document(inside.network.slug, found.id)
    return see_other(request, there, "untrashed")
