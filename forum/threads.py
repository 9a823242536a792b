"""A thread: read with all its posts, held within a write, another version from each change on."""

from typing import Any

from storage.discussions import Thread
from storage.door import Inside
from storage.roles import Act
from storage.statements import Row

# A thread of so many posts is read at once, a longer one in another thread of execution.
_FEW = 100


async def read_through(inside: Inside, thread: Thread, sql: str, **values: Any) -> list[Row]:
    """Return the rows of SQL that looks at each post of ``:thread_id``."""
    read = inside.read_few if thread.last_number <= _FEW else inside.read
    return await read(sql, thread_id=thread.id, **values)


async def locked_thread(inside: Inside, act: Act, thread_id: int) -> Thread:
    """Within a write: recheck that she may, and return a thread, held as it is.

    Raises NotFound for no such thread, too.
    """
    return await inside.locked(act, Thread, thread_id)


async def change_thread(inside: Inside, thread: Thread, **values: Any) -> None:
    """Within a write: change a locked thread; without values it is a new version all the same."""
    await inside.threads.filter(id=thread.id).update(**values, version=thread.version + 1)
