"""What somebody has to answer, and what is new to her, in all her networks together."""

from dataclasses import dataclass
from datetime import date

from forum import listings
from forum.listed_threads import ListedThread
from forum.listings import Filter
from forum.my_networks import MyNetwork
from storage.door import Inside
from storage.roles import Act

#: Of each network.
AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A thread, and the name of its network."""

    row: ListedThread
    network: str


async def to_answer(mine: list[Inside]) -> list[Found]:
    """Return others' questions that nobody has answered, or that her municipality is asked.

    Those that are asked of her come first, the one with the least time left on top.
    """
    found: list[Found] = []
    for inside in mine:
        if not inside.may(Act.REPLY):
            continue
        rows: dict[int, ListedThread] = {}
        for which in (Filter.ASKED, Filter.UNANSWERED):
            listed = await listings.threads(inside, which, limit=AT_MOST)
            rows |= {row.id: row for row in listed.rows if _may_answer(inside, row)}
        found += [Found(row, inside.network.name) for row in rows.values()]
    latest = _latest([one for one in found if not one.row.asks_us])
    return _by_last_day([one for one in found if one.row.asks_us]) + latest


def reminded(mine: list[MyNetwork]) -> list[Found]:
    """Return what her municipality has been reminded of, the least time left first."""
    return _by_last_day(
        [
            Found(row, one.inside.network.name)
            for one in mine
            if one.inside.may(Act.REPLY)
            for row in one.reminded
            if _may_answer(one.inside, row)
        ]
    )


def _may_answer(inside: Inside, row: ListedThread) -> bool:
    return row.author_id != inside.person.id and not row.closed


async def new(mine: list[Inside]) -> list[Found]:
    """Return the threads in which there is something that she has not read."""
    found: list[Found] = []
    for inside in mine:
        listed = await listings.threads(inside, Filter.UNREAD, limit=AT_MOST)
        found += [Found(row, inside.network.name) for row in listed.rows]
    return _latest(found)


def _by_last_day(found: list[Found]) -> list[Found]:
    return sorted(found, key=lambda one: (one.row.answer_by or date.max, one.row.id))


def _latest(found: list[Found]) -> list[Found]:
    return sorted(found, key=lambda one: one.row.last_posted_at, reverse=True)
