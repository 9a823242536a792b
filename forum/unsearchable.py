"""What coordinators should look after: documents that nobody finds, or that tell of a person."""

from dataclasses import dataclass

from forum import document_names
from storage.door import Inside
from storage.roles import Act

MOST = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A version that wants looking after."""

    document_id: int
    name: str
    number: int
    trouble: str
    searchable: bool
    personal: bool


# Of what cannot be searched in, the version that others go by; of what tells of a person, every
# one, since earlier versions can be read, too.
_ROWS = """
    SELECT d.id AS document_id, d.name, v.number, r.trouble, r.searchable, r.personal
    FROM rendition r
    JOIN version v ON v.id = r.version_id AND v.network_id = :network_id
        AND v.blob_id IS NOT NULL
    JOIN document d ON d.id = v.document_id AND d.network_id = :network_id
    WHERE r.network_id = :network_id AND r.state <> 'waiting' AND d.trash_id IS NULL
        AND (r.personal OR (NOT r.searchable
            AND v.number = COALESCE(d.adopted_number, d.last_number)))
    ORDER BY d.id DESC, v.number DESC LIMIT :most
"""


async def rows(inside: Inside) -> list[Row]:
    """Return them by the documents' names. Raises Forbidden for others than coordinators."""
    inside.require(Act.WEED)
    found = [Row(**row) for row in await inside.read(_ROWS, most=MOST)]
    return sorted(found, key=lambda one: (document_names.swedish_key(one.name), -one.number))
