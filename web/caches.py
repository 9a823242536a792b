"""What has been made and may be asked for again, within a bound of bytes."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar
from weakref import WeakValueDictionary

V = TypeVar("V")

#: All that one process keeps, in bytes.
LIMIT = 64 * 1024 * 1024
# What an entry takes beside its bytes: its key and value, which are of some dozen small things, and
# its place. As measured, so that the limit is that of the process and not only of the bytes.
OVERHEAD = 300
#: A page is made in a hundredth of it.
PATIENCE_SECONDS = 2.0


class Cache:
    """Keeps values by their keys; what was used longest ago makes room.

    A key holds all that its value was made of, so that nothing kept is ever wrong: what has
    changed is asked for under another key, and the old value is never asked for again.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        #: In bytes, never above the limit.
        self.size = 0
        # The first was used longest ago. A plain dict finds its first by passing the places of all
        # that were taken out before it.
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._people: int | None = None
        self._making: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    def get(self, key: Hashable, kind: type[V]) -> V | None:
        """Return what is kept under this key, which is of this kind, or None."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        value = found[0]
        return value if isinstance(value, kind) else None

    @asynccontextmanager
    async def making(self, key: Hashable) -> AsyncIterator[None]:
        """Let one make what is to be kept under this key.

        Who wants the same meanwhile waits for it, and finds it kept; or makes it as well when that
        takes long, since the first may wait for a connection that is dead.
        """
        lock = self._making.get(key)
        if lock is None:
            lock = self._making[key] = asyncio.Lock()
        mine = False
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await lock.acquire()
                mine = True
        try:
            yield
        finally:
            if mine:
                lock.release()

    def put(self, key: Hashable, value: object, size: int = 0) -> None:
        """Keep a value of ``size`` bytes, unless it alone is an eighth of all there is room for."""
        self.drop(key)
        size += OVERHEAD
        if size * 8 > self.limit:
            return
        while self.size + size > self.limit:
            self.drop(next(iter(self._kept)))
        self._kept[key] = value, size
        self.size += size

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under this key."""
        _value, size = self._kept.pop(key, (None, 0))
        self.size -= size

    def hold_for(self, people: int | None) -> None:
        """Forget what was kept under another people epoch, as a page has just read it.

        No key finds it any more; and when something was removed for good by another process, it
        must not stay in this one's memory.
        """
        if people != self._people:
            self._people = people
            self.clear()

    def clear(self) -> None:
        """Forget everything: what was removed for good must not stay in memory either."""
        self._kept.clear()
        self.size = 0

    def __len__(self) -> int:
        return len(self._kept)


class Recent:
    """Remembers whether something was seen lately: of the last ``limit / 2`` things or more."""

    def __init__(self, limit: int = 2_000) -> None:
        self._half = limit // 2
        self._newer: set[int] = set()
        self._older: set[int] = set()

    def seen(self, thing: Hashable) -> bool:
        """Say whether this has been seen before, and remember that it has been now."""
        number = hash(thing)
        if number in self._newer or number in self._older:
            return True
        if len(self._newer) >= self._half:
            self._older, self._newer = self._newer, set()
        self._newer.add(number)
        return False
