"""Reading a thread: a page of its posts, with the form for an answer below them."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import drafts, marks, organisations, places, reading, reminders, thread_states, wanted
from forum.organisations import Coverage
from forum.thread_states import State
from storage import clock
from storage.discussions import Thread, ThreadKind
from storage.door import Inside
from web import conditional, cookies
from web.caches import Cache
from web.composing import held_by
from web.forms import Form
from web.pages import asking, attachments
from web.pages.attachments import Chosen
from web.posts import posts
from web.rendering import SLOT, inside_page


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
