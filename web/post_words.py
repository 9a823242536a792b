"""The words of one post, by the names that its template has for them."""

from dataclasses import dataclass

from markupsafe import escape

from forum import addresses, hiding
from forum.reading import ThreadView
from forum.reading_posts import PostView
from storage.door import Inside
from storage.roles import Act, Role
from web.jinja import initials, macro, post_html, time_element
from web.stencils import NONE, YES, Words, yes


@dataclass(frozen=True, slots=True)
class Around:
    """What a page's posts have in common: where they stand, and what their reader may do."""

    inside: Inside
    slug: str
    base: str
    here: str
    #: Where a post is quoted, but for its number.
    quotation: str
    lists_members: bool
    replies: bool
    thanks: bool
    #: She has asked the question, and says what helped.
    asks: bool
    edits: bool
    moderates: bool

    @classmethod
    def of(cls, inside: Inside, view: ThreadView, *, asks: bool) -> "Around":
        """Ask once what would be asked for each post."""
        slug = inside.network.slug
        here = addresses.thread(slug, view.thread.id)
        page = f"page={view.page}&" if view.page > 1 else ""
        return cls(
            inside=inside,
            slug=slug,
            base=addresses.network(slug),
            here=here,
            quotation=f"{here}?{page}quote=",
            lists_members=inside.may(Act.LIST_MEMBERS),
            replies=inside.may(Act.REPLY) and view.thread.closed_at is None,
            thanks=inside.may(Act.THANK),
            asks=asks,
            edits=inside.may(Act.EDIT),
            moderates=inside.may(Act.MODERATE) or inside.may(Act.ERASE),
        )


def words_of(post: PostView, around: Around) -> Words:
    """Return a post's words, escaped; what it does not have is empty."""
    number = str(post.number)
    words = {
        "number": escape(number),
        "here": escape(f"{around.here}/posts/{number}"),
        "author": escape(post.author),
        "organisation": escape(post.organisation),
        "title": escape(post.title),
        "created": time_element(post.created_at),
    }
    if post.new:
        words["new"] = YES
    _add_person(words, post, around)
    if post.hidden_at is not None:
        return words | _hidden(post, around)
    words["body"] = post_html(post.body_html, around.lists_members)
    _add_acts(words, post, around, number)
    return words | _rare(post, around)


def _add_person(words: Words, post: PostView, around: Around) -> None:
    """Add where its author's page is, and her picture or her initials."""
    if around.lists_members and post.membership_id:
        words["member"] = escape(f"{around.base}/members/{post.membership_id}")
        if post.picture:
            address = addresses.picture(around.slug, post.membership_id, post.picture)
            words["picture"] = escape(address)
            return
    words["initials"] = escape(initials(post.author))


def _add_acts(words: Words, post: PostView, around: Around, number: str) -> None:
    """Add what its reader can do with it."""
    if around.moderates or (post.mine and around.edits):
        words["may_more"] = YES
    if not post.body_html:
        return
    if around.thanks and not post.mine:
        words["may_thank"] = YES
        if post.thanks.mine:
            words["thanked_by_me"] = YES
    if around.replies:
        words["quotation"] = escape(f"{around.quotation}{number}#reply")
    if around.asks and post.id:
        words["help"] = escape(f"{around.base}/replies/{post.id}/help")


def _rare(post: PostView, around: Around) -> Words:
    """Return what few posts have."""
    words = {}
    if post.short_html:
        words["short"] = post_html(post.short_html, around.lists_members)
        words["short_picture"] = macro("attachments.html", "short_picture", post.files, around.slug)
    if post.edited_at:
        words["edited"] = time_element(post.edited_at, "short")
    if post.helped_at:
        words["helped"] = time_element(post.helped_at, "short")
        words["helped_by"] = escape(post.helped_by)
    if post.erased_at:
        words["erased"] = time_element(post.erased_at, "date")
    if post.files:
        words["files"] = macro("attachments.html", "shown", post.files, around.slug)
    if post.thanks.names:
        words["thanked"] = macro("posts/thanked.html", "thanked", post.thanks.names)
    return words


def _hidden(post: PostView, around: Around) -> Words:
    """Return what stands in the place of a post that is hidden or has moved."""
    if post.moved_to:
        moved = addresses.thread(around.slug, post.moved_to)
        return {"hidden": YES, "moved": escape(moved)}
    return {
        "hidden": time_element(post.hidden_at, "short") if post.hidden_at else NONE,
        "hidden_by": escape(post.hidden_by),
        "may_show": yes(hiding.may_show(around.inside, post)),
        "may_read_hidden": yes(around.inside.role == Role.COORDINATOR),
        "may_more": yes(around.moderates),
    }
