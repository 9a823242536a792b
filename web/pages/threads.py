"""Threads: lists of them, and writing a new one."""

from dataclasses import replace
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from forum import (
    addresses,
    bodies,
    discussions,
    drafts,
    easy_writing,
    form_keys,
    listings,
    networks,
    organisations,
    similar,
)
from forum.discussions import NewThread
from forum.drafts import Shown
from forum.listings import Filter
from forum.refusals import Invalid
from storage import door
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.composing import held_by
from web.flash import see_other
from web.forms import Form
from web.pages import asking, attachments, easy
from web.pages.attachments import Chosen
from web.rendering import inside_page


async def index(request: Request, inside: Inside) -> Response:
    """List threads: all, unanswered or mine, of one area or all."""
    query = Form(list(request.query_params.multi_items()))
    which = query.choice("show", Filter, Filter.ALL)
    areas = await networks.areas_of(inside)
    area = next((one for one in areas if one.id == query.number("area")), None)
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
        areas=areas,
        area=area,
        counts=await listings.area_counts(inside),
    )


async def new(request: Request, inside: Inside) -> Response:
    """Show the form for a new question, discussion or notice."""
    inside.require(Act.ASK)
    query = Form(list(request.query_params.multi_items()))
    kind = query.choice("kind", ThreadKind, ThreadKind.QUESTION)
    if kind == ThreadKind.NOTICE:
        inside.require(Act.NOTIFY)
    drafting = await drafts.shown(inside, drafts.NEW, query.text("draft"))
    if drafting.entries:
        begun = Form(drafting.entries)
        return await _form(request, inside, _asked_for(begun)[0], form=begun, drafting=drafting)
    draft = NewThread(kind=kind, title="", area_id=query.number("area"), body="")
    return await _form(request, inside, draft)


async def new_again(
    request: Request, inside: Inside, form: Form, errors: dict[str, str]
) -> Response:
    """Show the form as it was filled in, with what is wrong with it."""
    return await _form(request, inside, _asked_for(form)[0], errors=errors, form=form)


async def _form(
    request: Request,
    inside: Inside,
    draft: NewThread,
    *,
    errors: dict[str, str] | None = None,
    preview: str | None = None,
    form: Form | None = None,
    drafting: Shown | None = None,
    files: Chosen | None = None,
) -> Response:
    # A form that comes back with an error keeps its key: sent twice, it is still one post.
    key = form.text("form_key") if form else ""
    keys = request.app.state.form_keys
    return inside_page(
        request,
        inside,
        easy.template(inside, draft, form, errors or {}),
        status=422 if errors else 200,
        draft=draft,
        ends_on=form.text("ends_on") if form else "",
        asking=asking.shown(form, inside.membership),
        municipalities=await organisations.municipalities_of(inside),
        areas=await networks.areas_of(inside),
        alike=await similar.threads(inside, draft.title),
        errors=errors or {},
        preview=preview,
        form_key=key if keys.owner(key) == inside.person.id else keys.mint(inside.person),
        kept=form.text("kept") if form else "",
        drafting=drafting or drafts.carried(held_by(form) if form else None, drafts.NEW),
        files=files or await attachments.held(inside, form),
    )


async def create(request: Request, inside: Inside) -> Response:
    """Post the thread, show a preview of it, or say what is missing."""
    inside.require(Act.ASK)
    form = await forms.read(request)
    draft, errors = _asked_for(form)
    files = await attachments.chosen(request, inside, form)
    again = partial(_form, request, inside, draft, form=form, files=files)
    try:
        if "next" in form:
            named = await easy_writing.named(inside, draft)
            return await _form(request, inside, named, form=form, files=files)
        if "preview" in form:
            shown = await bodies.preview(inside, draft.body)
            return await again(preview=shown, errors=files.errors)
        if files.choosing or files.errors:
            return await again(errors=files.errors)
        content = (repr(draft), files.signature)
        nonce = form_keys.nonce(form.text("form_key"), inside.network.slug, *content)
        wanted_thread = replace(draft, files=files.ids, alts=files.alts, pictures=files.pictures)
        thread = await discussions.create_thread(inside, wanted_thread, nonce, held_by(form))
    except Invalid as invalid:
        # A date that is none says so itself, rather than that there is no date.
        return await again(errors=invalid.errors | errors | files.errors)
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
