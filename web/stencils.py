"""Templates that are rendered once with holes in them, and then filled in many times.

A page has dozens of posts that differ in little but their words. A template is rendered for each
set of words that a post has; the posts themselves are one ``%`` each.
"""

import re
from collections.abc import Callable, Mapping
from operator import itemgetter

from markupsafe import Markup

#: Words by their names, escaped; what there is not is empty.
Words = dict[str, Markup]
NONE = Markup("")
YES = Markup("yes")

# No page may hold the character around a hole's name (HTML, 13.2.3.5), so no word of ours does.
_HOLE = re.compile("\0([a-z_]+)\0")
# Of the templates, for who reads them; where it stands one line's end means the same.
_INDENT = re.compile(r"\s*\n\s*")


def yes(said: object) -> Markup:
    """Return a word that is there when this is true."""
    return YES if said else NONE


def holes(words: Mapping[str, Markup]) -> tuple[str, ...]:
    """Return the names of the words that there are: what a stencil is cut for."""
    return tuple([name for name, word in words.items() if word])


class Holes(dict[str, Markup]):
    """What a template is rendered with: it may ask whether there is a word, and set it.

    Jinja looks for an attribute first, so no word may be called as one of a dict is: ``items``.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__((name, Markup(f"\0{name}\0")) for name in names)  # noqa: S704

    def __missing__(self, name: str) -> Markup:
        return Markup("")


class Stencil:
    """A piece of a page with holes."""

    def __init__(self, html: str) -> None:
        # Names are looked up before: "%s" costs half of what "%(name)s" does.
        self._names = tuple(_HOLE.findall(html))
        self._words: Callable[[Mapping[str, str]], object] = _picker(self._names)
        self._pattern = _HOLE.sub("%s", _INDENT.sub("\n", html).replace("%", "%%"))

    @property
    def size(self) -> int:
        """How many bytes it takes, but for a few."""
        return len(self._pattern) + 10 * len(self._names)

    def fill(self, words: Mapping[str, str]) -> Markup:
        """Return the piece with these words, which are escaped already, in its holes."""
        return Markup(self.text(words))  # noqa: S704 (rendered)

    def text(self, words: Mapping[str, str]) -> str:
        """Return the same for what is put together of many."""
        return self._pattern % self._words(words)


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, str]], object]:
    """Return what picks a stencil's words; of two or more, in half the time that a loop takes."""
    return itemgetter(*names) if names[1:] else lambda words: tuple([words[one] for one in names])
