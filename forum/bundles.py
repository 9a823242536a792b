"""A folder, or some documents of one, to be fetched as one zip: what belongs in it."""

from collections.abc import Collection
from datetime import datetime

from forum.folders import tree
from forum.uploads import Limits
from forum.zip_writing import Entry
from storage.door import Inside

# What others go by: the adopted version, or the latest.
_FILES = """
    SELECT d.folder_id, d.id, d.name, v.size, v.blob_id, v.created_at AS saved_at
    FROM document d JOIN version v ON v.document_id = d.id AND v.network_id = :network_id
        AND v.number = COALESCE(d.adopted_number, d.last_number)
    WHERE d.network_id = :network_id AND d.trash_id IS NULL AND NOT d.scratch
        AND v.blob_id IS NOT NULL ORDER BY d.id
"""
_FOLDERS = """
    SELECT id, parent_id, name, created_at FROM folder
    WHERE network_id = :network_id AND trash_id IS NULL
"""


async def of_folder(inside: Inside, limits: Limits, folder_id: int) -> list[Entry]:
    """Return all that lies in a folder, with the folders within it."""
    ids = set(await tree(inside, folder_id))
    rows = {row["id"]: row for row in await inside.read(_FOLDERS) if row["id"] in ids}

    def way(at: int) -> tuple[str, ...]:
        return () if at == folder_id else (*way(rows[at]["parent_id"]), rows[at]["name"])

    found = [Entry(way(one), row["created_at"]) for one, row in rows.items() if one != folder_id]
    for row in await inside.read(_FILES):
        if row["folder_id"] in rows:
            path = (*way(row["folder_id"]), row["name"])
            found.append(_entry(limits, path, row))
    return sorted(found, key=lambda one: one.path)


async def of_documents(
    inside: Inside, limits: Limits, folder_id: int, ids: Collection[int]
) -> list[Entry]:
    """Return those of a folder's documents, side by side."""
    return [
        _entry(limits, (row["name"],), row)
        for row in await inside.read(_FILES)
        if row["folder_id"] == folder_id and row["id"] in ids
    ]


def _entry(limits: Limits, path: tuple[str, ...], row: dict[str, object]) -> Entry:
    size, digest, at = row["size"], row["blob_id"], row["saved_at"]
    assert isinstance(size, int)
    assert isinstance(at, datetime)
    return Entry(path, at, size, limits.store.stream(str(digest)))
