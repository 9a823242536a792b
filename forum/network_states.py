"""How far a network's events have got, for pages that show what has happened in it.

Whatever others are shown is an event of the network. What is not stands beside it here: what is the
reader's own, what ends by its time, and the people epoch (see storage.people.Epoch).
"""

from storage import clock, door
from storage.door import Inside
from storage.statements import Row

_FOLDER = """
    SELECT n.seq, e.value AS people, (SELECT COUNT(*) FROM arrival a
        WHERE a.network_id = :network_id AND a.person_id = :person_id
        AND a.folder_id = :folder_id AND a.state <> 'coming') AS mine,
        (SELECT COUNT(*) FROM document d WHERE d.network_id = :network_id
            AND d.folder_id = :folder_id AND d.edited_until_at > :now) AS editing
    FROM network n LEFT JOIN epoch e ON e.name = 'people' WHERE n.id = :network_id
"""
# Somebody's time to work on it, and what a program that has it open saves meanwhile.
_DOCUMENT = """
    SELECT n.seq, e.value AS people,
        (SELECT COUNT(*) FROM document WHERE network_id = :network_id AND id = :document_id
            AND edited_until_at > :now) AS editing,
        (SELECT COUNT(*) FROM dav_lock WHERE network_id = :network_id
            AND document_id = :document_id) AS held,
        (SELECT MAX(saved_at) FROM dav_lock WHERE network_id = :network_id
            AND document_id = :document_id) AS held_at
    FROM network n LEFT JOIN epoch e ON e.name = 'people' WHERE n.id = :network_id
"""

State = tuple[object, ...]


async def with_folder(inside: Inside, folder_id: int) -> State:
    """Return what the page of a folder depends on."""
    return _state(await inside.look_up(_FOLDER, folder_id=folder_id, now=clock.now()))


async def with_document(inside: Inside, document_id: int) -> State:
    """Return what the page of a document depends on."""
    return _state(await inside.look_up(_DOCUMENT, document_id=document_id, now=clock.now()))


def _state(row: Row | None) -> State:
    if row is None:
        raise door.NotFound
    return tuple(row.values())
