"""A job's way into a network: by the door, as whoever caused it."""

from storage import door
from storage.door import Inside
from storage.jobs import Job
from storage.networks import Network
from storage.people import Person


async def entered(job: Job) -> Inside | None:
    """Return what a job may do there; None when whoever caused it is no member any more."""
    person = await Person.get_or_none(id=job.actor_id)
    network = await Network.get_or_none(id=job.network_id)
    if person is None or network is None:
        return None
    try:
        return await door.enter(person, network.slug)
    except door.NotFound:
        return None
