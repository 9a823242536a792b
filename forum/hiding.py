"""Hiding a post, and "Ångra". Its text is kept, and coordinators can still read it."""

from typing import Protocol

from forum import posts
from storage import clock, database, door
from storage.door import Inside
from storage.events import EventKind
from storage.roles import Act, Role


class Written(Protocol):
    """A post, however it was read."""

    @property
    def author_id(self) -> int:
        """Who wrote it."""

    @property
    def hidden_by_id(self) -> int | None:
        """Who has hidden it."""


async def hide(inside: Inside, thread_id: int, number: int, *, hidden: bool) -> None:
    """Hide a post, or show it again; what is so already stays as it is.

    Raises NotFound for no such post, Forbidden for others than its author and coordinators, and
    for an author who would show what a coordinator has hidden.
    """

    async def work() -> None:
        thread, post = await posts.locked(inside, Act.EDIT, thread_id, number)
        allowed = may_hide(inside, post) if hidden else may_show(inside, post)
        if not allowed:
            raise door.Forbidden("hide what another has written, or show what another has hidden")
        # A coordinator's hiding stands also where its author was first.
        takes_over = hidden and post.hidden_by_id == post.author_id != inside.person.id
        if (post.hidden_at is not None) == hidden and not takes_over:
            return
        await posts.amend(
            inside,
            thread,
            post,
            hidden_at=clock.now() if hidden else None,
            hidden_by_id=inside.person.id if hidden else None,
        )
        kind = EventKind.POST_HIDDEN if hidden else EventKind.POST_SHOWN
        await posts.record(inside, kind, post)

    await database.write(work)


def may_hide(inside: Inside, post: Written) -> bool:
    """Say whether she may hide this post: her own, or a coordinator any."""
    mine = post.author_id == inside.person.id
    return inside.may(Act.EDIT) and (mine or inside.role == Role.COORDINATOR)


def may_show(inside: Inside, post: Written) -> bool:
    """Say whether she may show it again: an author only what she has hidden herself."""
    mine = post.author_id == inside.person.id
    return may_bring_back(inside, mine=mine, withdrawn=withdrawn(post))


def may_bring_back(inside: Inside, *, mine: bool, withdrawn: bool) -> bool:
    """Say the same of a post of which no more is known than whether it is hers, and withdrawn."""
    leads = inside.role == Role.COORDINATOR
    return inside.may(Act.EDIT) and (leads or (mine and withdrawn))


def withdrawn(post: Written) -> bool:
    """Say whether a hidden post was hidden by its author, rather than by a coordinator."""
    return post.hidden_by_id in {None, post.author_id}
