"""What became of an archive that one has had unpacked."""

from starlette.requests import Request
from starlette.responses import Response

from forum import folders, unpackings
from storage.door import Inside
from web.pages.folders import address
from web.rendering import inside_page


async def show(request: Request, inside: Inside) -> Response:
    """Show how far it has come, and in the end what was taken and what was not."""
    found = await unpackings.unpacking(inside, request.path_params["unpacking_id"])
    folder = await folders.folder(inside, found.folder_id)
    return inside_page(
        request,
        inside,
        "unpackings/show.html",
        unpacking=found,
        folder=folder,
        here=address(inside, folder),
        way=await folders.way(inside, folder.id),
        left=[line.partition("\t")[::2] for line in found.report.get("left", [])],
        renamed=[line.partition("\t")[::2] for line in found.report.get("renamed", [])],
        taken=found.report.get("taken", []),
    )
