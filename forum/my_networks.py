"""A person's networks, with what is new in each."""

from dataclasses import dataclass

from forum.language import swedish_key
from forum.listed_threads import ListedThread, listed
from forum.listings import reminded
from forum.unread import count_unread
from storage import door
from storage.door import Inside
from storage.people import Person


@dataclass(frozen=True, slots=True)
class MyNetwork:
    """One of my networks, with what is new in it."""

    inside: Inside
    unread: int
    latest: list[ListedThread]
    #: What her municipality has been reminded of, see ``listings.reminded``.
    reminded: list[ListedThread]


async def my_networks(person: Person, latest: int) -> list[MyNetwork]:
    """Return the person's networks with their latest threads, what is new first."""
    mine = [
        MyNetwork(
            inside,
            await count_unread(inside),
            await listed(inside, limit=latest) if latest else [],
            await reminded(inside) if latest else [],
        )
        for inside in await door.enter_all(person)
    ]
    return sorted(mine, key=lambda one: (one.unread == 0, swedish_key(one.inside.network.name)))
