"""What an operator does: create networks and name their coordinators, without reading them."""

from starlette.requests import Request
from starlette.responses import Response

from forum import networks, organisations, people, quotas
from forum.language import gettext as _
from forum.refusals import Invalid
from storage import door
from storage.networks import Network, NetworkKind
from storage.organisations import Organisation
from storage.people import Person
from web import forms
from web.authentication import me
from web.flash import see_other
from web.forms import Form
from web.rendering import page


def _operator(request: Request) -> Person:
    """Others are told that there is no such page."""
    person = me(request).person
    if not person.operator:
        raise door.NotFound
    return person


async def index(request: Request) -> Response:
    """List every network by name, kind and state; nothing from within."""
    operator = _operator(request)
    return page(request, "operator/index.html", networks=await networks.every(operator))


async def new(request: Request) -> Response:
    """Show the form for a new network."""
    _operator(request)
    return await _form(request, Form([]))


async def _form(request: Request, form: Form, errors: dict[str, str] | None = None) -> Response:
    return page(
        request,
        "operator/new.html",
        status=422 if errors else 200,
        form=form,
        kinds=list(NetworkKind),
        organisations=await organisations.all_organisations(),
        networks=await networks.every(_operator(request)),
        errors=errors or {},
    )


async def create(request: Request) -> Response:
    """Create the network with its first coordinator."""
    operator = _operator(request)
    form = await forms.read(request)
    try:
        coordinator, organisation = await _named(form)
        parent = form.number("parent")
        if parent is not None and await networks.by_id(operator, parent) is None:
            raise Invalid(parent=_("Choose a network from the list."))
        await networks.create_network(
            operator,
            form.text("name"),
            coordinator,
            organisation,
            kind=form.choice("kind", NetworkKind, NetworkKind.NETWORK),
            description=form.text("description"),
            slug=form.text("slug"),
            parent_id=parent,
        )
    except Invalid as invalid:
        return await _form(request, form, invalid.errors)
    return see_other(request, "/operator/networks", "network-created")


async def coordinators(request: Request) -> Response:
    """Show the form that names a coordinator."""
    _operator(request)
    return await _coordinator_form(request, Form([]))


async def _coordinator_form(
    request: Request, form: Form, errors: dict[str, str] | None = None
) -> Response:
    return page(
        request,
        "operator/coordinators.html",
        status=422 if errors else 200,
        form=form,
        named=await _network(request),
        organisations=await organisations.all_organisations(),
        errors=errors or {},
    )


async def name_coordinator(request: Request) -> Response:
    """Name the coordinator."""
    operator = _operator(request)
    form = await forms.read(request)
    network = await _network(request)
    try:
        person, organisation = await _named(form)
        await networks.name_coordinator(operator, network, person, organisation)
    except Invalid as invalid:
        return await _coordinator_form(request, form, invalid.errors)
    return see_other(request, "/operator/networks", "coordinator-named")


async def quota(request: Request) -> Response:
    """Show how much a network keeps, and the form that says how much it may."""
    return await _quota_form(request)


async def _quota_form(
    request: Request, form: Form | None = None, errors: dict[str, str] | None = None
) -> Response:
    named = await _network(request)
    room = await quotas.of_network(_operator(request), named)
    limit = f"{room.limit / quotas.GIGABYTE:g}" if room.limit is not None else ""
    return page(
        request,
        "operator/quota.html",
        status=422 if errors else 200,
        named=named,
        room=room,
        gigabytes=form.text("gigabytes") if form else limit,
        errors=errors or {},
    )


async def set_quota(request: Request) -> Response:
    """Say how much a network may keep."""
    form = await forms.read(request)
    try:
        await quotas.set_limit(_operator(request), await _network(request), form.text("gigabytes"))
    except Invalid as invalid:
        return await _quota_form(request, form, invalid.errors)
    return see_other(request, "/operator/networks", "saved")


async def _network(request: Request) -> Network:
    found = await networks.by_id(_operator(request), request.path_params["network_id"])
    if found is None:
        raise door.NotFound
    return found


async def _named(form: Form) -> tuple[Person, Organisation]:
    """The person and the organisation that the form names; every trouble is told at once."""
    person = await people.find(form.text("person"))
    organisation = await organisations.by_id(form.number("organisation") or 0)
    errors = {}
    if person is None:
        errors["person"] = _("Nobody has this name or e-mail address. Check the spelling.")
    if organisation is None:
        errors["organisation"] = _("Choose an organisation.")
    if person is None or organisation is None:
        raise Invalid(**errors)
    return person, organisation
