"""A page of a thread but for what is each reader's own: worded once, and kept for all of them.

What is kept are words, not HTML: they take half as much, and every reader's page is filled into
stencils from them, with what she may do and what is new to her.
"""

import marshal
from dataclasses import asdict, dataclass

from forum import language, organisations, perspective, reading
from forum.organisations import Coverage, Municipality
from forum.perspective import Perspective
from forum.reading import Entry, Facts, Thanker, ThreadView
from forum.reading_posts import posts_of
from forum.thread_states import State
from storage import clock
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.roles import Act
from web import post_words, thread_words
from web.caches import Cache
from web.compression import deflated, inflated
from web.stencils import Words


@dataclass(frozen=True, slots=True)
class Key:
    """All that the words are made of: nobody's name, and so nobody's alone."""

    thread_id: int
    version: int
    page: int
    #: See storage.people.Epoch and Network.arrangement.
    people: int | None
    arrangement: int
    lists_members: bool
    may_file: bool
    language: str
    #: Of the present year, dates do not name it.
    year: int


@dataclass(frozen=True, slots=True)
class Shared:
    """A page of a thread as all its readers have it in common."""

    facts: Facts
    #: Of a question, which municipalities have answered it.
    coverage: Coverage | None
    entries: list[Entry]
    thanks: list[Thanker]
    #: Of the page around the posts, and of each post; here no word is empty.
    words: Words
    posts: list[Words]

    def as_seen_by(self, inside: Inside, state: State) -> Perspective:
        """Return what its posts are to a reader who has got so far."""
        return perspective.of(inside, self.entries, self.thanks, state.read_to)


async def shared(
    cache: Cache, inside: Inside, state: State, thread_id: int, page: int
) -> tuple[Shared, ThreadView | None]:
    """Return a page as it was kept, or made of its rows now, and then these as well.

    ``state`` was read before. Raises NotFound for no such page.
    """
    key = Key(
        thread_id,
        state.version,
        page,
        state.people,
        inside.network.arrangement,
        inside.may(Act.LIST_MEMBERS),
        inside.may(Act.FILE),
        language.current(),
        clock.today().year,
    )
    kept = cache.get(key, bytes)
    if kept is None:
        # Those who have it open come together when something in it is new.
        async with cache.making(key):
            kept = cache.get(key, bytes)
            if kept is None:
                view = await reading.view(inside, thread_id, page)
                made = await _worded(cache, inside, view, state.people)
                packed = _packed(made)
                cache.put(key, packed, len(packed))
                return made, view
    return _unpacked(kept), None


async def _worded(cache: Cache, inside: Inside, view: ThreadView, people: int | None) -> Shared:
    around = post_words.Around.of(inside, view)
    coverage = None
    if view.thread.kind == ThreadKind.QUESTION:
        asked = await _municipalities(cache, inside, people)
        coverage = await organisations.answers(inside, view.thread, asked)
    return Shared(
        facts=view.facts,
        coverage=coverage,
        entries=list(view.entries),
        thanks=list(view.thanks),
        words=thread_words.words_of(inside, view, coverage),
        posts=[
            {name: word for name, word in post_words.words_of(post, around).items() if word}
            for post in await posts_of(inside, view)
        ],
    )


def _packed(made: Shared) -> bytes:
    """Return it as bytes: marshal, which never leaves the process, takes a third of JSON's time."""
    parts = (
        asdict(made.facts) | {"kind": made.facts.kind.value},
        asdict(made.coverage) if made.coverage else None,
        [tuple(one) for one in made.entries],
        [tuple(one) for one in made.thanks],
        _plain(made.words),
        [_plain(words) for words in made.posts],
    )
    return deflated(marshal.dumps(parts))


def _plain(words: Words) -> dict[str, str]:
    # Marshal takes no class but Python's own.
    return {name: str(word) for name, word in words.items()}


def _unpacked(kept: bytes) -> Shared:
    facts, coverage, *parts = marshal.loads(inflated(kept))  # noqa: S302 (of our own memory)
    facts["kind"] = ThreadKind(facts["kind"])
    return Shared(Facts(**facts), Coverage(**coverage) if coverage else None, *parts)


async def _municipalities(cache: Cache, inside: Inside, people: int | None) -> list[Municipality]:
    """Return the network's municipalities, read once until its members change."""
    key = ("municipalities", inside.network.id, inside.network.arrangement, people)
    found = cache.get(key, list)
    if found is None:
        found = await organisations.municipalities_of(inside)
        cache.put(key, found)
    return found
