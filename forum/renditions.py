"""What versions look like in a page, and their text: made by a job, from their bytes."""

from storage import clock
from storage.documents import Version
from storage.door import Inside
from storage.jobs import Job
from storage.renditions import Rendition

JOB = "renditions.make"


async def request(inside: Inside, version: Version) -> None:
    """Within a write: have a version read when it has been committed."""
    await inside.create(Rendition, version_id=version.id)
    await Job.create(
        kind=JOB,
        network_id=inside.network.id,
        actor_id=inside.person.id,
        payload={"version": version.id},
        run_at=clock.now(),
    )
