"""Reading a thread: a page of its posts, with the form for an answer below them."""

from dataclasses import dataclass, field

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import (
    addresses,
    marks,
    organisations,
    places,
    reading,
    reminders,
    thread_states,
    wanted,
)
from forum.organisations import Coverage, Municipality
from forum.reading import ThreadView
from forum.thread_states import State
from storage import clock
from storage.discussions import Thread, ThreadKind
from storage.door import Inside
from web import conditional, cookies, thread_words
from web.caches import Cache
from web.forms import Form
from web.jinja import rendered
from web.pages import answering, asking
from web.pages.composing import FRESH, Returned
from web.posts import posts
from web.rendering import SLOT, filled_page
from web.stencils import NONE, yes


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
    may_mark = question and marks.may_mark(inside, thread.author_id)
    cache: Cache = request.app.state.cache
    cache.hold_for(state.people)
    # A coordinator, who marks seldom, finds it among what is seldom done.
    asks = may_mark and thread.author_id == inside.person.id
    shown = await posts(cache, inside, view, people=state.people, asks=asks)
    coverage = await _answers(cache, inside, thread, state.people) if question else None
    words = thread_words.words_of(inside, view, coverage) | {
        "opening": SLOT,
        "replies": SLOT,
        "may_mark": yes(may_mark),
        "under": await _under(inside, view, coverage, refusal, may_mark=may_mark),
        **await answering.words_of(request, inside, view, answer, quotation),
    }
    return filled_page(
        request,
        inside,
        "threads/show.html",
        "thread",
        words,
        status=422 if answer.errors or refusal.errors else 200,
        pieces=(shown.opening, shown.replies),
    )


async def _under(
    inside: Inside,
    view: ThreadView,
    coverage: Coverage | None,
    refusal: Refusal,
    *,
    may_mark: bool,
) -> Markup:
    """Return what stands under the thread's own text, which most threads have nothing of."""
    thread, looks = view.thread, wanted.is_wanted(view.thread)
    summarised = thread.summary_html or (may_mark and thread.last_number > 1)
    if not (refusal.errors or summarised or thread.answer_by or looks):
        return NONE
    return rendered(
        "threads/under.html",
        inside=inside,
        person=inside.person,
        view=inside.person.view,
        reading=view,
        thread=thread,
        here=addresses.thread(inside.network.slug, thread.id),
        may_mark=may_mark,
        may_decide=marks.may_mark(inside, thread.author_id),
        coverage=coverage,
        awaits_answers=reminders.awaits_answers(thread),
        may_remind=reminders.may_be_sent(thread, view.reminded_at),
        wanted=await wanted.search(inside, thread) if looks else None,
        again=asking.again(refusal.form, thread),
        today=clock.today(),
        refused=refusal.errors,
    )


async def _answers(cache: Cache, inside: Inside, thread: Thread, people: int | None) -> Coverage:
    """Count who has answered once for all who look, until the thread or its network changes."""
    key = ("answers", thread.id, thread.version, inside.network.arrangement, people)
    found = cache.get(key, Coverage)
    if found is None:
        asked = await _municipalities(cache, inside, people)
        found = await organisations.answers(inside, thread, asked)
        cache.put(key, found)
    return found


async def _municipalities(cache: Cache, inside: Inside, people: int | None) -> list[Municipality]:
    """Return the network's municipalities, read once until its members change."""
    key = ("municipalities", inside.network.id, inside.network.arrangement, people)
    found = cache.get(key, list)
    if found is None:
        found = await organisations.municipalities_of(inside)
        cache.put(key, found)
    return found


async def post(request: Request, inside: Inside) -> Response:
    """Lead from a post's permanent address to its place."""
    thread_id, number = request.path_params["thread_id"], request.path_params["number"]
    return RedirectResponse(await places.place(inside, thread_id, number), 303)
