"""What a network is called, and whether it is archived."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, networks
from forum.refusals import Invalid
from storage.door import Inside
from storage.networks import NetworkState
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.rendering import inside_page


async def show(request: Request, inside: Inside) -> Response:
    """Show the form."""
    inside.require(Act.MANAGE_NETWORK)
    archived = inside.network.state == NetworkState.ARCHIVED
    return _form(request, inside, inside.network.name, inside.network.description, archived)


def _form(
    request: Request,
    inside: Inside,
    name: str,
    description: str,
    archived: bool,
    errors: dict[str, str] | None = None,
) -> Response:
    return inside_page(
        request,
        inside,
        "networks/settings.html",
        status=422 if errors else 200,
        name=name,
        description=description,
        archived=archived,
        errors=errors or {},
    )


async def update(request: Request, inside: Inside) -> Response:
    """Save it."""
    inside.require(Act.MANAGE_NETWORK)
    form = await forms.read(request)
    name, description = form.text("name"), form.text("description")
    archived = form.text("archived") == "yes"
    try:
        await networks.change_network(inside, name=name, description=description, archived=archived)
    except Invalid as invalid:
        return _form(request, inside, name, description, archived, invalid.errors)
    return see_other(request, addresses.network_settings(inside.network.slug), "saved")
