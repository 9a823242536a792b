"""Why a text could not be taken, in the writer's words.

Apart from `markup`, whose workers shall not have what `language` imports: the database.
"""

from forum.language import gettext as _
from forum.markup import MarkupRefused


def explained(refused: MarkupRefused) -> str:
    """Return what is wrong with the text and what to do about it."""
    numbers = {"limit": refused.limit, "found": refused.found, "character": refused.character}
    match refused.reason:
        case "empty":
            return _("Write something first.")
        case "too_long":
            return (
                _("The text may have at most %(limit)d characters; it has %(found)d. Shorten it.")
                % numbers
            )
        case "too_many_cells":
            return (
                _("Tables may have at most %(limit)d cells together. Divide the table.") % numbers
            )
        case "too_many_marks":
            return (
                _("The text may hold the character %(character)s at most %(limit)d times.")
                % numbers
            )
        case "too_much_html":
            return _("The text has too much formatting. Simplify it or divide it in two.")
        case "busy":
            return _("Many texts are being sent right now. Try again.")
        case _:
            return _("The text took too long to format. Simplify tables, lists and links in it.")
