"""Which paragraphs of two texts stand for each other, changed or not.

Paragraphs that stand once in both texts are found first, as in patience diff (B. Cohen): its time
grows as the texts are long and not as much is changed, and it does not join what merely both have,
such as "Beslut:". What is left between them is little, and compared by its words.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

#: Of two paragraphs, either may be missing: one was added, or removed.
Pair = tuple[int | None, int | None]
Range = tuple[int, int, int, int]

#: How many pairs are compared by their words: between two that are found, and altogether.
_BETWEEN: Final = 2_500
_ALTOGETHER: Final = 100_000
#: How often ranges are divided anew. Each time takes what reading both texts takes.
_DEPTH: Final = 12
#: Under this, a paragraph is another one and not a changed one.
_ALIKE: Final = 0.4
#: The same goes before alike.
_SAME: Final = 2.0
#: How a paragraph is known that has other words in its end.
_OPENING: Final = 30
_WORD: Final = re.compile(r"\w+")


def aligned(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """Return every paragraph of both texts once, in their order."""
    found = _Alignment(before, after).found()
    pairs = list[Pair]()
    a = b = 0
    for i, j in [*found, (len(before), len(after))]:
        pairs += [(one, None) for one in range(a, i)]
        pairs += [(None, one) for one in range(b, j)]
        pairs.append((i, j))
        a, b = i + 1, j + 1
    return pairs[:-1]


def likeness(one: str, other: str) -> float:
    """Return how many of their words two paragraphs share: 0 to 1, or 2 when they are the same."""
    return _SAME if one == other else _shared(_words(one), _words(other))


def _words(paragraph: str) -> frozenset[str]:
    return frozenset(_WORD.findall(paragraph.casefold()))


def _shared(here: frozenset[str], there: frozenset[str]) -> float:
    return 2 * len(here & there) / (len(here) + len(there)) if here and there else 0.0


class _Alignment:
    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        self._a, self._b = before, after
        self._found = dict[int, int]()
        self._left = _ALTOGETHER
        self._words = dict[str, frozenset[str]]()

    def found(self) -> list[tuple[int, int]]:
        ranges = [((0, len(self._a), 0, len(self._b)), 0)]
        while ranges:
            one, depth = ranges.pop()
            inner = self._trimmed(one)
            ranges += [(rest, depth + 1) for rest in self._divided(inner, depth)]
        return sorted(self._found.items())

    def _likeness(self, i: int, j: int) -> float:
        one, other = self._a[i], self._b[j]
        return _SAME if one == other else _shared(self._words_of(one), self._words_of(other))

    def _words_of(self, paragraph: str) -> frozenset[str]:
        if paragraph not in self._words:
            self._words[paragraph] = _words(paragraph)
        return self._words[paragraph]

    def _trimmed(self, whole: Range) -> Range:
        """Find what is the same at the beginning and at the end, and return what is between."""
        a, a_end, b, b_end = whole
        while a < a_end and b < b_end and self._a[a] == self._b[b]:
            self._found[a] = b
            a, b = a + 1, b + 1
        while a < a_end and b < b_end and self._a[a_end - 1] == self._b[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
            self._found[a_end] = b_end
        return a, a_end, b, b_end

    def _divided(self, whole: Range, depth: int) -> list[Range]:
        """Find what is once in both, and return what is between; or find all that there is."""
        a, a_end, b, b_end = whole
        pairs = (a_end - a) * (b_end - b)
        if not pairs:
            return []
        if pairs <= min(_BETWEEN, self._left):
            self._left -= pairs
            self._pair(whole)
            return []
        if depth < _DEPTH:
            for known_by in (str, _opening, _gist):
                if anchors := self._anchors(whole, known_by):
                    self._found.update(anchors)
                    return _between(whole, anchors)
        if a_end - a == b_end - b:
            self._in_step(whole)
        return []

    def _anchors(self, whole: Range, known_by: Callable[[str], str]) -> list[tuple[int, int]]:
        a, a_end, b, b_end = whole
        here = [known_by(one) for one in self._a[a:a_end]]
        there = [known_by(one) for one in self._b[b:b_end]]
        once_here, once_there = _once(here), _once(there)
        common = [
            (a + at, b + once_there[one]) for one, at in once_here.items() if one in once_there
        ]
        return [(i, j) for i, j in _rising(common) if self._likeness(i, j) >= _ALIKE]

    def _in_step(self, whole: Range) -> None:
        """Take paragraphs that are as many on both sides for each other, one by one."""
        a, a_end, b, _b_end = whole
        for step in range(a_end - a):
            if self._likeness(a + step, b + step) >= _ALIKE:
                self._found[a + step] = b + step

    def _pair(self, whole: Range) -> None:
        """Find the pairs that are most alike altogether, in order."""
        a, a_end, b, b_end = whole
        width = b_end - b
        # How alike what follows is, at best, from each pair on.
        best = [[0.0] * (width + 1)]
        for i in range(a_end - 1, a - 1, -1):
            row, below = [0.0] * (width + 1), best[-1]
            for at in range(width - 1, -1, -1):
                row[at] = max(row[at + 1], below[at])
                alike = self._likeness(i, b + at)
                if alike >= _ALIKE:
                    row[at] = max(row[at], alike + below[at + 1])
            best.append(row)
        best.reverse()
        i = j = 0
        while i < a_end - a and j < width:
            if best[i][j] == best[i + 1][j]:
                i += 1
            elif best[i][j] == best[i][j + 1]:
                j += 1
            else:
                self._found[a + i] = b + j
                i, j = i + 1, j + 1


def _opening(paragraph: str) -> str:
    return paragraph[:_OPENING]


def _gist(paragraph: str) -> str:
    """Return the three longest words."""
    return " ".join(sorted(_words(paragraph), key=lambda word: (len(word), word))[-3:])


def _once(keys: Sequence[str]) -> dict[str, int]:
    """Return where each key is that is there once."""
    counted = Counter(keys)
    return {key: at for at, key in enumerate(keys) if counted[key] == 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return most of these pairs, sorted by their first, whose second rises too."""
    ends, tails, former = list[int](), list[int](), list[int | None]()
    for at, (_i, j) in enumerate(pairs):
        place = bisect_left(ends, j)
        former.append(tails[place - 1] if place else None)
        ends[place : place + 1] = [j]
        tails[place : place + 1] = [at]
    chosen = list[tuple[int, int]]()
    last = tails[-1] if tails else None
    while last is not None:
        chosen.append(pairs[last])
        last = former[last]
    return chosen[::-1]


def _between(whole: Range, anchors: Sequence[tuple[int, int]]) -> list[Range]:
    """Return the ranges before, between and after what was found."""
    a, a_end, b, b_end = whole
    ranges = list[Range]()
    for i, j in [*anchors, (a_end, b_end)]:
        ranges.append((a, i, b, j))
        a, b = i + 1, j + 1
    return ranges
