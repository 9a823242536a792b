"""What somebody may do with a post, beside answering it."""

from dataclasses import dataclass

from forum import hiding, marks, posts
from storage import door
from storage.discussions import Post, Reply, Thread, ThreadKind
from storage.door import Inside
from storage.roles import Act


@dataclass(frozen=True, slots=True)
class PostActs:
    """A post with what she may do with it, at least one thing."""

    thread: Thread
    post: Post
    change: bool
    #: Say that it helped, or take that back.
    help: bool
    hide: bool
    split: bool
    erase: bool


async def acts(inside: Inside, thread_id: int, number: int) -> PostActs:
    """Return what she may do with a post. Raises NotFound, Moved, and Forbidden for nothing."""
    thread, post = await posts.readable(inside, thread_id, number)
    mine, hidden = post.author_id == inside.person.id, post.hidden_at is not None
    readable = post.body != "" and not hidden
    # A coordinator's hiding stands also where its author was first.
    takes_over = hidden and not mine and post.hidden_by_id == post.author_id
    answers = isinstance(post, Reply) and thread.kind == ThreadKind.QUESTION
    found = PostActs(
        thread=thread,
        post=post,
        change=mine and readable and thread.closed_at is None and inside.may(Act.EDIT),
        help=answers and readable and marks.may_mark(inside, thread.author_id),
        hide=hiding.may_hide(inside, post) and (not hidden or takes_over),
        split=inside.may(Act.MODERATE) and number > 1 and not hidden,
        erase=inside.may(Act.ERASE),
    )
    if not (found.change or found.help or found.hide or found.split or found.erase):
        # Said first when the network is archived.
        inside.require(Act.EDIT)
        raise door.Forbidden("change what another has written")
    return found
