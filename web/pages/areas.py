"""The subject areas of a network, as coordinators edit them."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, areas, unread
from forum.refusals import Invalid
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.rendering import inside_page


async def index(request: Request, inside: Inside) -> Response:
    """Show the areas in order, each with its form."""
    return await _shown(request, inside)


async def _shown(
    request: Request,
    inside: Inside,
    errors: dict[str, str] | None = None,
    *,
    wrong: int = 0,
    name: str | None = None,
    description: str | None = None,
) -> Response:
    """``wrong`` is the area whose form had an error, 0 that of a new one.

    ``name`` and ``description`` are what had been typed in it.
    """
    inside.require(Act.MANAGE_AREAS)
    return inside_page(
        request,
        inside,
        "areas/index.html",
        status=422 if errors else 200,
        areas=await areas.areas_of(inside),
        counts=await unread.area_counts(inside),
        errors=errors or {},
        wrong=wrong,
        name=name,
        description=description,
    )


async def create(request: Request, inside: Inside) -> Response:
    """Add an area, last."""
    form = await forms.read(request)
    name, description = form.text("name"), form.text("description")
    try:
        await areas.add_area(inside, name, description)
    except Invalid as invalid:
        return await _shown(request, inside, invalid.errors, name=name, description=description)
    return _back(request, inside)


async def update(request: Request, inside: Inside) -> Response:
    """Rename or describe an area."""
    form = await forms.read(request)
    area_id = request.path_params["area_id"]
    name, description = form.text("name"), form.text("description")
    try:
        await areas.change_area(inside, area_id, name=name, description=description)
    except Invalid as invalid:
        return await _shown(
            request, inside, invalid.errors, wrong=area_id, name=name, description=description
        )
    return _back(request, inside)


async def move(request: Request, inside: Inside) -> Response:
    """Move an area up or down."""
    form = await forms.read(request)
    steps = -1 if form.text("direction") == "up" else 1
    await areas.move_area(inside, request.path_params["area_id"], steps)
    return _back(request, inside)


async def remove(request: Request, inside: Inside) -> Response:
    """Remove an area that has no threads."""
    area_id = request.path_params["area_id"]
    try:
        await areas.remove_area(inside, area_id)
    except Invalid as invalid:
        return await _shown(request, inside, invalid.errors, wrong=area_id)
    return _back(request, inside, "area-removed")


def _back(request: Request, inside: Inside, code: str = "saved") -> Response:
    return see_other(request, addresses.areas(inside.network.slug), code)
