"""Drafts of several networks at once: one person's, and those that nobody has touched for long."""

from datetime import datetime

from tortoise.queryset import QuerySet

from storage.discussions import Thread
from storage.door import Inside
from storage.readers import Draft


async def in_networks(mine: list[Inside]) -> list[tuple[Draft, str]]:
    """Return what the person who is inside these has begun, the latest first.

    With each reply stands the title of its thread; it is empty when the thread has been hidden.
    """
    if not mine:
        return []
    networks = [inside.network.id for inside in mine]
    hers = QuerySet(Draft).filter(person_id=mine[0].person.id, network_id__in=networks)
    drafts = await hers.order_by("-saved_at", "-id")
    answered = [draft.thread_id for draft in drafts if draft.thread_id is not None]
    titles: dict[int, str] = {}
    if answered:
        shown = QuerySet(Thread).filter(
            id__in=answered, network_id__in=networks, hidden_at__isnull=True
        )
        titles = {thread.id: thread.title for thread in await shown.only("id", "title")}
    return [(draft, titles.get(draft.thread_id or 0, "")) for draft in drafts]


async def forget(before: datetime) -> None:
    """Delete drafts that have not changed since then."""
    await QuerySet(Draft).filter(saved_at__lt=before).delete()
