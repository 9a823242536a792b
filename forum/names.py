"""What people, networks and the like may be called, and what they may say of themselves."""

from forum.language import gettext as _
from forum.refusals import Invalid
from forum.text import one_line

#: Of people, networks and organisations, in characters.
LIMIT = 120


def checked(name: str, limit: int = LIMIT) -> str:
    """Return a name in one line. Raises Invalid (``name``) for an empty or too long one."""
    name = one_line(name)
    if trouble := trouble_with(name, limit):
        raise Invalid(**trouble)
    return name


def trouble_with(name: str, limit: int = LIMIT) -> dict[str, str]:
    """Return what is wrong with a name, by the field's name; nothing when it can be."""
    if 1 <= len(name) <= limit:
        return {}
    return {"name": _("Write a name of 1 to %(limit)d characters.") % {"limit": limit}}


def described(text: str, limit: int) -> str:
    """Return a description. Raises Invalid (``description``) for a too long one."""
    text = text.strip()
    if len(text) > limit:
        raise Invalid(
            description=_("The description may have at most %(limit)d characters.")
            % {"limit": limit}
        )
    return text
