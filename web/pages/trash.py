"""The trash: documents put there."""

from starlette.requests import Request
from starlette.responses import Response

from forum import documents, trash
from forum import folders as tree
from storage.door import Inside
from storage.roles import Act
from web.flash import see_other
from web.pages import folders
from web.pages.documents import document_id


async def create(request: Request, inside: Inside) -> Response:
    """Put a document in the trash, and lead to the folder that it was in."""
    inside.require(Act.FILE)
    found = await documents.document(inside, document_id(request))
    await trash.put_document(inside, found.id)
    folder = await tree.folder(inside, found.folder_id)
    return see_other(request, folders.address(inside, folder), "trashed")
