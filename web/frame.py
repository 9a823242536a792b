"""What stands around the content of every page: the masthead, a network's sections, the foot."""

from markupsafe import Markup, escape
from starlette.requests import Request

from forum import addresses, language
from storage.door import Inside
from storage.people import Language, Person, Theme, View
from storage.roles import Act
from web import words
from web.caches import Cache
from web.fragments import fragment
from web.origin import SAFE_METHODS

# Where the main menu leads, but for what begins with /operator.
_MENU = frozenset({"/", "/networks", "/help", "/account"})


def around(request: Request, person: Person | None, inside: Inside | None) -> dict[str, Markup]:
    """Return the frame of a page, by the names that the templates have for its parts."""
    cache: Cache = request.app.state.cache
    parts = {"masthead": _masthead(cache, request, person, inside), "foot": _foot(request, person)}
    if inside:
        parts["network_head"] = _network_head(cache, request, inside)
    return parts


def _masthead(
    cache: Cache, request: Request, person: Person | None, inside: Inside | None
) -> Markup:
    path = request.url.path
    current = path if path in _MENU else "/networks" if inside else ""
    return fragment(
        cache,
        "masthead.html",
        name=person.name if person else "",
        operator=person is not None and person.operator,
        easy=person is not None and person.view == View.EASY,
        current="/operator" if path.startswith("/operator") else current,
    ).fill({})


def _network_head(cache: Cache, request: Request, inside: Inside) -> Markup:
    network, base = inside.network, addresses.network(inside.network.slug)
    section, _, further = request.url.path.removeprefix(base).lstrip("/").partition("/")
    archived = network.state == "archived"
    return fragment(
        cache,
        "network_head.html",
        name=network.name,
        base=base,
        archived=words.network_state(network.kind, network.state) if archived else "",
        section=section,
        exact=not further,
        members=inside.may(Act.LIST_MEMBERS),
        areas=inside.may(Act.MANAGE_AREAS),
        settings=inside.may(Act.MANAGE_NETWORK),
    ).fill({})


def _foot(request: Request, person: Person | None) -> Markup:
    other = Language.ENGLISH if language.current() == Language.SWEDISH else Language.SWEDISH
    return fragment(
        request.app.state.cache,
        "foot.html",
        holes=("back",),
        known=person is not None,
        view=person.view if person else View.STANDARD,
        theme=person.theme if person else Theme.AUTO,
        other_language=other,
        operated_by=request.app.state.settings.operated_by,
    ).fill({"back": escape(_here(request))})


def _here(request: Request) -> str:
    """Return where a change of language or look leads back to."""
    if request.method not in SAFE_METHODS:
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
