"""Reading a thread: a page of its posts, with the form for an answer below them."""

from dataclasses import dataclass, field

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import addresses, marks, places, reading, reminders, thread_states, wanted
from forum.organisations import Coverage
from forum.reading import ThreadView
from forum.thread_states import State
from storage import clock
from storage.discussions import ThreadKind
from storage.door import Inside
from web import conditional, flash, posts, shared_threads, thread_words
from web.caches import Cache
from web.forms import Form
from web.jinja import rendered
from web.pages import answering, asking
from web.pages.composing import FRESH, Returned
from web.posts import Reader
from web.rendering import filled_page
from web.stencils import NONE, yes


async def show(request: Request, inside: Inside) -> Response:
    """Show a page of a thread, with the form for an answer below it."""
    query = Form(list(request.query_params.multi_items()))
    quoted = query.number("quote")
    thread_id = request.path_params["thread_id"]
    # What is no number is no page either.
    number = query.number("page") or 0 if query.text("page") else 1
    if quoted or flash.code(request):
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
    cache: Cache = request.app.state.cache
    cache.hold_for(state.people)
    shared, view = await shared_threads.shared(cache, inside, state, thread_id, number)
    facts, sees = shared.facts, shared.as_seen_by(inside, state)
    may_mark = facts.kind == ThreadKind.QUESTION and marks.may_mark(inside, facts.author_id)
    # A coordinator, who marks seldom, finds it among what is seldom done.
    asks = may_mark and facts.author_id == inside.person.id
    summarises = may_mark and facts.last_number > 1
    under = NONE
    if facts.accompanied or summarises or refusal.errors:
        view = view or await reading.view(inside, thread_id, number)
        under = await _under(inside, view, shared.coverage, refusal, may_mark=may_mark)
    words = {
        **shared.words,
        **thread_words.hers(inside, facts, state, sees),
        **posts.filled(cache, shared, Reader.of(inside, shared, sees, asks=asks)),
        **await answering.words_of(request, inside, facts, state, answer, quotation),
        "may_mark": yes(may_mark),
        "under": under,
    }
    return filled_page(
        request,
        inside,
        "threads/show.html",
        "thread",
        words,
        status=422 if answer.errors or refusal.errors else 200,
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


async def post(request: Request, inside: Inside) -> Response:
    """Lead from a post's permanent address to its place."""
    thread_id, number = request.path_params["thread_id"], request.path_params["number"]
    return RedirectResponse(await places.place(inside, thread_id, number), 303)
