"""What differs between two versions of a document, or between it and what was kept beside it."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, document_comparisons, document_history
from forum.document_history import Shown, VersionRow
from storage import door
from storage.door import Inside
from web.forms import Form
from web.pages.documents import document_id
from web.rendering import inside_page


async def show(request: Request, inside: Inside) -> Response:
    """Compare the version ``from`` with ``to``, or with the latest: also of another, ``beside``.

    Where nothing is asked for, the latest is compared with the one before it.
    """
    query = Form(list(request.query_params.multi_items()))
    shown = await document_history.shown(inside, document_id(request))
    before = shown.document.last_number - 1
    older = _there(shown, query.number("from") if "from" in query else before)
    beside_id = query.number("beside")
    other = await document_history.shown(inside, beside_id) if beside_id else shown
    latest = beside_id or "to" not in query
    newer = _there(other, other.document.last_number if latest else query.number("to"))
    same = older.id == newer.id
    return inside_page(
        request,
        inside,
        "documents/compare.html",
        shown=shown,
        other=other if beside_id else None,
        older=older,
        newer=newer,
        same=same,
        comparison=None if same else await document_comparisons.between(inside, older.id, newer.id),
        here=addresses.document(inside.network.slug, shown.document.id),
    )


def _there(shown: Shown, number: int | None) -> VersionRow:
    """Return a version that can be read. Raises NotFound."""
    version = shown.version(number or 0)
    if version is None or version.weeded:
        raise door.NotFound
    return version
