"""How far a network's events have got, for pages that show what has happened in it."""

from storage import door
from storage.door import Inside

_STATE = """
    SELECT seq, (SELECT COUNT(*) FROM arrival a WHERE a.network_id = :network_id
        AND a.person_id = :person_id AND a.folder_id = :folder_id AND a.state <> 'coming') AS mine
    FROM network WHERE id = :network_id
"""


async def with_folder(inside: Inside, folder_id: int) -> tuple[int, int]:
    """Return the number of the latest event, and how many files of hers wait for a folder."""
    row = await inside.look_up(_STATE, folder_id=folder_id)
    if row is None:
        raise door.NotFound
    return row["seq"], row["mine"]
