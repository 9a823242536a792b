"""What a thread is to one of its readers: which posts are her own, new, or thanked for by her."""

from collections.abc import Iterable
from dataclasses import dataclass

from forum import reading, thread_states
from forum.read_marks import new_since
from forum.reading import Entry, Thanker
from storage.door import Inside


@dataclass(frozen=True, slots=True)
class Perspective:
    """Some posts of a thread by their numbers, as one reader sees them."""

    #: What she has not been shown, of the whole thread.
    new: frozenset[int]
    mine: frozenset[int]
    #: What she has thanked for.
    thanked: frozenset[int]

    @property
    def unread(self) -> int:
        """How many posts are new to her."""
        return len(self.new)

    @property
    def first_unread(self) -> int | None:
        """The number of the first new post, whatever page it is on."""
        return min(self.new, default=None)

    def first_new(self, numbers: Iterable[int]) -> int | None:
        """Return the number of the first new post among those of a page."""
        return min(self.new.intersection(numbers), default=None)


def of(
    inside: Inside, entries: Iterable[Entry], thanks: Iterable[Thanker], read_to: int | None
) -> Perspective:
    """Return what these posts are to her, who has been shown them up to ``read_to``.

    What is hidden, or has become a thread of its own, is new to nobody.
    """
    person_id, since, read = inside.person.id, new_since(inside).timestamp(), read_to or 0
    mine, new = set(), set()
    for number, author_id, written, hidden in entries:
        if author_id == person_id:
            mine.add(number)
        elif number > read and written >= since and not hidden:
            new.add(number)
    thanked = frozenset(one[0] for one in thanks if one[1] == person_id)
    return Perspective(frozenset(new), frozenset(mine), thanked)


async def on(inside: Inside, thread_id: int) -> Perspective:
    """Return what a thread is to her, read now. Raises NotFound for no such thread."""
    state = await thread_states.state(inside, thread_id)
    view = await reading.view(inside, thread_id)
    return of(inside, view.entries, view.thanks, state.read_to)
