"""The titles of threads: what one may be."""

from forum import personal_numbers
from forum.language import gettext as _
from forum.markup_bounds import has_words

#: In characters.
TITLE_LIMIT = 160


def title_trouble(title: str) -> dict[str, str]:
    """Return what is wrong with a thread's title, by the field's name; nothing when it can be."""
    if trouble := personal_numbers.problems_in(title=title):
        return trouble
    if not has_words(title):
        return {"title": _("Write a title.")}
    if len(title) > TITLE_LIMIT:
        limit = {"limit": TITLE_LIMIT}
        return {"title": _("The title may have at most %(limit)d characters.") % limit}
    return {}
