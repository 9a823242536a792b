"""What is said of publications, for templates and forms."""

import re

from markupsafe import Markup, escape

from forum.file_reading.stripping import Leftover
from forum.language import gettext as _
from forum.publication_copies import UNREAD
from storage.people import Language

_REACHABLE = re.compile(
    r"(?P<mail>[^\s<>()@,;:]{1,64}@[^\s<>()@,;:]+\.\w+)|(?P<phone>\+?[0-9][0-9 -]{6,20}[0-9])"
)


def written_in(value: Language) -> str:
    """Return the language that something is written in."""
    return {Language.SWEDISH: _("Swedish"), Language.ENGLISH: _("English")}[Language(value)]


def left(value: str) -> str:
    """Return what is left in a file that is about to be published."""
    return {
        Leftover.COMMENTS: _("Comments (without the names of who wrote them)"),
        Leftover.CHANGES: _("Tracked changes: what was removed and added can be read"),
        Leftover.HIDDEN_TEXT: _("Hidden text"),
        Leftover.HIDDEN_SHEETS: _("Hidden sheets"),
        Leftover.HIDDEN_ROWS: _("Hidden rows or columns"),
        Leftover.HIDDEN_SLIDES: _("Hidden slides"),
        Leftover.NOTES: _("The speaker’s notes"),
        Leftover.ATTACHMENTS: _("Other files within the file"),
        Leftover.MACROS: _("Programs (macros)"),
        Leftover.UNREADABLE: _("Nobody can tell what else is in the file. I have looked myself."),
        UNREAD: _("The text could not be read by the service. I have read it through myself."),
    }[value]


def reachable(contact: str) -> Markup:
    """Return whom to turn to, with e-mail addresses and telephone numbers as links."""
    parts, end = [], 0
    for found in _REACHABLE.finditer(contact):
        parts.append(escape(contact[end : found.start()]))
        scheme = "mailto" if found["mail"] else "tel"
        address = found[0] if found["mail"] else re.sub("[ -]", "", found[0])
        parts.append(Markup('<a href="{}:{}">{}</a>').format(scheme, address, found[0]))
        end = found.end()
    return Markup("").join([*parts, escape(contact[end:])])


def made(html: str) -> Markup:
    """Return the page of a publication, which forum.publication_pages has made."""
    return Markup(html)  # noqa: S704
