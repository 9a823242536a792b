"""What the demo has published for everybody: one of its guides."""

from datetime import timedelta
from typing import Final

from forum import adoptions, publications, renditions, uploads
from forum.demo.people import COORDINATOR
from forum.publication_copies import copy_of, page_of
from forum.publication_wording import Wording
from forum.settings import Settings
from storage import clock, database, door
from storage.documents import Document
from storage.door import Inside
from storage.jobs import Job
from storage.people import Language, Person

NETWORK: Final = "vagledare"
DOCUMENT: Final = "Så förbereder vi en slinga.md"
TITLE: Final = "Så förbereder vi en slinga"
SUMMARY: Final = (
    "Råd från vägledare i Jönköpings län till den som ska leda en delaktighetsslinga för första"
    " gången: vad ni gör innan, när ni träffas och efteråt."
)
SLUG: Final = "sa-forbereder-vi-en-slinga"
CONTACT: Final = "Kommunal utveckling, publikationer@rjl.example"
DAYS_AGO: Final = 20


async def publish_some(settings: Settings) -> None:
    """Publish the guide, unless something has been published there already."""
    coordinator = await Person.get(username=COORDINATOR)
    inside = await door.enter(coordinator, NETWORK)
    document = await inside.documents.get_or_none(name=DOCUMENT)
    if document is None or await inside.publications.exists():
        return
    await _read(inside, document, settings)
    await adoptions.adopt(inside, document.id, document.last_number)
    wording = Wording(
        title=TITLE,
        summary=SUMMARY,
        slug=SLUG,
        language=Language.SWEDISH,
        owner_id=inside.membership.organisation_id,
        contact=CONTACT,
        accessible=True,
    )
    found = await publications.candidate(inside, document.id)
    page = await page_of(inside, found.version, wording.language)
    copy = await copy_of(inside, uploads.limits(settings).store, found.version, page, TITLE)
    row = await publications.publish(
        inside, wording, copy, page, based_on=0, accepted=frozenset(copy.left)
    )
    day = clock.today() - timedelta(days=DAYS_AGO)

    async def set_back() -> None:
        await inside.publications.filter(id=row.id).update(published_on=day)

    await database.write(set_back)


async def _read(inside: Inside, document: Document, settings: Settings) -> None:
    """Have its latest version read now; the worker, which comes later, finds that done."""
    version = await inside.versions.get(document_id=document.id, number=document.last_number)
    for job in await Job.filter(kind=renditions.JOB, network_id=inside.network.id):
        if job.payload["version"] == version.id:
            await renditions.make(job, settings)
