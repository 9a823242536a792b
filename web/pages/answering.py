"""The form for an answer, below a thread's posts."""

from typing import Any

from markupsafe import Markup, escape
from starlette.requests import Request

from forum import addresses, drafts
from forum.drafts import Shown
from forum.reading import Facts
from forum.thread_states import State
from storage.discussions import ThreadKind
from storage.door import Inside
from web.forms import Form
from web.fragments import fragment
from web.jinja import rendered
from web.pages import attachments, composing
from web.pages.attachments import Chosen
from web.pages.composing import FRESH, Returned, held_by
from web.stencils import NONE, Holes, Words

_TEMPLATE = "threads/reply.html"
_HOLES = ("here", "page", "form_key", "place")
# What the form holds when nothing has been written in it yet.
_EMPTY: dict[str, Any] = {
    "errors": {},
    "preview": None,
    "kept": "",
    "body": "",
    "files": Chosen(),
    "drafting": Shown(Holes(("place",))["place"]),
}


async def words_of(
    request: Request,
    inside: Inside,
    facts: Facts,
    state: State,
    answer: Returned,
    quotation: str,
) -> Words:
    """Return the form by the name that a thread's page has for it, or what it can no longer send.

    It shows the answer that came back, a draft of one with what is quoted now, or nothing.
    """
    holds = composing.context(request, inside, answer)
    if answer is FRESH and not quotation and not state.draft_at:
        return {"composer": _empty(request, inside, facts, holds["form_key"])}
    wanted = request.query_params.get("draft", "")
    holds |= await _written(inside, facts, state, answer, quotation, wanted)
    if facts.closed:
        return {"unsent": rendered("threads/unsent.html", **holds) if holds["body"] else NONE}
    here = addresses.thread(inside.network.slug, facts.thread_id)
    around = _around(request, inside, facts)
    return {"composer": rendered(_TEMPLATE, **around, **holds, here=here, page=facts.page)}


def _around(request: Request, inside: Inside, facts: Facts) -> dict[str, Any]:
    return {
        "base": addresses.network(inside.network.slug),
        "slug": inside.network.slug,
        "question": facts.kind == ThreadKind.QUESTION,
        "limit": request.app.state.settings.attachment_mb,
        "view": inside.person.view,
    }


def _empty(request: Request, inside: Inside, facts: Facts, form_key: str) -> Markup:
    """Return the form as nearly everybody is shown it: the same but for what it leads to."""
    around = _around(request, inside, facts)
    form = fragment(request.app.state.cache, _TEMPLATE, holes=_HOLES, always=_EMPTY, **around)
    return form.fill(
        {
            "here": escape(addresses.thread(inside.network.slug, facts.thread_id)),
            "page": escape(facts.page),
            "form_key": escape(form_key),
            "place": escape(drafts.for_reply(facts.thread_id)),
        }
    )


async def _written(
    inside: Inside, facts: Facts, state: State, answer: Returned, quotation: str, wanted: str
) -> dict[str, Any]:
    """Return what the form has in it; ``wanted`` is which of several drafts."""
    form = answer.form
    place = drafts.for_reply(facts.thread_id)
    drafting = await drafts.carried(inside, held_by(form), place)
    body = form.text("body") if form else quotation
    if state.draft_at and not form:
        drafting = await drafts.shown(inside, place, wanted)
        body = "\n\n".join(part for part in (drafting.body, quotation) if part)
    return {
        "body": body,
        "drafting": drafting,
        "files": answer.files or await attachments.held(inside, form or Form(drafting.entries)),
    }
