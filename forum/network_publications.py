"""What has been published from a network, for its coordinators."""

from dataclasses import dataclass
from datetime import date, datetime

from storage.door import Inside
from storage.roles import Act


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A publication as coordinators see it."""

    id: int
    slug: str
    title: str
    number: int
    published_on: date
    person: str
    withdrawn_at: datetime | None
    reason: str
    document_id: int
    #: Of the document; None while no version is adopted.
    adopted_number: int | None
    in_trash: bool

    @property
    def newer(self) -> int | None:
        """The version that has been adopted since, which could be published instead."""
        adopted = self.adopted_number
        return adopted if adopted is not None and adopted > self.number else None


_PUBLISHED = """
    SELECT u.id, u.slug, u.title, u.number, u.published_on, p.name AS person, u.withdrawn_at,
        u.reason, u.document_id, d.adopted_number, d.trash_id
    FROM publication u
    JOIN document d ON d.id = u.document_id AND d.network_id = :network_id
    JOIN person p ON p.id = u.person_id
    WHERE u.network_id = :network_id
    ORDER BY u.published_on DESC, u.id DESC
"""


async def published(inside: Inside) -> list[PublishedRow]:
    """Return all that has been published from here, the latest first. Raises Forbidden."""
    inside.require(Act.WITHDRAW)
    rows = await inside.read(_PUBLISHED)
    return [PublishedRow(in_trash=row.pop("trash_id") is not None, **row) for row in rows]
