"""What a thread's page depends on, to know whether it has changed."""

from dataclasses import dataclass
from datetime import datetime

from storage import door
from storage.door import Inside


@dataclass(frozen=True, slots=True)
class State:
    """What a thread's page depends on beside its frame: when none of it has changed, no page has.

    Everything that is shown of a thread raises its ``version``; the rest is the reader's own.
    """

    version: int
    read_to: int | None
    following: bool | None
    drafts: int
    draft_at: datetime | None
    #: See storage.people.Epoch.
    people: int | None


_STATE = """
    SELECT t.version, rm.number AS read_to, f.following, e.value AS people,
        (SELECT COUNT(*) FROM draft WHERE thread_id = t.id AND network_id = :network_id
            AND person_id = :person_id) AS drafts,
        (SELECT MAX(saved_at) FROM draft WHERE thread_id = t.id AND network_id = :network_id
            AND person_id = :person_id) AS draft_at
    FROM thread t
    LEFT JOIN read_mark rm ON rm.person_id = :person_id AND rm.thread_id = t.id
    LEFT JOIN follow f ON f.person_id = :person_id AND f.thread_id = t.id
    LEFT JOIN epoch e ON e.name = 'people'
    WHERE t.network_id = :network_id AND t.id = :thread_id
"""


async def state(inside: Inside, thread_id: int) -> State:
    """Return what a thread's page depends on. Raises NotFound for no such thread."""
    row = await inside.look_up(_STATE, thread_id=thread_id)
    if row is None:
        raise door.NotFound
    return State(**row)
