"""Threads: lists of them, writing a new one, reading one."""

from dataclasses import replace
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import (
    bodies,
    discussions,
    drafts,
    easy_writing,
    form_keys,
    listings,
    marks,
    networks,
    organisations,
    places,
    reading,
    reminders,
    similar,
    thread_states,
    wanted,
)
from forum.discussions import NewThread
from forum.drafts import Shown
from forum.listings import Filter
from forum.organisations import Coverage
from forum.refusals import Invalid
from forum.thread_states import State
from storage import clock, door
from storage.discussions import Thread, ThreadKind
from storage.door import Inside
from storage.roles import Act
from web import conditional, cookies, forms
from web.caches import Cache
from web.composing import held_by
from web.flash import see_other
from web.forms import Form
from web.pages import asking, attachments, easy
from web.pages.attachments import Chosen
from web.posts import posts
from web.rendering import SLOT, inside_page


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
    return see_other(request, f"/n/{inside.network.slug}/threads/{thread.id}", code)


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


async def show(request: Request, inside: Inside) -> Response:
    """Show a page of a thread, with the form for an answer below it."""
    query = Form(list(request.query_params.multi_items()))
    quoted = query.number("quote")
    thread_id = request.path_params["thread_id"]
    # What is no number is no page either.
    number = query.number("page") or 0 if query.text("page") else 1
    if quoted or cookies.get(request, "flash"):
        # What is shown only once is never the same page again.
        body = await places.quotation(inside, thread_id, quoted) if quoted else ""
        return await thread_page(request, inside, thread_id, number=number, body=body)
    state = await thread_states.state(inside, thread_id)
    return await conditional.answer(
        request,
        (*conditional.frame(request, inside), state),
        lambda: thread_page(request, inside, thread_id, number=number, state=state),
    )


async def thread_page(
    request: Request,
    inside: Inside,
    thread_id: int,
    *,
    number: int = 1,
    body: str = "",
    form: Form | None = None,
    errors: dict[str, str] | None = None,
    preview: str | None = None,
    refused: dict[str, str] | None = None,
    again: Form | None = None,
    files: Chosen | None = None,
    state: State | None = None,
) -> Response:
    """Show a page of a thread with what was being answered.

    ``refused`` is why something else than an answer was, ``again`` the form for looking again.
    """
    state = state or await thread_states.state(inside, thread_id)
    view = await reading.view(inside, thread_id, number)
    question = view.thread.kind == ThreadKind.QUESTION
    keys = request.app.state.form_keys
    key = form.text("form_key") if form else ""
    place = drafts.for_reply(thread_id)
    drafting = drafts.carried(held_by(form) if form else None, place)
    if view.draft_at and not form:
        drafting = await drafts.shown(inside, place, request.query_params.get("draft", ""))
        body = "\n\n".join(part for part in (drafting.body, body) if part)
    may_mark = question and marks.may_mark(inside, view.thread.author_id)
    cache: Cache = request.app.state.cache
    shown = await posts(cache, inside, view, people=state.people, may_mark=may_mark)
    return inside_page(
        request,
        inside,
        "threads/show.html",
        status=422 if errors or refused else 200,
        pieces=(shown.opening, shown.replies),
        opening=SLOT,
        replies=SLOT,
        reading=view,
        thread=view.thread,
        may_mark=may_mark,
        may_decide=marks.may_mark(inside, view.thread.author_id),
        coverage=await _answers(cache, inside, view.thread) if question else None,
        awaits_answers=reminders.awaits_answers(view.thread),
        wanted=await wanted.search(inside, view.thread) if wanted.is_wanted(view.thread) else None,
        again=asking.again(again, view.thread),
        today=clock.today(),
        refused=refused or {},
        body=body,
        errors=errors or {},
        preview=preview,
        form_key=key if keys.owner(key) == inside.person.id else keys.mint(inside.person),
        kept=form.text("kept") if form else "",
        drafting=drafting,
        files=files or await attachments.held(inside, form or Form(drafting.entries)),
    )


async def _answers(cache: Cache, inside: Inside, thread: Thread) -> Coverage:
    """Count who has answered once for all who look, until the thread or its network changes."""
    key = ("answers", thread.id, thread.version, inside.network.arrangement)
    found = cache.get(key, Coverage)
    if found is None:
        found = await organisations.answers(inside, thread)
        cache.put(key, found)
    return found


async def post(request: Request, inside: Inside) -> Response:
    """Lead from a post's permanent address to its place."""
    thread_id, number = request.path_params["thread_id"], request.path_params["number"]
    return RedirectResponse(await places.place(inside, thread_id, number), 303)
