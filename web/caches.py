"""What has been made and may be asked for again, within a bound of bytes."""

from collections.abc import Hashable
from sys import getsizeof

#: All that one process keeps, in bytes.
LIMIT = 64 * 1024 * 1024
# What an entry takes beside its value: its key, a tuple of small things, and its place.
OVERHEAD = 500


class Cache:
    """Keeps texts and bytes by their keys; what was used longest ago makes room.

    A key holds all that its value was made of, so that nothing kept is ever wrong: what has
    changed is asked for under another key, and the old value is never asked for again.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        #: In bytes, never above the limit.
        self.size = 0
        # A dict keeps the order in which its keys came: the first was used longest ago.
        self._values: dict[Hashable, str | bytes] = {}

    def get(self, key: Hashable) -> str | bytes | None:
        """Return what is kept under this key, or None."""
        value = self._values.pop(key, None)
        if value is not None:
            self._values[key] = value
        return value

    def put(self, key: Hashable, value: str | bytes) -> None:
        """Keep a value, unless it alone is an eighth of all that there is room for."""
        self.drop(key)
        size = _size(value)
        if size * 8 > self.limit:
            return
        while self.size + size > self.limit:
            self.drop(next(iter(self._values)))
        self._values[key] = value
        self.size += size

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under this key."""
        value = self._values.pop(key, None)
        if value is not None:
            self.size -= _size(value)

    def clear(self) -> None:
        """Forget everything: what was removed for good must not stay in memory either."""
        self._values.clear()
        self.size = 0

    def __len__(self) -> int:
        return len(self._values)


def _size(value: str | bytes) -> int:
    return getsizeof(value) + OVERHEAD
