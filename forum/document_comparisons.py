"""Two versions of documents compared, by what has been read out of them."""

import asyncio

from forum import comparisons
from forum.comparisons import Comparison
from storage.door import Inside

_TEXTS = """
    SELECT version_id, text FROM rendition
    WHERE network_id = :network_id AND version_id IN (:older, :newer) AND searchable = :yes
"""


async def between(inside: Inside, older: int, newer: int) -> Comparison | None:
    """Compare the versions with these ids; None when one has no text, or has not been read yet."""
    rows = await inside.read(_TEXTS, older=older, newer=newer, yes=True)
    texts = {row["version_id"]: row["text"] for row in rows}
    if older not in texts or newer not in texts:
        return None
    return await asyncio.to_thread(comparisons.compare, texts[older], texts[newer])
