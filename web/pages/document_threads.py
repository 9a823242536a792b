"""The thread about a document."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, areas, document_history, document_threads, form_keys
from forum.new_threads import NewThread
from forum.refusals import Invalid
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.forms import Form
from web.pages import composing
from web.pages.composing import Returned
from web.pages.documents import document_id
from web.rendering import inside_page

#: What a thread about a document can be.
KINDS = (ThreadKind.QUESTION, ThreadKind.DISCUSSION)


async def new(request: Request, inside: Inside) -> Response:
    """Show the form for a thread about the document, and for one that there is already."""
    return await _form(request, inside, None, {})


async def create(request: Request, inside: Inside) -> Response:
    """Begin the thread and lead to it, or show one that there is with the document."""
    inside.require(Act.FILE)
    form, which = await forms.read(request), document_id(request)
    slug = inside.network.slug
    try:
        if "address" in form:
            await document_threads.attach(inside, which, form.text("address"))
            return see_other(request, addresses.document(slug, which), "talked")
        kind = form.choice("kind", ThreadKind, ThreadKind.QUESTION)
        wanted = NewThread(
            kind=kind if kind in KINDS else ThreadKind.QUESTION,
            title=form.text("title"),
            area_id=form.number("area"),
            body=form.text("body"),
        )
        content = (str(which), repr(wanted))
        nonce = form_keys.nonce(form.text("form_key"), slug, *content)
        thread = await document_threads.begin(inside, which, wanted, nonce)
    except Invalid as invalid:
        return await _form(request, inside, form, invalid.errors)
    code = "asked" if thread.kind == ThreadKind.QUESTION else "posted"
    return see_other(request, addresses.thread(slug, thread.id), code)


async def _form(
    request: Request, inside: Inside, form: Form | None, errors: dict[str, str]
) -> Response:
    inside.require(Act.FILE)
    shown = await document_history.shown(inside, document_id(request))
    return inside_page(
        request,
        inside,
        "documents/thread.html",
        status=422 if errors else 200,
        shown=shown,
        here=addresses.document(inside.network.slug, shown.document.id),
        areas=await areas.areas_of(inside),
        kinds=KINDS,
        form_sent=form or Form([]),
        **composing.context(request, inside, Returned(form, errors=errors)),
    )
