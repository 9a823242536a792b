"""Letters: written, and waiting in the outbox until a mail server is configured."""

from storage.letters import Letter
from storage.people import Person


async def write(person: Person, subject: str, text: str) -> None:
    """Within a write: write a letter to somebody who has an e-mail address."""
    await Letter.create(person_id=person.id, recipient=person.email, subject=subject, text=text)


async def latest(count: int) -> list[Letter]:
    """Return the latest letters, the newest first."""
    return await Letter.all().order_by("-id").limit(count)
