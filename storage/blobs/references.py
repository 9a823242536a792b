"""What refers to blobs: every column that holds a digest."""

from collections.abc import Sequence

from storage import database
from storage.attachments import Blob

#: Table and column. What is not named here does not keep its bytes: the sweep takes them.
REFERENCES = (
    ("arrival", "blob_id"),
    ("attachment", "blob_id"),
    ("dav_lock", "blob_id"),
    ("person", "picture"),
    ("publication", "blob_id"),
    ("rendition_page", "blob_id"),
    ("unpacking", "blob_id"),
    ("version", "blob_id"),
)

_NOWHERE = " ".join(
    f"AND NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.{column} = blob.digest)"  # noqa: S608 (names of columns)
    for table, column in REFERENCES
)
WITHOUT_REFERENCE = f"SELECT digest FROM blob WHERE created_at < :before_at {_NOWHERE}"  # noqa: S608 (names of columns)

_COUNTS = ", ".join(
    f"(SELECT COUNT(*) FROM {table} WHERE {column} = :digest) AS {table}_{column}"  # noqa: S608 (names of columns)
    for table, column in REFERENCES
)
COUNTED = f"SELECT {_COUNTS}"


async def references(digest: str) -> dict[str, int]:
    """Return how many rows of which tables refer to a blob; none but those that do."""
    counts = (await database.read(COUNTED, {"digest": digest}))[0]
    found: dict[str, int] = {}
    for table, column in REFERENCES:
        if count := counts[f"{table}_{column}"]:
            found[table] = found.get(table, 0) + count
    return found


async def known(digests: Sequence[str]) -> set[str]:
    """Return those of these digests that have a row."""
    return {blob.digest for blob in await Blob.filter(digest__in=digests)} if digests else set()


#: What is coming piece by piece may rest for as long as it has a row.
EXPECTED = "SELECT token FROM arrival"
