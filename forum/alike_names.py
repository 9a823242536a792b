"""Whether a file that is brought may be a new version of a document: by their names alone.

People make versions by names: "(1)" and "kopia" are made by their programs, "v2" and "slutversion"
by themselves. A date says either when it was saved ("Riktlinje 2026-03-14") or which meeting it is
about ("Anteckningar 14 mars"), and the latter makes another document of it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from forum import document_names, named_dates
from forum.named_dates import When
from forum.text import LONGEST

#: So many documents of one name but for the date are looked at closer.
_CLOSER: Final = 100
#: Nobody adds more than so many to one name.
_MARKS: Final = 8
_VERSION: Final = re.compile(
    r"(?<![a-zåäö0-9])(?:v|ver|vers|version|utg|utgåva|rev|revision)[\s._]*\d{1,3}(?:[.,]\d{1,3}){0,2}"
    r"(?![a-zåäö0-9])"
)
_STATE: Final = (
    "slutversion|slutlig(?:a|t)?|slutgiltig(?:a|t)?|final|finalversion|utkast|draft|arbetsversion"
    "|ny|nya|nyast|nyaste|senast|senaste|uppdaterad|uppdaterat|reviderad|reviderat|rev|rättad|rättat"
    "|justerad|justerat|korrigerad|korrigerat|ändrad|ändrat|färdig|färdigt|klar|klart|version"
    "|fastställd|fastställt|fastställda|godkänd|godkänt"
)
_BEFORE: Final = re.compile(
    rf"^(?:kopia av|copy of|(?:{_STATE})(?: version)?(?: (?:av|till))?)(?= )"
)
_AFTER: Final = re.compile(
    rf" (?:kopia|copy|{_STATE})(?: \d{{1,2}})?$"
    rf"| ?[(\[]\d{{1,2}}[)\]]$| ?\((?:kopia|copy|{_STATE})\)$"
)
#: What programs of one kind write: the same document, saved as something else.
_FAMILIES: Final = (
    {"doc", "docx", "docm", "odt", "rtf"},
    {"xls", "xlsx", "xlsm", "ods"},
    {"ppt", "pptx", "pptm", "odp"},
)
_SAME: Final = {"jpeg": "jpg", "tiff": "tif", "htm": "html", "markdown": "md"}


class Named(Protocol):
    """A document, or whatever else has a name."""

    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Named)


@dataclass(frozen=True, slots=True)
class Match(Generic[N]):
    """A document that a file may be a new version of."""

    named: N
    #: Whether that is what is meant as a rule. Otherwise it is as a rule a document of its own.
    certain: bool


@dataclass(frozen=True, slots=True)
class _Parts:
    core: str
    whens: tuple[When, ...]
    suffix: str

    @property
    def family(self) -> str:
        return next((min(one) for one in _FAMILIES if self.suffix in one), self.suffix)


class Index(Generic[N]):
    """The documents of a folder, found by their names. Of several alike, the first is found.

    It takes 0.04 ms a name: made once for all that is brought, and in a thread for a whole network.
    """

    def __init__(self, present: Iterable[N]) -> None:
        self._by_key: dict[str, N] = {}
        self._by_parts: dict[Hashable, N] = {}
        self._by_core: defaultdict[Hashable, list[tuple[_Parts, N]]] = defaultdict(list)
        for one in present:
            parts = _parts(one.name)
            self._by_key.setdefault(document_names.key(one.name), one)
            self._by_parts.setdefault(parts, one)
            self._by_core[parts.core, parts.family].append((parts, one))

    def alike(self, name: str) -> Match[N] | None:
        """Return the document that a file of this name is a version of, certainly or possibly."""
        parts = _parts(name)
        for same in (self._by_key.get(document_names.key(name)), self._by_parts.get(parts)):
            if same is not None:
                return Match(same, certain=True)
        others = self._by_core.get((parts.core, parts.family), ())[:_CLOSER]
        for other, one in others:
            if other.suffix == parts.suffix and _one_occasion(parts.whens, other.whens):
                return Match(one, certain=True)
        return Match(others[0][1], certain=False) if others else None


def core(name: str) -> str:
    """Return what a name is but for its suffix and whatever people add for versions and dates."""
    return _parts(name).core


def _parts(name: str) -> _Parts:
    stem, ending = document_names.split(name[:LONGEST])
    folded = unicodedata.normalize("NFC", stem).casefold()
    whens, undated = named_dates.found(folded)
    suffix = ending[1:].lower()
    # Of "2026-03-14 v2" and "Utkast" something has to be left.
    rest = _unmarked(undated) or _unmarked(folded) or " ".join(folded.split())
    return _Parts(rest, tuple(whens), _SAME.get(suffix, suffix))


def _unmarked(folded: str) -> str:
    """Return the words of a name without what stands around and between them for versions."""
    words = " ".join(_words(_VERSION.sub(" ", folded)))
    for _mark in range(_MARKS):
        words = _AFTER.sub("", _BEFORE.sub("", words, count=1).strip()).strip()
    return "" if re.fullmatch(rf"(?:kopia|copy|{_STATE})?", words) else words


def _words(folded: str) -> list[str]:
    return re.sub(r"[\s_.,;+–-]+", " ", re.sub(r"\(\s*\)|\[\s*\]", " ", folded)).split()


def _one_occasion(some: tuple[When, ...], others: tuple[When, ...]) -> bool:
    """Say whether names with these times may be of one thing: but for when it was saved."""
    left, unmet = list(others), list[When]()
    for when in some:
        met = next((one for one in left if one.fits(when)), None)
        if met is None:
            unmet.append(when)
        else:
            left.remove(met)
    return not (left and unmet) and all(when.stamp for when in (*left, *unmet))
