"""What versions look like in a page, and their text: made by jobs, from their bytes."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from forum import personal_numbers, uploads
from forum.file_reading import programs, reading
from forum.file_reading.reading import Kind, PageImage, Reading, Trouble
from forum.previews import IN_PART, RECOGNISED
from forum.settings import Settings
from storage import clock, database, door
from storage.blobs import BATCH, Arriving, Lost, Store
from storage.documents import Version
from storage.door import Inside
from storage.events import EventKind
from storage.jobs import Job
from storage.networks import Network
from storage.people import Person
from storage.renditions import Rendition, RenditionPage, RenditionState
from storage.roles import Act

JOB: Final = "renditions.make"
AT_ONCE: Final = timedelta()
#: Text in pictures, which takes seconds for a page: tried where a version has no other.
RECOGNISE: Final = "renditions.recognise"
#: Within the data folder: a folder for each job while it lasts. One whose worker was killed is
#: emptied when the job is done again.
_FOLDER: Final = "reading"
#: What all pages are kept as.
_MEDIA_TYPE: Final = "image/webp"


async def request(inside: Inside, version: Version, after: timedelta = AT_ONCE) -> None:
    """Within a write: have a version read when it has been committed, or a while ``after``."""
    await inside.create(Rendition, version_id=version.id)
    await _ask(inside, version, JOB, after)


async def _ask(inside: Inside, version: Version, kind: str, after: timedelta = AT_ONCE) -> None:
    await Job.create(
        kind=kind,
        network_id=inside.network.id,
        actor_id=inside.person.id,
        payload={"version": version.id},
        run_at=clock.now() + after,
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A version that a job is about, and what there is of it so far."""

    inside: Inside
    version: Version
    digest: str
    rendition: Rendition


async def make(job: Job, settings: Settings) -> None:
    """Read a version, and keep what has been read. Done twice, it is as if it were done once."""
    wanted = await _wanted(job)
    if wanted is None or wanted.rendition.state != RenditionState.WAITING:
        return
    store = uploads.limits(settings).store
    async with _empty(settings.data / _FOLDER / str(job.id)) as into:
        try:
            async with store.local(wanted.digest) as path:
                found = await reading.read(path, wanted.version.name, into)
        except Lost:
            # Whoever wants to fetch it is told that it is gone.
            found = Reading(Kind.NONE, trouble=Trouble.DAMAGED)
        personal = await asyncio.to_thread(personal_numbers.holds_one, found.text)
        async with _arrived(store, found.pages) as images:
            await _written(wanted, partial(_keep, wanted, found, images, personal=personal))


async def recognise(job: Job, settings: Settings) -> None:
    """Look for text in the pictures that a version consists of, and keep it if there is any."""
    wanted = await _wanted(job)
    if wanted is None or wanted.rendition.trouble != Trouble.SCANNED:
        return
    store = uploads.limits(settings).store
    async with _empty(settings.data / _FOLDER / str(job.id)) as into:
        try:
            async with store.local(wanted.digest) as path:
                text = await reading.recognise(path, wanted.version.name, into)
        except Lost:
            text = None
    if text and text.strip():
        personal = await asyncio.to_thread(personal_numbers.holds_one, text)
        await _written(wanted, partial(_keep_text, wanted, text, personal=personal))


async def _wanted(job: Job) -> _Wanted | None:
    """Return what a job is about; None when there is nothing to be done about it any more."""
    inside = await _entered(job)
    if inside is None:
        return None
    version = await inside.versions.get_or_none(id=int(job.payload["version"]))
    if version is None or version.blob_id is None:
        return None
    rendition = await inside.renditions.get_or_none(version_id=version.id)
    return _Wanted(inside, version, version.blob_id, rendition) if rendition else None


async def _written(wanted: _Wanted, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await database.write(work)
    except door.NotFound:
        # Weeded meanwhile. Who has just left is no trouble the next time.
        if await wanted.inside.renditions.filter(id=wanted.rendition.id).exists():
            raise


async def _entered(job: Job) -> Inside | None:
    """Come in as whoever put it there or, when she has left, as anybody who may; None if nobody."""
    network = await Network.get_or_none(id=job.network_id)
    if network is None:
        return None
    candidates = await Person.filter(id__in=[job.actor_id, *await door.coordinators(network)])
    for person in sorted(candidates, key=lambda one: (one.id != job.actor_id, one.id)):
        try:
            return await door.enter(person, network.slug)
        except door.NotFound:
            continue
    return None


@asynccontextmanager
async def _empty(folder: Path) -> AsyncIterator[Path]:
    """Give an empty folder, and take it away."""

    def clear() -> None:
        shutil.rmtree(folder, ignore_errors=True)

    await asyncio.to_thread(clear)
    await asyncio.to_thread(partial(folder.mkdir, mode=0o700, parents=True))
    try:
        yield folder
    finally:
        await asyncio.shield(asyncio.to_thread(clear))


@asynccontextmanager
async def _arrived(
    store: Store, pages: Sequence[PageImage]
) -> AsyncIterator[list[tuple[PageImage, Arriving]]]:
    """Have the images of pages where they cannot be lost; what is not kept goes again."""
    images: list[tuple[PageImage, Arriving]] = []
    try:
        for page in pages:
            arriving = await asyncio.to_thread(store.arriving)
            images.append((page, arriving))
            await asyncio.to_thread(_copy, page.path, arriving)
            await arriving.finish()
        yield images
    finally:
        for _page, arriving in images:
            await asyncio.to_thread(arriving.discard)


def _copy(path: Path, arriving: Arriving) -> None:
    with path.open("rb") as file:
        while batch := file.read(BATCH):
            arriving.write(batch)


async def _keep(
    wanted: _Wanted,
    found: Reading,
    images: Sequence[tuple[PageImage, Arriving]],
    *,
    personal: bool,
) -> None:
    inside = wanted.inside
    held = await inside.locked(Act.READ, Rendition, wanted.rendition.id)
    if held.state != RenditionState.WAITING:
        return
    shown = found.kind != Kind.NONE
    await inside.renditions.filter(id=held.id).update(
        state=RenditionState.READY if shown or found.text else RenditionState.FAILED,
        kind=str(found.kind),
        html=found.html,
        text=found.text,
        trouble=_trouble(found),
        searchable=found.searchable,
        personal=personal,
        page_count=found.page_count,
        made_at=clock.now(),
    )
    for number, (page, arriving) in enumerate(images, 1):
        await inside.create(
            RenditionPage,
            rendition_id=held.id,
            number=number,
            blob_id=await arriving.kept(),
            media_type=_MEDIA_TYPE,
            width=page.width,
            height=page.height,
            text=page.text,
        )
    if found.trouble == Trouble.SCANNED and programs.is_there(programs.OCR):
        await _ask(inside, wanted.version, RECOGNISE)
    await _told(wanted)


def _trouble(found: Reading) -> str:
    # Pages are counted: of those that are not shown, the page says how many there are.
    in_part = found.shown_in_part and found.kind != Kind.PAGES
    return str(found.trouble or (IN_PART if in_part else ""))


async def _keep_text(wanted: _Wanted, text: str, *, personal: bool) -> None:
    held = await wanted.inside.locked(Act.READ, Rendition, wanted.rendition.id)
    if held.trouble != Trouble.SCANNED:
        return
    await wanted.inside.renditions.filter(id=held.id).update(
        text=text, trouble=RECOGNISED, searchable=True, personal=personal
    )
    await _told(wanted)


async def _told(wanted: _Wanted) -> None:
    inside, document_id = wanted.inside, wanted.version.document_id
    document = await inside.documents.get_or_none(id=document_id)
    place = {"folder_id": document.folder_id} if document else {}
    await inside.record(EventKind.DOCUMENT_READ, document_id=document_id, **place)
