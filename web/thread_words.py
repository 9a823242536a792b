"""The words of a thread's page, but for its posts, by the names that its template has for them."""

from markupsafe import Markup, escape

from forum import addresses, language
from forum.organisations import Coverage
from forum.perspective import Perspective
from forum.reading import Facts, ThreadView
from forum.thread_states import State
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.roles import Act
from web import words as called
from web.jinja import gettext, icon, macro, ngettext, npgettext, time_element
from web.stencils import NONE, YES, Words, yes


def words_of(inside: Inside, view: ThreadView, coverage: Coverage | None) -> Words:
    """Return the words that all its readers are shown, escaped; what there is not is empty."""
    thread, network = view.thread, inside.network
    return {
        "base": escape(addresses.network(network.slug)),
        "here": escape(addresses.thread(network.slug, thread.id)),
        "network": escape(network.name),
        "area": escape(view.area),
        "area_id": escape(thread.area_id),
        "id": escape(thread.id),
        "network_id": escape(network.id),
        "address": escape(addresses.page(network.slug, thread.id, view.page)),
        "title": escape(thread.title),
        "created": time_element(thread.created_at, "short"),
        "ends": time_element(thread.ends_on, "short") if thread.ends_on else NONE,
        "split_from": escape(view.split_from or ""),
        "answers_from": _answers_from(view, coverage),
        "helpful": _helpful(view, network.slug),
        **_state(view),
        **_pages(view, network.slug),
    }


def hers(inside: Inside, facts: Facts, state: State, perspective: Perspective) -> Words:
    """Return those of one reader: what she may do, and what is new to her."""
    return {
        "archived": yes(inside.network.state == "archived"),
        "may_follow": yes(inside.may(Act.FOLLOW)),
        "following": yes(state.following),
        "may_moderate": yes(inside.may(Act.MODERATE)),
        **(_new(facts, perspective) if perspective.new else {}),
    }


def _state(view: ThreadView) -> Words:
    thread = view.thread
    words = {
        "solved": yes(thread.solved_at),
        "pinned": yes(thread.pinned_at),
        "closed": yes(thread.closed_at),
        "count": _count(view),
    }
    if thread.kind != ThreadKind.QUESTION:
        words["kind"] = escape(called.thread_kind(thread.kind))
        words["kind_icon"] = icon(called.thread_icon(thread.kind))
        words["wanted"] = yes(thread.kind == ThreadKind.WANTED)
    return words


def _count(view: ThreadView) -> Markup:
    """Return "3 svar" of a question, "3 inlägg" of what else has any."""
    answers, question = view.thread.last_number - 1, view.thread.kind == ThreadKind.QUESTION
    if not answers:
        return gettext("No answer yet.") if question else NONE
    if question:
        return ngettext("%(num)s answer", "%(num)s answers", answers)
    return ngettext("%(num)s post", "%(num)s posts", answers)


def _answers_from(view: ThreadView, coverage: Coverage | None) -> Markup:
    """Return which municipalities have answered a question that does not ask each of them."""
    if coverage is None or not coverage.total or view.thread.answer_by:
        return NONE
    told = str(coverage)
    return escape(f"{told}: {language.listed(coverage.reached)}" if coverage.reached else told)


def _pages(view: ThreadView, slug: str) -> Words:
    words = {"page": escape(view.page)}
    if view.pages > 1:
        words["pages"] = escape(view.pages)
    if view.page > 1:
        words["earlier"] = escape(addresses.page(slug, view.thread.id, view.page - 1))
    if view.page < view.pages:
        words["later"] = escape(addresses.page(slug, view.thread.id, view.page + 1))
    return words


def _helpful(view: ThreadView, slug: str) -> Markup:
    """Return where what helped stands."""
    if not view.helpful:
        return NONE
    here = addresses.thread(slug, view.thread.id)
    return macro("threads/helpful.html", "links", here, view.helpful)


def _new(facts: Facts, perspective: Perspective) -> Words:
    first, shown = perspective.first_unread, facts.numbers
    words = {
        "unread": YES,
        "shown_to": escape(shown[-1]),
        "unread_before": yes(first is not None and first < shown[0]),
        "unread_elsewhere": yes(first not in shown),
    }
    if facts.last_number > 1:
        words["count_new"] = npgettext("post", "%(num)s new", "%(num)s new", perspective.unread)
    return words
