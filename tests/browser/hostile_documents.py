"""Documents with hostile names, descriptions, notes, labels, reasons and texts."""

from forum import addresses, document_names, filing, folders, trash, versions, weedings
from forum.contents import Known
from forum.filing import Described
from storage.documents import Document
from tests.browser.hostile_writer import Writer
from tests.filing import shown_as


async def document(writer: Writer, payload: str) -> None:
    """A document with two versions, one of which has a name, and both have the text."""
    made = await _filed(writer, payload)
    await versions.label(writer.ann, made.id, 1, payload[:100])
    address = addresses.document(writer.slug, made.id)
    writer.hostile.addresses["document"].append(address)


async def discarded(writer: Writer, payload: str) -> None:
    """A document in the trash, and another one's version that was deleted for a reason."""
    made = await _filed(writer, payload)
    await weedings.weed_version(writer.ann, made.id, 1, payload[:300])
    row = await trash.put_document(writer.ann, made.id)
    writer.hostile.addresses["discarded"].append(f"{addresses.trash(writer.slug)}/{row.id}")


async def _filed(writer: Writer, payload: str) -> Document:
    described = Described(
        description=payload[:1000], keywords=payload[:400], record_number=payload[:60]
    )
    paper, picture = writer.files
    contents = [Known(str(one.blob_id), one.size) for one in (paper, picture)]
    made = await filing.create_document(
        writer.ann,
        (await folders.root(writer.ann)).id,
        document_names.acceptable(f"{payload[:200]}.txt"),
        contents[0],
        described,
        note=payload[:300],
        renamed=True,
    )
    await versions.add_version(writer.ann, made.id, contents[1], based_on=1, note=payload[:300])
    for one in await writer.ann.versions.filter(document_id=made.id):
        await shown_as(writer.ann, one, "text", text=f"{one.number} {payload}", personal=True)
    return made
