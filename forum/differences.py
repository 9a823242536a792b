"""What was added to a text and what was removed from it, word by word."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

# More changes than this, and words marked one by one would be harder to read than two whole texts.
# It also bounds the time, which grows as the length of the texts times the number of changes.
MOST = 120
_TOKEN = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Fate(StrEnum):
    """What became of a passage."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Passage:
    """Some text, and what became of it."""

    fate: Fate
    text: str


def differences(before: str, after: str) -> list[Passage]:
    """Return the texts woven together. What was replaced stands before what replaced it."""
    for unit in (_TOKEN, _LINE):
        a, b = unit.findall(before), unit.findall(after)
        head, tail = _alike(a, b)
        old, new = a[head : len(a) - tail], b[head : len(b) - tail]
        middle = _path(old, new)
        if middle is not None:
            break
    else:
        middle = [*_all(Fate.REMOVED, old), *_all(Fate.ADDED, new)]
    return _joined([*_all(Fate.SAME, a[:head]), *middle, *_all(Fate.SAME, a[len(a) - tail :])])


Steps = list[tuple[Fate, str]]


def _alike(a: list[str], b: list[str]) -> tuple[int, int]:
    """Return how many units are the same at the beginning and at the end."""
    shortest = min(len(a), len(b))
    head = next((n for n in range(shortest) if a[n] != b[n]), shortest)
    left = shortest - head
    return head, next((n for n in range(left) if a[-1 - n] != b[-1 - n]), left)


def _all(fate: Fate, units: list[str]) -> Steps:
    return [(fate, one) for one in units]


def _path(a: list[str], b: list[str]) -> Steps | None:
    """Return the fewest changes from ``a`` to ``b``, by Myers' greedy search."""
    furthest, rounds = {1: 0}, list[dict[int, int]]()
    for changes in range(min(MOST, len(a) + len(b)) + 1):
        rounds.append(furthest.copy())
        for diagonal in range(-changes, changes + 1, 2):
            down = diagonal == -changes or (
                diagonal != changes and furthest[diagonal - 1] < furthest[diagonal + 1]
            )
            x = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            while x < len(a) and x - diagonal < len(b) and a[x] == b[x - diagonal]:
                x += 1
            furthest[diagonal] = x
            if x >= len(a) and x - diagonal >= len(b):
                return _walked_back(a, b, rounds)
    return None


def _walked_back(a: list[str], b: list[str], rounds: list[dict[int, int]]) -> Steps:
    steps: Steps = []
    x, y = len(a), len(b)
    for changes in range(len(rounds) - 1, -1, -1):
        furthest, diagonal = rounds[changes], x - y
        down = diagonal == -changes or (
            diagonal != changes and furthest[diagonal - 1] < furthest[diagonal + 1]
        )
        came = diagonal + 1 if down else diagonal - 1
        from_x, from_y = furthest[came], furthest[came] - came
        while x > from_x and y > from_y:
            x, y = x - 1, y - 1
            steps.append((Fate.SAME, a[x]))
        if changes and down:
            y -= 1
            steps.append((Fate.ADDED, b[y]))
        elif changes:
            x -= 1
            steps.append((Fate.REMOVED, a[x]))
    return steps[::-1]


def _joined(steps: Steps) -> list[Passage]:
    """Join neighbours of one fate; a mere space between two changes belongs to both."""
    passages: list[Passage] = []
    removed = added = ""

    def finish() -> None:
        nonlocal removed, added
        for fate, text in ((Fate.REMOVED, removed), (Fate.ADDED, added)):
            if text:
                passages.append(Passage(fate, text))
        removed = added = ""

    by_fate = groupby(steps, key=lambda step: step[0])
    runs = [(fate, "".join(text for _, text in run)) for fate, run in by_fate]
    for place, (fate, text) in enumerate(runs):
        between = 0 < place < len(runs) - 1 and text.isspace() and "\n" not in text
        if fate != Fate.ADDED and (fate == Fate.REMOVED or between):
            removed += text
        if fate != Fate.REMOVED and (fate == Fate.ADDED or between):
            added += text
        if fate == Fate.SAME and not between:
            finish()
            passages.append(Passage(fate, text))
    finish()
    return passages
