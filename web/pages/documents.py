"""A document's page, and what is said of the document."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from forum import (
    addresses,
    document_history,
    document_names,
    documents,
    filing,
    folders,
    network_states,
    organisations,
    previews,
    publications,
    terms,
)
from forum.document_history import Shown, VersionRow
from forum.filing import Described
from forum.refusals import Invalid
from storage import clock, door
from storage.documents import Document, DocumentKind
from storage.door import Inside
from storage.people import View
from storage.roles import Act, Role
from web import conditional, flash, forms
from web.flash import see_other
from web.forms import Form
from web.rendering import inside_page

#: Terms that a document can be given: the next one, and those of twenty years.
TERMS = range(1, -41, -1)


async def show(request: Request, inside: Inside) -> Response:
    """Show the version that others go by."""
    return await answer(request, inside, document_id(request))


def document_id(request: Request) -> int:
    """Return the number of the document that the address is of."""
    return int(request.path_params["document_id"])


async def answer(
    request: Request, inside: Inside, document_id: int, number: int | None = None
) -> Response:
    """Show a document by the version with this number, or by the one that others go by."""
    if flash.code(request):
        # What is shown only once is never the same page again.
        return await document_page(request, inside, document_id, number)
    state = await network_states.with_document(inside, document_id)
    return await conditional.answer(
        request,
        (*conditional.frame(request, inside), state),
        lambda: document_page(request, inside, document_id, number),
    )


async def document_page(
    request: Request,
    inside: Inside,
    document_id: int,
    number: int | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    """Return the page; ``errors`` are those of a form on it. Raises NotFound."""
    shown = await document_history.shown(inside, document_id)
    version = shown.current if number is None else shown.version(number)
    if number is not None and version is None:
        raise door.NotFound
    slug = inside.network.slug
    here = addresses.document(slug, document_id)
    there = addresses.version(slug, document_id, version.number) if version else here
    return inside_page(
        request,
        inside,
        "documents/show.html",
        status=422 if errors else 200,
        shown=shown,
        version=version,
        preview=await previews.preview(inside, version.id) if version else previews.NOTHING,
        here=here,
        there=there,
        address=here if number is None else there,
        folder=addresses.folder(slug, shown.document.folder_id),
        as_text=request.query_params.get("as") == "text" or inside.person.view == View.EASY,
        published=await publications.standing(inside, document_id),
        **_may(inside, shown, version),
        errors=errors or {},
    )


def _may(inside: Inside, shown: Shown, version: VersionRow | None) -> dict[str, bool]:
    """Return what the reader may do, and know, by the template's names."""
    coordinates = inside.role == Role.COORDINATOR
    return {
        "may_file": inside.may(Act.FILE),
        "may_adopt": inside.may(Act.ADOPT),
        "may_lift": inside.may(Act.FILE) and coordinates,
        "mine": shown.editor is not None and shown.editor.id == inside.person.id,
        "warned": coordinates or (version is not None and version.person_id == inside.person.id),
    }


@dataclass(frozen=True, slots=True)
class Filled:
    """What the fields of the form hold."""

    name: str
    kind: str
    term: str
    held_on: str
    description: str
    keywords: str
    organisation: str
    record_number: str


async def edit(request: Request, inside: Inside) -> Response:
    """Show the form with what is said of the document now."""
    inside.require(Act.FILE)
    found = await documents.document(inside, document_id(request))
    filled = Filled(
        name=document_names.split(found.name)[0],
        kind=str(found.kind),
        term=found.term,
        held_on=found.held_on.isoformat() if found.held_on else "",
        description=found.description,
        keywords=found.keywords,
        organisation=str(found.organisation_id),
        record_number=found.record_number,
    )
    return await _form(request, inside, found, filled, {})


async def update(request: Request, inside: Inside) -> Response:
    """Save what is said of the document."""
    inside.require(Act.FILE)
    found = await documents.document(inside, document_id(request))
    form = await forms.read(request)
    try:
        await filing.describe(inside, found.id, _name(form, found), _described(form))
    except Invalid as invalid:
        filled = Filled(**{name: form.text(name) for name in Filled.__dataclass_fields__})
        return await _form(request, inside, found, filled, invalid.errors)
    return see_other(request, addresses.document(inside.network.slug, found.id), "described")


def _name(form: Form, found: Document) -> str:
    """Return the whole name: the ending stays, whether she has written it or not."""
    _stem, ending = document_names.split(found.name)
    name = form.text("name").strip()
    return name if not name or name.casefold().endswith(ending.casefold()) else name + ending


def _described(form: Form) -> Described:
    return Described(
        kind=form.choice("kind", DocumentKind, DocumentKind.OTHER),
        term=form.text("term"),
        held_on=form.day("held_on"),
        description=form.text("description"),
        keywords=form.text("keywords"),
        organisation_id=form.number("organisation"),
        record_number=form.text("record_number"),
    )


async def _form(
    request: Request, inside: Inside, found: Document, filled: Filled, errors: dict[str, str]
) -> Response:
    return inside_page(
        request,
        inside,
        "documents/edit.html",
        status=422 if errors else 200,
        document=found,
        way=await folders.way(inside, found.folder_id),
        here=addresses.document(inside.network.slug, found.id),
        ending=document_names.split(found.name)[1],
        filled=filled,
        kinds=list(DocumentKind),
        terms=_terms(found.term),
        organisations=await organisations.all_organisations(),
        errors=errors,
    )


def _terms(present: str) -> list[tuple[str, str]]:
    """Return the terms to choose from, the latest first, with the one that it has."""
    now = terms.of(clock.today())
    among = {now.moved(steps) for steps in TERMS}
    if own := terms.parse(present) if present else None:
        among.add(own)
    return [(one.stored, one.shown) for one in sorted(among, reverse=True)]
