"""What every page looks up, remembered for as long as nobody has written anything at all.

Who is asking, and whether she may come in, is the same from one page to the next. A page that has
just learnt that nothing has been written since need not look again.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TypeVar, TypeVarTuple

from storage import database
from storage.database import Stamp

Ts = TypeVarTuple("Ts")
T = TypeVar("T")

#: So many things of each kind, of a few thousand bytes each.
AT_MOST = 1_000

_stamp: ContextVar[Stamp | None] = ContextVar("stamp", default=None)


@contextmanager
def at(stamp: Stamp | None) -> Iterator[None]:
    """Let what is done within take what was looked up since the database had this stamp.

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
    """Have what a look-up finds given again to who asks for the same at the same stamp.

    What is given was read after the stamp was, so it is no older than the page that asks. It is
    given to many: nobody may change it.
    """
    found: dict[tuple[object, ...], T] = {}
    known_at: Stamp | None = None

    @wraps(look_up)
    async def looked_up(*args: *Ts) -> T | None:
        nonlocal known_at
        stamp = _stamp.get()
        if stamp is None or database.writing():
            return await look_up(*args)
        if stamp != known_at or len(found) >= AT_MOST:
            known_at = stamp
            found.clear()
        if args in found:
            return found[args]
        one = await look_up(*args)
        # Others may have come with a newer stamp meanwhile.
        if one is not None and stamp == known_at:
            found[args] = one
        return one

    return looked_up
