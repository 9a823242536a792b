"""The words of one post, by the names that its template has for them."""

from dataclasses import dataclass

from markupsafe import escape

from forum import addresses, hiding
from forum.reading import ThreadView
from forum.reading_posts import PostView
from storage.door import Inside
from storage.roles import Act
from web.jinja import initials, macro, post_html, time_element
from web.stencils import NONE, YES, Words


@dataclass(frozen=True, slots=True)
class Around:
    """What a page's posts have in common: where they stand, and who their readers are."""

    slug: str
    base: str
    here: str
    lists_members: bool
    may_file: bool

    @classmethod
    def of(cls, inside: Inside, view: ThreadView) -> "Around":
        """Ask once what would be asked for each post."""
        slug = inside.network.slug
        return cls(
            slug=slug,
            base=addresses.network(slug),
            here=addresses.thread(slug, view.thread.id),
            lists_members=inside.may(Act.LIST_MEMBERS),
            may_file=inside.may(Act.FILE),
        )


def words_of(post: PostView, around: Around) -> Words:
    """Return a post's words, escaped; what it does not have is empty or left out."""
    number = str(post.number)
    words = {
        "number": escape(number),
        "here": escape(f"{around.here}/posts/{number}"),
        "author": escape(post.author),
        "organisation": escape(post.organisation),
        "title": escape(post.title),
        "created": time_element(post.created_at),
    }
    _add_person(words, post, around)
    if post.hidden_at is not None:
        return words | _hidden(post, around)
    words["body"] = post_html(post.body_html, around.lists_members)
    if post.id:
        words["id"] = escape(post.id)
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
        here = f"{around.here}/posts/{post.number}"
        if around.may_file and any(one.erased_at is None for one in post.files):
            words["files"] += macro("attachments.html", "filing", here, post.number)
    if post.thanked_by:
        words["thanked"] = macro("posts/thanked.html", "thanked", post.thanked_by)
    return words


def _hidden(post: PostView, around: Around) -> Words:
    """Return what stands in the place of a post that is hidden or has moved."""
    if post.moved_to:
        moved = addresses.thread(around.slug, post.moved_to)
        return {"hidden": YES, "moved": escape(moved)}
    hidden = {
        "hidden": time_element(post.hidden_at, "short") if post.hidden_at else NONE,
        "hidden_by": escape(post.hidden_by),
    }
    return hidden | ({"withdrawn": YES} if hiding.withdrawn(post) else {})
