"""A thread within a write: held, and another version from each change on."""

from typing import Any

from storage.discussions import Thread
from storage.door import Inside


async def locked_thread(inside: Inside, thread_id: int) -> Thread:
    """Within a write: return a thread and hold its row. Raises NotFound for no such thread."""
    return await inside.locked(Thread, thread_id)


async def change_thread(inside: Inside, thread: Thread, **values: Any) -> None:
    """Within a write: change a locked thread; without values it is a new version all the same."""
    await inside.threads.filter(id=thread.id).update(**values, version=thread.version + 1)
