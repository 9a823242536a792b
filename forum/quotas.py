"""How much a network may keep, and how much of that is used."""

from dataclasses import dataclass

from forum.language import file_size
from forum.language import gettext as _
from forum.refusals import Invalid
from storage.arrivals import Quota
from storage.door import Inside

GIGABYTE = 1024**3

# Bytes that several rows share count each time: what others keep must not show in what is left.
_USED = """
    SELECT (SELECT COALESCE(SUM(size), 0) FROM version
            WHERE network_id = :network_id AND blob_id IS NOT NULL)
        + (SELECT COALESCE(SUM(size), 0) FROM attachment
            WHERE network_id = :network_id AND blob_id IS NOT NULL) AS used
"""


@dataclass(frozen=True, slots=True)
class Room:
    """In bytes."""

    used: int
    #: None: as much as the disk has room for.
    limit: int | None

    @property
    def left(self) -> int | None:
        """How much more may be kept."""
        return None if self.limit is None else max(0, self.limit - self.used)


async def room(inside: Inside) -> Room:
    """Return how much the network keeps and may keep."""
    own = await inside.quota.get_or_none()
    [row] = await inside.read(_USED)
    return Room(int(row["used"]), own.bytes if own else None)


async def require(inside: Inside, size: int) -> None:
    """Raise Invalid (``files``) unless the network may keep so many bytes more."""
    own = await inside.quota.get_or_none()
    if own is None:
        return
    left = (await room(inside)).left
    if left is not None and size > left:
        raise Invalid(
            files=_(
                "The network has room for %(left)s more, and this is %(size)s. Delete something"
                " for good, or ask whoever runs the service for more room."
            )
            % {"left": file_size(left), "size": file_size(size)}
        )


async def set_limit(inside: Inside, limit: int | None) -> None:
    """Within a write: let the network keep so many bytes; None lifts the limit."""
    await inside.quota.delete()
    if limit is not None:
        await inside.create(Quota, bytes=limit)
