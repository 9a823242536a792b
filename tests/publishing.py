"""Publications for tests: a document that has been read and adopted, and what is public of it."""

from typing import Any

from forum import adoptions, publications
from forum.publication_copies import copy_of, page_of
from forum.publication_wording import Wording
from storage import database
from storage.blobs import Store
from storage.documents import Document
from storage.door import Inside
from storage.people import Language
from storage.publications import Publication
from storage.renditions import Rendition, RenditionState
from tests.filing import filed

TITLE = "Så möter vi barn"
SUMMARY = "Råd till den som möter barn med funktionsnedsättning."
SLUG = "sa-moter-vi-barn"
CONTACT = "publikationer@lanet.example"
TEXT = "Sitt ner i barnets höjd.\n\nVänta på svaret."


async def read_out(inside: Inside, document: Document, number: int = 1, **said: Any) -> Rendition:
    """Have a version read: what a job makes of its bytes."""
    version = await inside.versions.get(document_id=document.id, number=number)
    said = {"state": RenditionState.READY, "kind": "text", "text": TEXT, "searchable": True} | said
    rendition, _new = await inside.get_or_create(Rendition, {}, version_id=version.id)
    await inside.renditions.filter(id=rendition.id).update(**said)
    return await inside.renditions.get(id=rendition.id)


async def adopted(
    inside: Inside, store: Store, name: str = "Barn.txt", content: bytes = b"Sitt ner.", **said: Any
) -> Document:
    """File a document, have it read and adopted."""
    document = await filed(inside, store, name, content)
    await database.write(lambda: read_out(inside, document, **said))
    await adoptions.adopt(inside, document.id, 1)
    return await inside.documents.get(id=document.id)


def wording(inside: Inside, **other: Any) -> Wording:
    """Return what is written about a publication, with nothing of its network in it."""
    values: dict[str, Any] = {
        "title": TITLE,
        "summary": SUMMARY,
        "slug": SLUG,
        "language": Language.SWEDISH,
        "owner_id": inside.membership.organisation_id,
        "contact": CONTACT,
    }
    return Wording(**values | other)


async def publish(
    inside: Inside, store: Store, document: Document, *, based_on: int = 0, **other: Any
) -> Publication:
    """Publish the version of a document that has been adopted, as its page does in two steps."""
    words = wording(inside, **other)
    found = await publications.candidate(inside, document.id)
    page = await page_of(inside, found.version, words.language)
    copy = await copy_of(inside, store, found.version, page, words.title)
    accepted = frozenset(copy.left)
    return await publications.publish(
        inside, words, copy, page, based_on=based_on, accepted=accepted
    )
