"""Parts of pages that are rendered once for all who are shown the same."""

from collections.abc import Hashable, Mapping
from typing import Any

from forum import language
from web.caches import Cache
from web.jinja import rendered
from web.stencils import Holes, Stencil


def fragment(
    cache: Cache,
    template: str,
    *,
    holes: tuple[str, ...] = (),
    within: Mapping[str, tuple[str, ...]] | None = None,
    always: Mapping[str, Any] | None = None,
    **values: Hashable,
) -> Stencil:
    """Return a template that is wholly made of these values, with holes for what differs.

    ``within`` names holes that the template finds in one of its names, as ``post.author``. It is
    kept until it makes room for others. Its key are the values, the holes and the reader's
    language; what is ``always`` the same for this template, unless it is a hole, is none of it.
    """
    groups = within or {}
    key = (template, language.current(), holes, *groups.values(), *values.items())
    kept = cache.get(key, Stencil)
    if kept is None:
        named = {name: Holes(names) for name, names in groups.items()}
        context = {**(always or {}), **Holes(holes), **named, **values}
        kept = Stencil(rendered(template, **context))
        cache.put(key, kept, kept.size)
    return kept
