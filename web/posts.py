"""The posts of a thread's page, rendered and compressed once for all who are shown the same."""

from dataclasses import dataclass

from markupsafe import Markup

from forum import language
from forum.reading import ThreadView
from forum.reading_posts import PostView, posts_of
from storage import clock
from storage.discussions import ThreadKind
from storage.door import Inside
from storage.roles import Role
from web.caches import Cache
from web.compression import Piece, piece
from web.fragments import fragment
from web.jinja import rendered
from web.post_words import Around, words_of
from web.stencils import NONE, holes

# Stands between the opening and the replies until they are parted. No text holds it.
_UNDER = Markup("<under-the-opening>")


@dataclass(frozen=True, slots=True)
class Key:
    """All that the posts of a page are rendered from: nobody's name, and so nobody's alone."""

    thread_id: int
    version: int
    page: int
    #: See storage.people.Epoch and Network.arrangement.
    people: int | None
    arrangement: int
    archived: bool
    role: Role
    asks: bool
    language: str
    #: Of the present year, dates do not name it.
    year: int
    new: tuple[int, ...]
    mine: tuple[int, ...]
    thanked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Posts:
    """The opening post, empty but on the first page, and the replies."""

    opening: Piece
    replies: Piece


async def posts(
    cache: Cache, inside: Inside, view: ThreadView, *, people: int | None, asks: bool
) -> Posts:
    """Return the posts of a page as they were kept, or render them now.

    ``people`` is the epoch that was read before the page's rows.
    """
    key = _key(inside, view, people, asks)
    kept = cache.get(key, Posts)
    if kept is None:
        html = _html(cache, inside, view, await posts_of(inside, view), asks=asks)
        opening, _, replies = html.rpartition(_UNDER)
        kept = Posts(piece(opening), piece(replies))
        cache.put(key, kept, len(kept.opening.deflated) + len(kept.replies.deflated))
    return kept


def _key(inside: Inside, view: ThreadView, people: int | None, asks: bool) -> Key:
    thread, network = view.thread, inside.network
    here = view.numbers
    thanked = [number for number, thanks in view.thanks.items() if thanks.mine]
    return Key(
        thread.id,
        thread.version,
        view.page,
        people,
        network.arrangement,
        network.state == "archived",
        inside.role,
        asks,
        language.current(),
        clock.today().year,
        tuple(sorted(view.new.intersection(here))),
        tuple(sorted(view.mine.intersection(here))),
        tuple(sorted(thanked)),
    )


def _html(
    cache: Cache, inside: Inside, view: ThreadView, shown: list[PostView], *, asks: bool
) -> str:
    thread = view.thread
    around = Around.of(inside, view, asks=asks)
    articles = {post.number: _article(cache, post, around) for post in shown}
    opening = articles.pop(1, NONE)
    # A line stands before the first new reply, but not within a thread that is new as a whole.
    begins = view.first_new if view.first_new != 1 else None
    first_new = begins or thread.last_number + 1
    read = NONE.join(html for number, html in articles.items() if number < first_new)
    unread = NONE.join(html for number, html in articles.items() if number >= first_new)
    return rendered(
        "threads/posts.html",
        opening=opening,
        under=_UNDER,
        read=read,
        unread=unread,
        question=thread.kind == ThreadKind.QUESTION,
        answers=thread.last_number - 1,
        page=view.page,
        pages=view.pages,
    )


def _article(cache: Cache, post: PostView, around: Around) -> Markup:
    words = words_of(post, around)
    return fragment(cache, "posts/post.html", within={"post": holes(words)}).fill(words)
