"""A document: found, held within a write, another from each change on."""

from typing import Any

from storage import door
from storage.documents import Document
from storage.door import Inside
from storage.roles import Act


async def document(inside: Inside, document_id: int) -> Document:
    """Return a document that is not in the trash. Raises NotFound."""
    found = await inside.documents.get_or_none(id=document_id)
    if found is None:
        raise door.NotFound
    return found


async def locked_document(inside: Inside, act: Act, document_id: int) -> Document:
    """Within a write: recheck that she may, and return a document, held as it is.

    Raises NotFound also for one in the trash.
    """
    found = await inside.locked(act, Document, document_id)
    if found.trash_id is not None:
        raise door.NotFound
    return found


async def amend(inside: Inside, found: Document, **values: Any) -> None:
    """Within a write: change a held document, which is another from then on."""
    await inside.documents.filter(id=found.id).update(**values, version=found.version + 1)


def current(found: Document) -> int:
    """Return the number of the version that others go by: the adopted one, or the latest."""
    return found.adopted_number or found.last_number
