"""The posts of a thread's page, filled into their stencils for one reader."""

from dataclasses import dataclass

from markupsafe import Markup

from forum import hiding
from forum.perspective import Perspective
from storage.door import Inside
from storage.roles import Act, Role
from web.caches import Cache
from web.fragments import fragment
from web.shared_threads import Shared
from web.stencils import YES, Stencil, Words


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a page, by what matters to each of its posts."""

    inside: Inside
    perspective: Perspective
    #: Where a post is quoted, but for its number; nothing when she may not answer.
    quotation: str
    #: Where an answer is marked, likewise; nothing unless she has asked the question.
    help: str
    thanks: bool
    edits: bool
    moderates: bool

    @classmethod
    def of(
        cls, inside: Inside, shared: Shared, perspective: Perspective, *, asks: bool
    ) -> "Reader":
        """Ask once what would be asked for each post; ``asks`` says that she has asked."""
        facts, words = shared.facts, shared.words
        replies = inside.may(Act.REPLY) and not facts.closed
        page = f"page={facts.page}&amp;" if facts.page > 1 else ""
        return cls(
            inside=inside,
            perspective=perspective,
            quotation=f"{words['here']}?{page}quote=" if replies else "",
            help=f"{words['base']}/replies/" if asks else "",
            thanks=inside.may(Act.THANK),
            edits=inside.may(Act.EDIT),
            moderates=inside.may(Act.MODERATE) or inside.may(Act.ERASE),
        )


def filled(cache: Cache, shared: Shared, reader: Reader) -> dict[str, Markup]:
    """Return the opening post, which only the first page has, the others, and those that are new.

    A line stands before the first new reply, but not within a thread that is new as a whole.
    """
    stencils: dict[tuple[str, ...], Stencil] = {}
    opening: list[str] = []
    read: list[str] = []
    new: list[str] = []
    first_new = reader.perspective.first_new(shared.facts.numbers)
    place = read
    for number, words in zip(shared.facts.numbers, shared.posts, strict=True):
        _add_hers(words, number, reader)
        names = tuple(words)
        stencil = stencils.get(names)
        if stencil is None:
            stencil = stencils[names] = fragment(cache, "posts/post.html", within={"post": names})
        if number == first_new and number > 1:
            place = new
        (opening if number == 1 else place).append(stencil.text(words))
    return {"opening": _joined(opening), "read": _joined(read), "new": _joined(new)}


def _joined(html: list[str]) -> Markup:
    return Markup("".join(html))  # noqa: S704 (stencils)


def _add_hers(words: Words, number: int, reader: Reader) -> None:
    """Add what is new to her, and what she can do with it."""
    mine = number in reader.perspective.mine
    if number in reader.perspective.new:
        words["new"] = YES
    if reader.moderates or (mine and reader.edits and "hidden" not in words):
        words["may_more"] = YES
    if "hidden" in words:
        _add_hidden(words, reader, mine=mine)
    elif words.get("body"):
        _add_acts(words, number, reader, mine=mine)


def _add_hidden(words: Words, reader: Reader, *, mine: bool) -> None:
    if hiding.may_bring_back(reader.inside, mine=mine, withdrawn="withdrawn" in words):
        words["may_show"] = YES
    if reader.inside.role == Role.COORDINATOR:
        words["may_read_hidden"] = YES


def _add_acts(words: Words, number: int, reader: Reader, *, mine: bool) -> None:
    if reader.thanks and not mine:
        words["may_thank"] = YES
        if number in reader.perspective.thanked:
            words["thanked_by_me"] = YES
    if reader.quotation:
        words["quotation"] = Markup(f"{reader.quotation}{number}#reply")  # noqa: S704 (digits)
    if reader.help and "id" in words:
        words["help"] = Markup(f"{reader.help}{words['id']}/help")  # noqa: S704 (digits)
