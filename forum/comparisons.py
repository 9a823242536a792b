"""Two versions of a document compared by what they say: by paragraphs, and then word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Final

from forum.alignment import Pair, aligned, likeness
from forum.differences import Fate, Passage, differences

#: Of what differs, so much is shown: paragraphs, and characters of them.
MOST_SHOWN: Final = 200
MOST_TEXT: Final = 100_000
#: Of a text, so many paragraphs are compared.
MOST_COMPARED: Final = 50_000
#: So much of a paragraph that is the same stands before and after what differs.
CONTEXT: Final = 200
#: A paragraph that is longer is divided into its sentences.
_LONGEST: Final = 5_000
#: What is compared word by word, in characters times words that are changed: it takes about a third
#: of a second.
_BUDGET: Final = 4_000_000
#: Lines that are shorter are headings, items and cells, and not the beginning of a paragraph that a
#: PDF has as lines.
_WHOLE_LINE: Final = 40
#: Of a Swedish word, with the space after it.
_LETTERS: Final = 6
_SENTENCE: Final = re.compile(r"(?<=[.!?:;]) ")


class Kind(StrEnum):
    """What became of a paragraph."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, with what was removed and added in it."""

    kind: Kind
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Paragraphs that differ and follow each other, with what stands before them."""

    #: How many paragraphs are the same before those that are shown here.
    alike_before: int
    paragraphs: tuple[Paragraph, ...]


@dataclass(slots=True)
class Comparison:
    """What differs between two texts."""

    places: list[Place] = field(default_factory=list)
    #: How many paragraphs are the same after the last place.
    alike_after: int = 0
    changed: int = 0
    added: int = 0
    removed: int = 0
    #: How many that differ are not shown, since there are so many.
    left_out: int = 0
    #: Whether the texts are so long that their ends were not compared.
    cut: bool = False

    @property
    def differing(self) -> int:
        """How many paragraphs differ."""
        return self.changed + self.added + self.removed


def compare(before: str, after: str) -> Comparison:
    """Compare two texts with a line for each paragraph, as ``file_reading`` gives them.

    Lines that merely break in another place, as in a PDF, are the same. Two million characters each
    take a second at most: in a thread.
    """
    old, new = paragraphs(before), paragraphs(after)
    told = _Comparing(old[:MOST_COMPARED], new[:MOST_COMPARED]).comparison
    told.cut = max(len(old), len(new)) > MOST_COMPARED
    return told


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, each in one line and none of them empty."""
    lines = map(_tidy, text.split("\n"))
    return [part for whole in _rejoined(filter(None, lines)) for part in _divided(whole)]


def _tidy(line: str) -> str:
    """Return a line with one space between words, and something that is seen between cells."""
    return " | ".join(" ".join(cell.split()) for cell in line.strip().split("\t"))


def _rejoined(lines: Iterable[str]) -> Iterator[str]:
    """Yield paragraphs: a long line that ends no sentence goes on in one that begins none."""
    whole = list[str]()
    for line in lines:
        goes_on = whole and len(whole[-1]) >= _WHOLE_LINE and whole[-1][-1] not in ".!?:;|"
        if whole and not (goes_on and line[0].islower()):
            yield " ".join(whole)
            whole.clear()
        whole.append(line)
    if whole:
        yield " ".join(whole)


def _divided(paragraph: str) -> Iterator[str]:
    if len(paragraph) <= _LONGEST:
        yield paragraph
        return
    for sentence in _SENTENCE.split(paragraph):
        yield from (sentence[at : at + _LONGEST] for at in range(0, len(sentence), _LONGEST))


class _Comparing:
    """The differences, found one after the other."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._old, self._new = old, new
        self._steps = _BUDGET
        self._text = MOST_TEXT
        self._shown = 0
        self.comparison = Comparison()
        alike = list[str]()
        for differ, run in groupby(aligned(old, new), key=self._differ):
            pairs = list(run)
            if not differ or self._merely_broken(pairs):
                alike += [self._new[j] for _i, j in pairs if j is not None]
            else:
                self._place(alike, pairs)
                alike = []
        self._end(alike)

    def _differ(self, pair: Pair) -> bool:
        i, j = pair
        return i is None or j is None or self._old[i] != self._new[j]

    def _merely_broken(self, pairs: Sequence[Pair]) -> bool:
        """Say whether these are the same words in other lines."""
        old = " ".join(self._old[i] for i, _j in pairs if i is not None)
        return old == " ".join(self._new[j] for _i, j in pairs if j is not None)

    def _place(self, alike: Sequence[str], pairs: Sequence[Pair]) -> None:
        """Add what differs here, after what is the same."""
        told = self.comparison
        differing = list[Paragraph]()
        for pair in pairs:
            kind = _kind(pair)
            told.changed += kind == Kind.CHANGED
            told.added += kind == Kind.ADDED
            told.removed += kind == Kind.REMOVED
            if self._shown < MOST_SHOWN and self._text > 0:
                self._shown += 1
                differing.append(self._paragraph(kind, pair))
            else:
                told.left_out += 1
        if differing:
            # A heading, as a rule: it tells where one is.
            last = [_same(alike[-1])] if alike else []
            told.places.append(Place(len(alike) - len(last), (*last, *differing)))

    def _paragraph(self, kind: Kind, pair: Pair) -> Paragraph:
        i, j = pair
        old = "" if i is None else self._old[i]
        new = "" if j is None else self._new[j]
        self._text -= len(old) + len(new)
        if kind == Kind.CHANGED:
            return Paragraph(kind, tuple(self._passages(old, new)))
        fate = Fate.ADDED if kind == Kind.ADDED else Fate.REMOVED
        return Paragraph(kind, (Passage(fate, old or new),))

    def _passages(self, old: str, new: str) -> list[Passage]:
        length = len(old) + len(new)
        words = (1 - likeness(old, new)) * length / _LETTERS + 1
        self._steps -= round(length * words)
        if self._steps < 0:
            return [Passage(Fate.REMOVED, old), Passage(Fate.ADDED, new)]
        return differences(old, new)

    def _end(self, alike: Sequence[str]) -> None:
        self.comparison.alike_after = 0 if self.comparison.left_out else len(alike)


def _kind(pair: Pair) -> Kind:
    if None in pair:
        return Kind.ADDED if pair[0] is None else Kind.REMOVED
    return Kind.CHANGED


def _same(paragraph: str) -> Paragraph:
    cut = paragraph if len(paragraph) <= CONTEXT else paragraph[:CONTEXT].rstrip() + "…"
    return Paragraph(Kind.SAME, (Passage(Fate.SAME, cut),))
