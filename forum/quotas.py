"""How much a network may keep, and how much of that is used."""

from dataclasses import dataclass

from forum.language import file_size
from forum.language import gettext as _
from forum.refusals import Invalid
from storage import database, operators
from storage.arrivals import used
from storage.door import Inside
from storage.networks import Network
from storage.people import Person

GIGABYTE = 1024**3
MOST = 1_000_000 * GIGABYTE


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
    return Room(await used(inside.network.id), own.bytes if own else None)


async def require(inside: Inside, size: int) -> None:
    """Raise Invalid (``files``) unless the network may keep so many bytes more."""
    if await inside.look_up("SELECT id FROM quota WHERE network_id = :network_id") is None:
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


async def of_network(operator: Person, network: Network) -> Room:
    """Return how much a network keeps and may keep, to an operator. Raises Forbidden."""
    return Room(*await operators.quota(operator, network))


async def set_limit(operator: Person, network: Network, gigabytes: str) -> None:
    """Let a network keep so many gigabytes; nothing: as many as there is room for.

    Raises Forbidden for others than operators, Invalid (``gigabytes``) for what is no number.
    """
    text = gigabytes.strip().replace(",", ".")
    try:
        size = round(float(text) * GIGABYTE) if text else None
    except (ValueError, OverflowError):
        size = -1
    if size is not None and not 0 < size <= MOST:
        raise Invalid(gigabytes=_("Write a number, such as 5 or 0.5. Leave it empty for no limit."))
    await database.write(lambda: operators.set_quota(operator, network, size))
