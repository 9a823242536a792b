"""Publishing a document outside the networks: written about, looked at, published, withdrawn."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, documents, network_publications, organisations, publications, uploads
from forum.publication_copies import Copy, Page, copy_of, page_of
from forum.publication_pages import headed
from forum.publication_wording import Wording, begun, checked, file_name
from forum.publications import Candidate, NotAdopted
from forum.refusals import Invalid
from storage.door import Inside
from storage.people import Language
from web import forms
from web.flash import see_other
from web.forms import Form
from web.rendering import inside_page

#: Below the heading of what is looked at, the publication's own is h3.
_LOOKED_AT = 4


async def index(request: Request, inside: Inside) -> Response:
    """Show what is public of the network, since when, by whom, and what was withdrawn."""
    every = await network_publications.published(inside)
    return inside_page(
        request,
        inside,
        "publications/in_network.html",
        standing=[one for one in every if one.withdrawn_at is None],
        withdrawn=[one for one in every if one.withdrawn_at is not None],
    )


async def new(request: Request, inside: Inside) -> Response:
    """Ask what is to stand on the public page; of a draft, say what comes first."""
    try:
        found = await publications.candidate(inside, request.path_params["document_id"])
    except NotAdopted:
        return await _draft(request, inside)
    return await _form(request, inside, found, begun(inside, found.document, found.published))


async def _draft(request: Request, inside: Inside, status: int = 200) -> Response:
    document = await documents.document(inside, request.path_params["document_id"])
    return inside_page(request, inside, "publications/draft.html", status=status, document=document)


async def _form(
    request: Request,
    inside: Inside,
    found: Candidate,
    wording: Wording,
    errors: dict[str, str] | None = None,
) -> Response:
    return inside_page(
        request,
        inside,
        "publications/form.html",
        status=422 if errors else 200,
        found=found,
        wording=wording,
        languages=list(Language),
        organisations=await organisations.all_organisations(),
        errors=errors or {},
    )


async def create(request: Request, inside: Inside) -> Response:
    """Show what becomes public, then publish what was shown."""
    form = await forms.read(request)
    try:
        found = await publications.candidate(inside, request.path_params["document_id"])
    except NotAdopted:
        return await _draft(request, inside, 422)
    wording = _wording(form)
    try:
        if "change" in form:
            return await _form(request, inside, found, wording)
        if "publish" in form:
            return await _publish(request, inside, form, found, wording)
        return await _look(request, inside, found, wording)
    except Invalid as invalid:
        return await _form(request, inside, found, wording, invalid.errors)


def _wording(form: Form) -> Wording:
    return Wording(
        title=form.text("title"),
        summary=form.text("summary"),
        slug=form.text("slug"),
        language=form.choice("language", Language, Language.SWEDISH),
        owner_id=form.number("owner") or 0,
        contact=form.text("contact"),
        accessible=form.text("accessible") == "yes",
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """What somebody looks at: the copy and the page, and what she has ticked of what is left."""

    copy: Copy
    page: Page
    ticked: frozenset[str] = frozenset()
    errors: dict[str, str] = field(default_factory=dict)


async def _look(
    request: Request,
    inside: Inside,
    found: Candidate,
    wording: Wording,
    errors: dict[str, str] | None = None,
) -> Response:
    """Make the copy, and show it. Raises Invalid for what cannot be published as it is."""
    tidy = await checked(wording, found.published)
    await uploads.count(inside.person)
    store = uploads.limits(request.app.state.settings).store
    page = await page_of(inside, found.version, tidy.language)
    copy = await copy_of(inside, store, found.version, page, tidy.title)
    return await _looked_at(request, inside, found, tidy, Looked(copy, page, errors=errors or {}))


async def _looked_at(
    request: Request, inside: Inside, found: Candidate, wording: Wording, looked: Looked
) -> Response:
    owner = await organisations.by_id(wording.owner_id)
    return inside_page(
        request,
        inside,
        "publications/look.html",
        status=422 if looked.errors else 200,
        found=found,
        wording=wording,
        owner=owner.name if owner else "",
        looked=looked,
        html=headed(looked.page.html, _LOOKED_AT),
        name=file_name(wording.title, looked.copy.suffix),
        sealed=await looked.copy.sealed(inside),
        public_address=request.app.state.settings.base_url + addresses.public(wording.slug),
        published_on=publications.day_of(found.published, found.version.number),
        errors=looked.errors,
    )


async def _publish(
    request: Request, inside: Inside, form: Form, found: Candidate, wording: Wording
) -> Response:
    copy = await Copy.opened(inside, form.text("copy"))
    page = await page_of(inside, found.version, wording.language)
    if copy is None or copy.document_id != found.document.id:
        return await _look(request, inside, found, wording, publications.look_again())
    ticked = frozenset(form.all("left"))
    try:
        row = await publications.publish(
            inside,
            wording,
            copy,
            page,
            based_on=form.number("based_on") or 0,
            accepted=ticked,
        )
    except Invalid as invalid:
        if "look" in invalid.errors:
            return await _look(request, inside, found, wording, invalid.errors)
        if "left" in invalid.errors:
            looked = Looked(copy, page, ticked, invalid.errors)
            return await _looked_at(request, inside, found, wording, looked)
        raise
    return see_other(request, addresses.public(row.slug), "published")


async def withdrawal(request: Request, inside: Inside) -> Response:
    """Ask why, and say what happens."""
    return await _withdrawal(request, inside, "", {})


async def _withdrawal(
    request: Request, inside: Inside, reason: str, errors: dict[str, str]
) -> Response:
    return inside_page(
        request,
        inside,
        "publications/withdrawal.html",
        status=422 if errors else 200,
        publication=await publications.publication(inside, request.path_params["publication_id"]),
        reason=reason,
        errors=errors,
    )


async def withdraw(request: Request, inside: Inside) -> Response:
    """Take a publication back."""
    reason = (await forms.read(request)).text("reason")
    try:
        await publications.withdraw(inside, request.path_params["publication_id"], reason)
    except Invalid as invalid:
        return await _withdrawal(request, inside, reason, invalid.errors)
    return see_other(request, addresses.publications(inside.network.slug), "withdrawn")
