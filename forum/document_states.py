"""What a page of documents depends on, to know whether it has changed."""

from dataclasses import dataclass
from datetime import datetime

from storage import clock
from storage.door import Inside


@dataclass(frozen=True, slots=True)
class State:
    """What such a page depends on beside its frame: when none of it has changed, no page has.

    Whatever others are shown is an event of the network, but for two things: that somebody's time
    to work on a document is over, and what a program that has it open saves meanwhile.
    """

    seq: int
    editing: int
    held: int
    held_at: datetime | None
    #: See storage.people.Epoch.
    people: int | None


_STATE = """
    SELECT n.seq, e.value AS people,
        (SELECT COUNT(*) FROM document WHERE network_id = :network_id AND id = :document_id
            AND edited_until_at > :now) AS editing,
        (SELECT COUNT(*) FROM dav_lock WHERE network_id = :network_id
            AND document_id = :document_id) AS held,
        (SELECT MAX(saved_at) FROM dav_lock WHERE network_id = :network_id
            AND document_id = :document_id) AS held_at
    FROM network n LEFT JOIN epoch e ON e.name = 'people'
    WHERE n.id = :network_id
"""


async def state(inside: Inside, document_id: int = 0) -> State:
    """Return what the page of a document, or one that lists several, depends on."""
    row = await inside.look_up(_STATE, document_id=document_id, now=clock.now())
    assert row is not None
    return State(**row)
