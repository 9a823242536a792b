"""Who is asking and whether she may come in, remembered for as long as nothing of that changes.

Every page looks it up, and it is the same from one page to the next. A page that has just learnt
that no row which says so has been written since need not look again, whatever else has been.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TypeVar, TypeVarTuple

from storage import database
from storage.stamps import Stamp

Ts = TypeVarTuple("Ts")
T = TypeVar("T")

#: So many things of each kind, of 1,500 bytes each.
AT_MOST = 3_000

_stamp: ContextVar[Stamp | None] = ContextVar("stamp", default=None)


@contextmanager
def at(stamp: Stamp | None) -> Iterator[None]:
    """Let what is done within take what was looked up since the database had this standing.

    ``stamp`` is what ``database.stamp`` has just returned, for what only reads; with None
    everything is looked up, whatever is done around it.
    """
    token = _stamp.set(stamp)
    try:
        yield
    finally:
        _stamp.reset(token)


def remembered(
    look_up: Callable[[*Ts], Awaitable[T | None]],
) -> Callable[[*Ts], Awaitable[T | None]]:
    """Have what a look-up finds given again to who asks for the same at the same standing.

    It must be of nothing but rows that the standing counts the changes of: see
    ``storage.stamps``. What is given was read after the stamp was, so it is no older than the page
    that asks. It is given to many: nobody may change it.
    """
    found: dict[tuple[object, ...], T] = {}
    known_at: tuple[int, int | str] | None = None

    @wraps(look_up)
    async def looked_up(*args: *Ts) -> T | None:
        nonlocal known_at
        stamp = _stamp.get()
        if stamp is None or stamp.standing is None or database.writing():
            return await look_up(*args)
        asked_at = stamp.opened, stamp.standing
        if asked_at != known_at:
            known_at = asked_at
            found.clear()
        if args in found:
            return found[args]
        one = await look_up(*args)
        # Others may have come at a later one meanwhile.
        if one is not None and asked_at == known_at:
            if len(found) >= AT_MOST:
                # The one that was looked up first: whoever still comes is looked up again.
                del found[next(iter(found))]
            found[args] = one
        return one

    return looked_up
