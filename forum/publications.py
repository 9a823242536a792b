"""Publishing one version outside the networks, and taking that back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from forum import personal_numbers, public_search, publication_wording
from forum.contents import Known
from forum.documents import document
from forum.language import gettext as _
from forum.publication_copies import Copy, Page
from forum.publication_wording import Wording
from forum.refusals import Invalid
from forum.text import one_line
from forum.versions import digest, version
from storage import clock, database, door
from storage import publications as rows
from storage.documents import Document, Version
from storage.door import Inside
from storage.events import EventKind
from storage.organisations import Organisation
from storage.publications import Publication
from storage.roles import Act

REASON_LIMIT = 300


class NotAdopted(Exception):
    """The document is a draft, which is nobody's business outside the network."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that may be published, by the version that has been adopted."""

    document: Document
    version: Version
    #: As it is published now, or was before it was withdrawn.
    published: Publication | None


async def candidate(inside: Inside, document_id: int) -> Candidate:
    """Return what would be published. Raises NotFound, Forbidden, NotAdopted, Weeded."""
    inside.require(Act.PUBLISH)
    found = await document(inside, document_id)
    return Candidate(found, await _adopted(inside, found), await publication_of(inside, found.id))


async def publication_of(inside: Inside, document_id: int) -> Publication | None:
    """Return how a document is published, or was; a document has one address at most."""
    return await inside.publications.get_or_none(document_id=document_id)


async def standing(inside: Inside, document_id: int) -> Publication | None:
    """Return how a document is published now."""
    return await inside.publications.get_or_none(document_id=document_id, withdrawn_at=None)


async def _adopted(inside: Inside, found: Document) -> Version:
    if found.adopted_number is None:
        raise NotAdopted
    adopted = await version(inside, found, found.adopted_number)
    if digest(adopted) != found.adopted_digest:
        raise NotAdopted
    return adopted


async def publish(
    inside: Inside,
    wanted: Wording,
    copy: Copy,
    page: Page,
    *,
    based_on: int,
    accepted: frozenset[str] = frozenset(),
) -> Publication:
    """Publish the copy that was looked at, or publish it instead of another version.

    ``based_on`` is the number of the publication that the form was made from, 0 for none;
    ``accepted`` says which of what is left in the copy may become public. The same form sent twice
    publishes once. Raises NotFound, Forbidden, NotAdopted, or Invalid: ``look`` when something has
    changed since it was looked at, ``left``, and a reason for each field of the wording.
    """
    inside.require(Act.PUBLISH)
    if page.digest != copy.page:
        raise Invalid(**look_again())
    if not set(copy.left) <= accepted:
        raise Invalid(left=_("Tick each of them, or remove it from the file first."))
    known = await publication_of(inside, copy.document_id)
    tidy = await publication_wording.checked(wanted, known)
    owner = await Organisation.get(id=tidy.owner_id)

    async def work() -> Publication:
        held = await _held(inside, Act.PUBLISH, copy.document_id)
        if held.trash_id is not None:
            raise door.NotFound
        adopted = await _adopted(inside, held)
        if (adopted.number, digest(adopted)) != (copy.number, copy.source):
            raise Invalid(**look_again())
        before = await publication_of(inside, held.id)
        values = _values(tidy, copy, page, owner.name)
        if before is not None and before.withdrawn_at is None and _same(before, values):
            return before
        if based_on != (before.version if before else 0):
            raise Invalid(**look_again())
        return await _put(inside, held, before, values, copy, tidy.slug)

    return await database.write(work)


def look_again() -> dict[str, str]:
    """Return what is said when something has changed since it was looked at."""
    changed = _("Something has changed since you looked at it. Look at it again, then publish.")
    return {"look": changed}


async def _held(inside: Inside, act: Act, document_id: int) -> Document:
    """Hold a document, also one in the trash: what is public of it stays."""
    return await inside.locked(act, Document, document_id)


def _values(tidy: Wording, copy: Copy, page: Page, owner: str) -> dict[str, Any]:
    """Return the columns of what is shown."""
    return {
        "number": copy.number,
        "title": tidy.title,
        "summary": tidy.summary,
        "owner_id": tidy.owner_id,
        "language": tidy.language,
        "file_name": publication_wording.file_name(tidy.title, copy.suffix),
        "media_type": copy.media_type,
        "size": copy.size,
        "blob_id": copy.digest,
        "html": page.html,
        "text": page.text,
        "folded": public_search.folded(tidy.title, tidy.summary, owner, page.text),
        "accessible": tidy.accessible,
        "contact": tidy.contact,
    }


def _same(before: Publication, values: dict[str, Any]) -> bool:
    return all(getattr(before, name) == value for name, value in values.items())


async def _put(
    inside: Inside,
    held: Document,
    before: Publication | None,
    values: dict[str, Any],
    copy: Copy,
    slug: str,
) -> Publication:
    """Write the row that is read from then on, and the event."""
    try:
        await Known(copy.digest, copy.size).kept()
    except door.NotFound:
        # The form has lain there for hours, and the sweep has taken the copy.
        raise Invalid(**look_again()) from None
    now = clock.now()
    published_on = day_of(before, copy.number)
    values |= {"published_on": published_on, "person_id": inside.person.id, "created_at": now}
    if before is None:
        if await rows.is_taken(slug):
            raise Invalid(slug=publication_wording.taken())
        row = await inside.create(Publication, document_id=held.id, slug=slug, **values)
    else:
        values |= {"version": before.version + 1, "withdrawn_at": None, "reason": ""}
        await inside.publications.filter(id=before.id).update(**values)
        row = await inside.publications.get(id=before.id)
    await _record(inside, held)
    return row


def day_of(before: Publication | None, number: int) -> date:
    """Return the day that is shown: who only corrects what is written makes nothing newer."""
    if before is None or before.withdrawn_at is not None or before.number != number:
        return clock.today()
    return before.published_on


async def _record(inside: Inside, held: Document) -> None:
    ids = {"document_id": held.id, "folder_id": held.folder_id}
    await inside.record(EventKind.PUBLICATION_CHANGED, **ids)


async def withdraw(inside: Inside, publication_id: int, reason: str) -> Publication:
    """Take a publication back: its address then says so, why, and whom to turn to.

    Raises NotFound, Forbidden, or Invalid (``reason``).
    """
    inside.require(Act.WITHDRAW)
    plain = one_line(reason)
    if len(plain) > REASON_LIMIT:
        raise Invalid(reason=_("Write at most %(limit)d characters.") % {"limit": REASON_LIMIT})
    personal_numbers.refuse(reason=plain)
    known = await publication(inside, publication_id)

    async def work() -> Publication:
        held = await _held(inside, Act.WITHDRAW, known.document_id)
        row = await publication(inside, publication_id)
        if row.withdrawn_at is None:
            changes = {"withdrawn_at": clock.now(), "reason": plain, "version": row.version + 1}
            await inside.publications.filter(id=row.id).update(**changes)
            await _record(inside, held)
        return row

    return await database.write(work)


async def publication(inside: Inside, publication_id: int) -> Publication:
    """Return a publication of the network's. Raises NotFound, Forbidden."""
    inside.require(Act.WITHDRAW)
    found = await inside.publications.get_or_none(id=publication_id)
    if found is None:
        raise door.NotFound
    return found
