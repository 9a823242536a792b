"""The pages of easy reading: what to answer, what is new, and where to write."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum import addresses, easy, language
from forum.new_threads import NewThread
from storage import door
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.people import View
from storage.roles import Act
from web.authentication import me
from web.forms import Form
from web.rendering import page


async def to_answer(request: Request) -> Response:
    """List the questions that wait for her answer."""
    found = await easy.to_answer(await _mine(request))
    return page(request, "easy/to_answer.html", found=found)


async def new_posts(request: Request) -> Response:
    """List the threads with something new."""
    return page(request, "easy/new_posts.html", found=await easy.new(await _mine(request)))


async def write(request: Request) -> Response:
    """Ask in which network, unless there is only one to write in."""
    there = [inside for inside in await _mine(request) if inside.may(Act.ASK)]
    there.sort(key=lambda inside: language.swedish_key(inside.network.name))
    if len(there) == 1:
        return RedirectResponse(addresses.new_thread(there[0].network.slug), 303)
    return page(request, "easy/write.html", there=there)


async def _mine(request: Request) -> list[Inside]:
    return await door.enter_all(me(request).person)


def template(inside: Inside, draft: NewThread, form: Form | None, errors: dict[str, str]) -> str:
    """Return which form one writes a thread in: a question is easy in two steps."""
    if inside.person.view != View.EASY or draft.kind != ThreadKind.QUESTION:
        return "threads/new.html"
    titled = form is not None and ("next" in form or "titled" in form)
    return "easy/titled.html" if titled and "body" not in errors else "easy/new.html"
