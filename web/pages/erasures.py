"""Removing something for good, and what still quotes it afterwards."""

import re

from starlette.requests import Request
from starlette.responses import Response

from forum import addresses, erasures
from forum.copies import Place
from forum.erasures import Removal
from forum.refusals import Invalid
from storage.door import Inside
from storage.roles import Act
from web import forms
from web.flash import see_other
from web.rendering import inside_page

AT_MOST = 50
_PLACE = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")


async def new(request: Request, inside: Inside) -> Response:
    """Say what will happen, and ask what is to be removed and why."""
    return await _form(request, inside, None, {})


async def create(request: Request, inside: Inside) -> Response:
    """Remove it, and lead to the post, or to what still quotes it."""
    inside.require(Act.ERASE)
    thread_id, number = request.path_params["thread_id"], request.path_params["number"]
    form = await forms.read(request)
    keys = frozenset(value for name, value in form.entries if name == "part")
    wanted = Removal(keys, form.text("reason"), form.text("title"))
    try:
        quoting = await erasures.erase(inside, thread_id, number, wanted)
    except Invalid as invalid:
        return await _form(request, inside, wanted, invalid.errors)
    # Its pages are asked for under other keys from now on; what was kept must not stay in memory.
    request.app.state.cache.clear()
    if not quoting:
        there = addresses.post(inside.network.slug, thread_id, number)
        return see_other(request, there, "erased")
    here = addresses.permalink(inside.network.slug, thread_id, number)
    places = "+".join(f"{thread}.{post}" for thread, post in quoting[:AT_MOST])
    return see_other(request, f"{here}/erasure?quoting={places}", "erased")


async def _form(
    request: Request, inside: Inside, wanted: Removal | None, errors: dict[str, str]
) -> Response:
    thread_id, number = request.path_params["thread_id"], request.path_params["number"]
    thread, post, parts = await erasures.parts(inside, thread_id, number)
    return inside_page(
        request,
        inside,
        "posts/erasure.html",
        status=422 if errors else 200,
        thread=thread,
        post=post,
        number=number,
        parts=parts,
        wanted=wanted or Removal(frozenset(), "", thread.title),
        quoting=[
            (thread.title, number, addresses.permalink(inside.network.slug, thread.id, number))
            for thread, number in await erasures.still(inside, _places(request))
        ],
        there=addresses.permalink(inside.network.slug, thread_id, number),
        errors=errors,
    )


def _places(request: Request) -> list[Place]:
    found = _PLACE.findall(request.query_params.get("quoting", ""))
    return [(int(thread), int(number)) for thread, number in found[:AT_MOST]]
