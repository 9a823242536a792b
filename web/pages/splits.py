"""Making a reply a thread of its own."""

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, posts, splits
from forum.refusals import Invalid
from forum.splits import KINDS, NewPlace
from storage import door
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.rendering import inside_page


async def new(request: Request, inside: Inside) -> Response:
    """Show the form for the new thread's title."""
    return await _form(request, inside, NewPlace("", ThreadKind.DISCUSSION), {})


async def create(request: Request, inside: Inside) -> Response:
    """Make the reply a thread and lead there."""
    form = await forms.read(request)
    kind = form.choice("kind", ThreadKind, ThreadKind.DISCUSSION)
    wanted = NewPlace(form.text("title"), kind)
    thread_id, number = request.path_params["thread_id"], request.path_params["number"]
    try:
        made = await splits.split(inside, thread_id, number, wanted)
    except Invalid as invalid:
        return await _form(request, inside, wanted, invalid.errors)
    return see_other(request, addresses.thread(inside.network.slug, made), "split")


async def _form(
    request: Request, inside: Inside, wanted: NewPlace, errors: dict[str, str]
) -> Response:
    inside.require(Act.MODERATE)
    thread_id, number = request.path_params["thread_id"], request.path_params["number"]
    thread, post = await posts.found(inside, thread_id, number)
    if number == 1 or post.hidden_at is not None:
        raise door.NotFound
    return inside_page(
        request,
        inside,
        "posts/split.html",
        status=422 if errors else 200,
        thread=thread,
        post=post,
        number=number,
        wanted=wanted,
        kinds=KINDS,
        there=addresses.permalink(inside.network.slug, thread_id, number),
        errors=errors,
    )
