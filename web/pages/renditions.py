"""What versions look like: their pages as images."""

from starlette.requests import Request
from starlette.responses import Response

from forum import documents, previews, versions
from storage.door import Inside
from web import stored_files
from web.pages.documents import document_id


async def page(request: Request, inside: Inside) -> Response:
    """Return the image of a page."""
    document = await documents.document(inside, document_id(request))
    version = await versions.version(inside, document, int(request.path_params["number"]))
    found = await previews.page(inside, version.id, int(request.path_params["page"]))
    return await stored_files.answer(
        request,
        found.blob_id,
        # When a version is read anew its pages are other rows.
        tag=f"p{found.id}",
        media_type=found.media_type,
        at=version.created_at,
    )
