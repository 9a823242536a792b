"""Documents for tests: put into a network's folders without any page."""

import asyncio
import io
import zipfile
from functools import partial

from forum import filing, folders, versions
from storage import clock, database
from storage.blobs import Arriving, Store
from storage.documents import Document, Version
from storage.door import Inside
from storage.renditions import RenditionPage, RenditionState
from tests import files


async def arrived(store: Store, content: bytes) -> Arriving:
    """Return bytes that are on the disk and not kept yet."""
    arriving = await asyncio.to_thread(store.arriving)
    await asyncio.to_thread(arriving.write, content)
    await arriving.finish()
    return arriving


async def filed(
    inside: Inside,
    store: Store,
    name: str = "Anteckningar 14 mars.txt",
    content: bytes = b"Vi talade om vikarier.\n",
    folder_id: int | None = None,
    described: filing.Described = filing.PLAIN,
) -> Document:
    """Put a document into a folder, the network's own by default."""
    at = folder_id or (await folders.root(inside)).id
    return await filing.create_document(inside, at, name, await arrived(store, content), described)


async def revised(
    inside: Inside, store: Store, document: Document, content: bytes, based_on: int | None = None
) -> Version:
    """Add a version to a document."""
    brought = await arrived(store, content)
    return await versions.add_version(inside, document.id, brought, based_on=based_on)


def zipped(files: dict[str, bytes]) -> bytes:
    """Return an archive that holds these."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


async def shown_as_pages(inside: Inside, store: Store, version: Version, text: str = "") -> None:
    """Have a version look like a page, without reading it."""
    picture = await arrived(store, files.image(size=(60, 80)))

    async def write() -> None:
        rendition = await inside.renditions.get(version_id=version.id)
        await inside.renditions.filter(id=rendition.id).update(
            state=RenditionState.READY,
            kind="pages",
            text=text,
            searchable=bool(text),
            page_count=1,
            made_at=clock.now(),
        )
        await inside.create(
            RenditionPage,
            rendition_id=rendition.id,
            number=1,
            blob_id=await picture.kept(),
            media_type="image/png",
            width=60,
            height=80,
            text=text,
        )

    await database.write(write)


async def shown_as(inside: Inside, version: Version, kind: str, **values: object) -> None:
    """Have a version look like something without pages, without reading it."""
    read: dict[str, object] = {
        "state": RenditionState.READY,
        "kind": kind,
        "searchable": True,
        "made_at": clock.now(),
    }
    found = inside.renditions.filter(version_id=version.id)
    await database.write(partial(found.update, **(read | values)))
