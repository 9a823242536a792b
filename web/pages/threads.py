"""Threads: lists of them, and writing a new one."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from forum import (
    addresses,
    areas,
    bodies,
    discussions,
    drafts,
    easy_writing,
    form_keys,
    listings,
    organisations,
    similar,
    unread,
)
from forum.drafts import Shown
from forum.listings import Filter
from forum.new_threads import NewThread
from forum.refusals import Invalid
from storage import door
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.forms import Form
from web.pages import asking, attachments, composing, easy
from web.pages.composing import FRESH, Returned, held_by
from web.rendering import inside_page


async def index(request: Request, inside: Inside) -> Response:
    """List the threads that a filter lets through, of one subject area or all."""
    query = Form(list(request.query_params.multi_items()))
    which = query.choice("show", Filter, Filter.ALL)
    every = await areas.areas_of(inside)
    area = next((one for one in every if one.id == query.number("area")), None)
    if "area" in query and query.text("area") and area is None:
        raise door.NotFound
    found = await listings.threads(
        inside, which, area_id=area.id if area else None, before=query.text("before") or None
    )
    return inside_page(
        request,
        inside,
        "threads/index.html",
        found=found,
        which=which,
        areas=every,
        area=area,
        counts=await unread.area_counts(inside),
    )


async def new(request: Request, inside: Inside) -> Response:
    """Show the form for a new thread of the kind that was asked for."""
    inside.require(Act.ASK)
    query = Form(list(request.query_params.multi_items()))
    kind = query.choice("kind", ThreadKind, ThreadKind.QUESTION)
    if kind == ThreadKind.NOTICE:
        inside.require(Act.NOTIFY)
    drafting = await drafts.shown(inside, drafts.NEW, query.text("draft"))
    if drafting.entries:
        begun = Form(drafting.entries)
        draft = _asked_for(begun)[0]
        return await _form(request, inside, draft, Returned(begun), drafting)
    draft = NewThread(kind=kind, title="", area_id=query.number("area"), body="")
    return await _form(request, inside, draft)


async def new_again(request: Request, inside: Inside, form: Form, returned: Returned) -> Response:
    """Show the form as it was filled in, with what is wrong with it."""
    return await _form(request, inside, _asked_for(form)[0], returned)


async def _form(
    request: Request,
    inside: Inside,
    draft: NewThread,
    returned: Returned = FRESH,
    drafting: Shown | None = None,
) -> Response:
    form = returned.form
    return inside_page(
        request,
        inside,
        easy.template(inside, draft, form, returned.errors),
        status=422 if returned.errors else 200,
        draft=draft,
        ends_on=form.text("ends_on") if form else "",
        asking=asking.shown(form, inside.membership),
        municipalities=await organisations.municipalities_of(inside),
        areas=await areas.areas_of(inside),
        alike=await similar.threads(inside, draft.title),
        drafting=drafting or await drafts.carried(inside, held_by(form), drafts.NEW),
        files=returned.files or await attachments.held(inside, form),
        **composing.context(request, inside, returned),
    )


async def create(request: Request, inside: Inside) -> Response:
    """Post the thread, show a preview of it, or say what is missing."""
    inside.require(Act.ASK)
    form = await forms.read(request)
    draft, errors = _asked_for(form)
    files = await attachments.chosen(request, inside, form)
    returned = Returned(form, files, files.errors)
    try:
        if "next" in form:
            named = await easy_writing.named(inside, draft)
            return await _form(request, inside, named, Returned(form, files))
        if "preview" in form:
            preview = await bodies.preview(inside, draft.body)
            return await _form(request, inside, draft, replace(returned, preview=preview))
        if files.choosing or files.errors:
            return await _form(request, inside, draft, returned)
        content = (repr(draft), files.signature)
        nonce = form_keys.nonce(form.text("form_key"), inside.network.slug, *content)
        wanted = replace(draft, files=files.ids, alts=files.alts, pictures=files.pictures)
        thread = await discussions.create_thread(inside, wanted, nonce, held_by(form))
    except Invalid as invalid:
        # A date that is none says so itself, rather than that there is no date.
        errors = invalid.errors | errors | files.errors
        return await _form(request, inside, draft, replace(returned, errors=errors))
    code = "asked" if thread.kind == ThreadKind.QUESTION else "posted"
    return see_other(request, addresses.thread(inside.network.slug, thread.id), code)


def _asked_for(form: Form) -> tuple[NewThread, dict[str, str]]:
    """Return what a form asks for, and what in it cannot be understood."""
    kind = form.choice("kind", ThreadKind, ThreadKind.QUESTION)
    beside, errors = asking.filled_in(form, kind)
    draft = NewThread(
        kind=kind,
        title=form.text("title"),
        area_id=form.number("area"),
        body=form.text("body"),
        short=form.text("short"),
        **beside,
    )
    return draft, errors
