"""Members of a network: the list, one of them, adding, changing, ending."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, directory, members, newcomers, organisations
from forum.language import gettext as _
from forum.refusals import Invalid
from storage import clock, door
from storage.door import Inside
from storage.networks import Function
from storage.roles import Act, Role
from web import forms
from web.flash import see_other
from web.forms import Form
from web.pages import profile
from web.rendering import inside_page


async def index(request: Request, inside: Inside) -> Response:
    """List the members with organisation and contact; coordinators see those of the past too."""
    manages = inside.may(Act.MANAGE_MEMBERS)
    return inside_page(
        request,
        inside,
        "members/index.html",
        members=await directory.members_of(inside, ended=manages),
        coverage=await organisations.coverage(inside),
    )


async def show(request: Request, inside: Inside) -> Response:
    """Show one member; to coordinators with a form."""
    return await _shown(request, inside)


async def _shown(
    request: Request,
    inside: Inside,
    form: Form | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    member = await directory.member(inside, request.path_params["membership_id"])
    return inside_page(
        request,
        inside,
        "members/show.html",
        status=422 if errors else 200,
        member=member,
        latest=await directory.latest_of(inside, member.person_id),
        organisations=await organisations.all_organisations(),
        functions=list(Function),
        roles=list(Role),
        chosen={
            "organisation": form.text("organisation") if form else member.organisation_id,
            "function": form.text("function") if form else member.function,
            "role": form.text("role") if form else member.role,
            "ends_on": form.text("ends_on") if form else member.ends_on or "",
        },
        errors=errors or {},
    )


async def picture(request: Request, inside: Inside) -> Response:
    """Return a member's picture. A guest, who may not list members, sees initials alone."""
    member = await directory.member(inside, request.path_params["membership_id"])
    return await profile.picture_of(request, member.picture)


async def new(request: Request, inside: Inside) -> Response:
    """Show the form that adds a member."""
    return await _form(request, inside, Form([]))


async def _form(
    request: Request, inside: Inside, form: Form, errors: dict[str, str] | None = None
) -> Response:
    inside.require(Act.MANAGE_MEMBERS)
    return inside_page(
        request,
        inside,
        "members/new.html",
        status=422 if errors else 200,
        form=form,
        organisations=await organisations.all_organisations(),
        functions=list(Function),
        roles=list(Role),
        errors=errors or {},
    )


async def create(request: Request, inside: Inside) -> Response:
    """Add a member; somebody without an account gets one."""
    inside.require(Act.MANAGE_MEMBERS)
    form = await forms.read(request)
    try:
        await newcomers.add(
            inside,
            form.text("person"),
            form.text("name"),
            await _organisation(form),
            function=form.choice("function", Function, Function.REPRESENTATIVE),
            role=form.choice("role", Role, Role.MEMBER),
            starts_on=form.day("starts_on") or clock.today(),
            ends_on=form.day("ends_on"),
        )
    except Invalid as invalid:
        return await _form(request, inside, form, invalid.errors)
    return see_other(request, addresses.members(inside.network.slug), "member-added")


async def update(request: Request, inside: Inside) -> Response:
    """Change what a member is here and until when."""
    inside.require(Act.MANAGE_MEMBERS)
    form = await forms.read(request)
    membership_id = request.path_params["membership_id"]
    if "role" not in form or form.choice("role", Role, None) is None:
        raise door.NotFound
    try:
        await members.change_member(
            inside,
            membership_id,
            organisation_id=await _organisation(form),
            function=form.choice("function", Function, Function.REPRESENTATIVE),
            role=form.choice("role", Role, Role.MEMBER),
            ends_on=form.day("ends_on"),
        )
    except Invalid as invalid:
        return await _shown(request, inside, form, invalid.errors)
    return see_other(request, addresses.members(inside.network.slug), "member-changed")


async def end(request: Request, inside: Inside) -> Response:
    """End a membership now."""
    inside.require(Act.MANAGE_MEMBERS)
    try:
        await members.end_member(inside, request.path_params["membership_id"])
    except Invalid as invalid:
        return await _shown(request, inside, errors=invalid.errors)
    # Who ended her own membership is no longer let in.
    there = addresses.members(inside.network.slug)
    if request.path_params["membership_id"] == inside.membership.id:
        there = "/"
    return see_other(request, there, "member-ended")


async def _organisation(form: Form) -> int:
    wanted = form.number("organisation")
    known = {one.id for one in await organisations.all_organisations()}
    if wanted not in known or wanted is None:
        raise Invalid(organisation=_("Choose an organisation."))
    return wanted
