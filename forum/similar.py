"""Threads whose titles are like what somebody is writing, so that she finds the answer there is.

The database finds titles that share the beginning or the end of a word; of those, the words are
compared by their trigrams, which sees through compounds and endings: "ledsagarservice" and
"ledsagning" share "ledsag", "gruppboende" ends in "boende".
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from forum import addresses
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.statements import Row

AT_MOST = 5
#: How many titles are compared, and how many parts of words are looked for.
CANDIDATES = 40
PARTS = 16
LONGEST = 160
#: Words whose trigrams are at hand. Each takes five kilobytes at most, of all that anybody types.
REMEMBERED = 2_000
# Under these it is chance: two words, and two titles.
ALIKE_WORDS = 0.4
ALIKE = 0.25

# Shorter words are like those alone that are the same: "mat" is not in "matematik".
SHORT = 5

# What Swedish puts at the end of a stem of four letters or more.
_ENDING = re.compile(
    r"(?<=\w{4})(?:ning(?:en|ar|arna)?|het(?:en|er|erna)?|are|arna|erna|orna|ar|er|or|en|et)$"
)
# Nobody's word is longer: somebody's keys held down are not to be remembered whole.
LONGEST_WORD = 40
_WORD = re.compile(rf"[^\W_]{{3,{LONGEST_WORD}}}")
# Words that stand in most questions and say nothing of what they are about.
_COMMON = frozenset(
    _WORD.findall(
        """
        alla andra att bara blir borde bör den det detta dig din dom efter eller era ett finns fram
        från för får fått gör göra gjort har hos hur höra inte ingen inom jag kan kommun kommunen
        kommuner kommunerna kring med mer mot måste man ni nog någon något några när nästa och
        också olika om oss personen personer sig ska skall som tar till tycker under undrar upp ut
        vad var vara varför vart vem vet vi vid vilka vilken vilket vill åt än är över
        about and any are can does for from have how not our out that the they this what when where
        which who why with you your
        """
    )
)


@dataclass(frozen=True, slots=True)
class Alike:
    """A thread that may be about the same."""

    id: int
    href: str
    kind: ThreadKind
    title: str
    area_id: int
    solved: bool
    replies: int


async def threads(inside: Inside, title: str) -> list[Alike]:
    """Return at most five threads of the network, the most alike first. Hidden ones are not."""
    words = words_of(title)
    rows = await _candidates(inside, _parts(words))
    scored = [(likeness(words, words_of(row["title"])), row) for row in rows]
    best = sorted(
        (one for one in scored if one[0] >= ALIKE),
        key=lambda one: (-one[0], -one[1]["last_posted_at"].timestamp()),
    )
    return [
        Alike(
            id=row["id"],
            href=addresses.thread(inside.network.slug, row["id"]),
            kind=ThreadKind(row["kind"]),
            title=row["title"],
            area_id=row["area_id"],
            solved=bool(row["solved"]),
            replies=row["last_number"] - 1,
        )
        for _score, row in best[:AT_MOST]
    ]


async def _candidates(inside: Inside, parts: list[str]) -> list[Row]:
    """Return the threads in whose titles most of these parts of words are."""
    if not parts:
        return []
    named = {f"part_{chr(97 + number)}": f"%{part}%" for number, part in enumerate(parts)}
    # Of common letters the longer part says more.
    hits = " + ".join(
        f"CASE WHEN LOWER(t.title) LIKE :{name} THEN {len(pattern)} ELSE 0 END"
        for name, pattern in named.items()
    )
    return await inside.read(
        f"""
        SELECT * FROM (
            SELECT t.id, t.kind, t.title, t.area_id, t.last_number, t.last_posted_at,
                CASE WHEN t.solved_at IS NULL THEN 0 ELSE 1 END AS solved, {hits} AS hits
            FROM thread t WHERE t.network_id = :network_id AND t.hidden_at IS NULL
        ) found WHERE hits > 0 ORDER BY hits DESC, last_posted_at DESC LIMIT {CANDIDATES}
        """,  # noqa: S608 (only names of parameters and numbers are put in)
        **named,
    )


def words_of(title: str) -> list[str]:
    """Return the words that say what a title is about, each once."""
    found = _WORD.findall(title[:LONGEST].casefold())
    return list(dict.fromkeys(word for word in found if word not in _COMMON))


def likeness(one: list[str], other: list[str]) -> float:
    """Return how alike two titles' words are: 1 for the same words, 0 for nothing in common.

    A word counts by its length: the longer it is, the more it says.
    """
    if not one or not other:
        return 0.0
    shared = sum(len(word) * max(_alike(word, there) for there in other) for word in one)
    return shared / sqrt(sum(map(len, one)) * sum(map(len, other)))


@lru_cache(maxsize=REMEMBERED)
def _trigrams(word: str) -> tuple[str, frozenset[str]]:
    """Return a word's stem, and each three letters of it."""
    stem = _ENDING.sub("", word)
    return stem, frozenset(stem[at : at + 3] for at in range(len(stem) - 2))


def _alike(one: str, other: str) -> float:
    """Return how much of the shorter word is in the longer one; 0 when that may be chance."""
    (stem, here), (other_stem, there) = _trigrams(one), _trigrams(other)
    if min(len(stem), len(other_stem)) < SHORT:
        return float(stem == other_stem)
    overlap = len(here & there) / min(len(here), len(there))
    return overlap if overlap >= ALIKE_WORDS else 0.0


def _parts(words: list[str]) -> list[str]:
    """Return what to look for in titles: the beginnings of words, and the ends of long ones."""
    parts: list[str] = []
    for word in sorted(words, key=len, reverse=True):
        parts += [word[:5]] + ([word[-5:]] if len(word) >= 9 else [])
    # SQLite folds ASCII letters alone: for the others any letter will do.
    folded = (re.sub("[^a-z0-9]", "_", part) for part in parts)
    return list(dict.fromkeys(part for part in folded if part.strip("_")))[:PARTS]
