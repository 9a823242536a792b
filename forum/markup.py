"""Markdown in, safe HTML out: the only writer of `body_html`.

Text is tidied, bounded, parsed by markdown-it-py and then cleaned by bleach's allow-list, which
is a second lock: with `html=False` the parser passes no markup of the writer's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from forum import markup_bounds
from forum.markup_bounds import (
    MAX_CHARACTERS,
    MAX_MENTIONS,
    SECONDS,
    USERNAME,
    MarkupRefused,
)
from forum.render_pool import PoolFullError, RenderPool, TooSlowError, WorkerLostError

__all__ = ["MarkupRefused", "Mention", "Rendered", "busy", "close", "render", "usernames_in"]


_WORK: Final = "forum.safe_html"


@dataclass(frozen=True, slots=True)
class Mention:
    """A member who can be mentioned in this network."""

    username: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """Safe HTML, the usernames that became links in it, and the text it came from."""

    html: str
    mentioned: frozenset[str]
    #: The text as it is to be stored: within bounds, without what nobody can see.
    text: str


def usernames_in(text: str) -> frozenset[str]:
    """Give the usernames, lower case and at most 50, that the Markdown `text` may mention.

    Whether somebody has them, and whether they stand in code, is for `render` to see.
    """
    found: set[str] = set()
    for match in USERNAME.finditer(text[: 2 * MAX_CHARACTERS]):
        found.add(match["username"].lower())
        if len(found) == MAX_MENTIONS:
            break
    return frozenset(found)


async def render(text: str, members: Mapping[str, Mention] = {}) -> Rendered:
    """Render the Markdown `text`; mentions of `members`, by username, become links.

    Raises MarkupRefused. What is not short and plain is rendered in another process, so that the
    event loop is never held.
    """
    text = markup_bounds.tidied(text)
    markup_bounds.check_length(text)
    people = {username: asdict(member) for username, member in members.items()}
    if markup_bounds.is_light(text):
        answer = load()(text, people)
    else:
        try:
            answer = await pool.call(f"{_WORK}:html_of", text, people)
        except PoolFullError as error:
            raise busy() from error
        except (TooSlowError, WorkerLostError) as error:
            raise MarkupRefused("too_slow", int(SECONDS)) from error
    if refused := answer.get("refused"):
        raise MarkupRefused(*refused)
    return Rendered(answer["html"], frozenset(answer["mentioned"]), text)


def busy() -> MarkupRefused:
    """Return what is raised when so much waits that this text is not taken in."""
    return MarkupRefused("busy", 0)


def load() -> Callable[..., dict[str, Any]]:
    """Have what renders at hand, which takes a while the first time; return its one function."""
    from forum.safe_html import html_of

    return html_of


async def close() -> None:
    """End the processes that render; the next long text starts them anew."""
    await pool.close()


# Its workers import what renders, and nothing else: no settings, no database.
pool: Final = RenderPool(_WORK, seconds=SECONDS)
