"""Letters that wait in the outbox until a mail server is configured."""

from storage.letters import Letter


async def latest(count: int) -> list[Letter]:
    """Return the latest letters, the newest first."""
    return await Letter.all().order_by("-id").limit(count)
