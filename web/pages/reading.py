"""Reading a thread: a page of its posts, with the form for an answer below them."""

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import drafts, marks, organisations, places, reading, reminders, thread_states, wanted
from forum.organisations import Coverage
from forum.reading import ThreadView
from forum.thread_states import State
from storage import clock
from storage.discussions import Thread, ThreadKind
from storage.door import Inside
from web import conditional, cookies
from web.caches import Cache
from web.forms import Form
from web.pages import asking, attachments, composing
from web.pages.composing import FRESH, Returned, held_by
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
        quotation = await places.quotation(inside, thread_id, quoted) if quoted else ""
        return await thread_page(request, inside, thread_id, number=number, quotation=quotation)
    state = await thread_states.state(inside, thread_id)
    return await conditional.answer(
        request,
        (*conditional.frame(request, inside), state),
        lambda: thread_page(request, inside, thread_id, number=number, state=state),
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something else than an answer was refused, and the form it came in."""

    errors: dict[str, str] = field(default_factory=dict)
    form: Form | None = None


NOTHING_REFUSED = Refusal()


async def thread_page(
    request: Request,
    inside: Inside,
    thread_id: int,
    *,
    number: int = 1,
    quotation: str = "",
    answer: Returned = FRESH,
    refusal: Refusal = NOTHING_REFUSED,
    state: State | None = None,
) -> Response:
    """Show a page of a thread with the answer that came back, or what is quoted in a new one.

    ``state`` is the thread's, when it has been read already.
    """
    state = state or await thread_states.state(inside, thread_id)
    view = await reading.view(inside, thread_id, number)
    thread = view.thread
    question = thread.kind == ThreadKind.QUESTION
    may_decide = marks.may_mark(inside, thread.author_id)
    may_mark = question and may_decide
    cache: Cache = request.app.state.cache
    cache.hold_for(state.people)
    shown = await posts(cache, inside, view, people=state.people, may_mark=may_mark)
    return inside_page(
        request,
        inside,
        "threads/show.html",
        status=422 if answer.errors or refusal.errors else 200,
        pieces=(shown.opening, shown.replies),
        opening=SLOT,
        replies=SLOT,
        reading=view,
        thread=thread,
        may_mark=may_mark,
        may_decide=may_decide,
        coverage=await _answers(cache, inside, thread) if question else None,
        awaits_answers=reminders.awaits_answers(thread),
        wanted=await wanted.search(inside, thread) if wanted.is_wanted(thread) else None,
        again=asking.again(refusal.form, thread),
        today=clock.today(),
        refused=refusal.errors,
        **await _composer(request, inside, view, answer, quotation),
    )


async def _composer(
    request: Request, inside: Inside, view: ThreadView, answer: Returned, quotation: str
) -> dict[str, Any]:
    """Return what the form for an answer shows: the one that came back, or a draft of one."""
    form = answer.form
    place = drafts.for_reply(view.thread.id)
    drafting = drafts.carried(held_by(form), place)
    body = form.text("body") if form else quotation
    if view.draft_at and not form:
        drafting = await drafts.shown(inside, place, request.query_params.get("draft", ""))
        body = "\n\n".join(part for part in (drafting.body, quotation) if part)
    return {
        **composing.context(request, inside, answer),
        "body": body,
        "drafting": drafting,
        "files": answer.files or await attachments.held(inside, form or Form(drafting.entries)),
    }


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
