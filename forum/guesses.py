"""What the name of a file says of the document that it is: which kind, which day, which term."""

import re
from datetime import date
from typing import Final

from forum import terms
from forum.document_names import split
from forum.filing import Described
from storage.documents import DocumentKind

_KINDS: Final = (
    (DocumentKind.MEETING_NOTES, r"(?:mötes|minnes)?anteckning(?:ar)?|(?:mötes)?protokoll|minutes"),
    (DocumentKind.MEETING_NOTICE, r"kallelse|dagordning|agenda|inbjudan"),
    (DocumentKind.TEMPLATE, r"mall(?:ar)?|\w+mall|template|blankett"),
    (DocumentKind.PUBLICATION, r"publikation|rapport|broschyr|\w+rapport"),
    (DocumentKind.BACKGROUND, r"underlag|bilaga|bilagor|presentation"),
)
_WORDS: Final = tuple((kind, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for kind, words in _KINDS)


def described(name: str, kind: DocumentKind | None = None, term: str = "") -> Described:
    """Return what a file's name says, but for what its sender has said herself."""
    within = terms.parse(term) if term else None
    when = terms.guess(name, within)
    day = when if isinstance(when, date) else None
    if within is None:
        within = terms.of(when) if isinstance(when, date) else when
    return Described(kind or _kind(name), within.stored if within else "", day)


def _kind(name: str) -> DocumentKind:
    folded = split(name)[0].casefold().replace("_", " ")
    return next((kind for kind, words in _WORDS if words.search(folded)), DocumentKind.OTHER)
