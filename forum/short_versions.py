"""*Kort och lättläst*: a coordinator's short version of what she has written, shown first."""

from forum import bodies
from forum.language import gettext as _
from forum.markup_bounds import has_words
from forum.refusals import Invalid
from storage.door import Inside
from storage.roles import Act

#: In characters.
LIMIT = 600


async def rendered(inside: Inside, text: str) -> tuple[str, str]:
    """Return a short version as it is stored: its text and its HTML, both empty when there is none.

    Only coordinators have one; what others send is left out. Raises Invalid, for ``short``.
    """
    if not has_words(text) or not inside.may(Act.NOTIFY):
        return "", ""
    if len(text) > LIMIT:
        raise Invalid(
            short=_("The short version may have at most %(limit)d characters; it has %(found)d.")
            % {"limit": LIMIT, "found": len(text)}
        )
    found, _people = await bodies.render(inside, text, "short")
    return found.text, found.html
