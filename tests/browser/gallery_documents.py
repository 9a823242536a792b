"""Documents in every state: adopted and drafted, read in every way and not, worked on, weeded."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from forum import (
    addresses,
    adoptions,
    check_outs,
    document_names,
    document_threads,
    folders,
    trash,
    versions,
    weedings,
)
from forum.filing import Described
from forum.uploads import Limits
from storage import clock
from storage.documents import Document, DocumentKind
from storage.door import Inside
from storage.mounts import DavLock
from tests.filing import arrived, filed, revised, shown_as, shown_as_pages

Enter = Callable[[str], Awaitable[Inside]]

CELLS = "".join(f"<td>Överenskommelse {number} om korttidstillsyn</td>" for number in range(9))
HEADS = "".join(f'<th scope="col">Kommun {number}</th>' for number in range(9))
HTML = (
    "<h3>Laget runt</h3><p>Flera kommuner har svårt att hitta vikarier.</p><ul><li>Ett</li></ul>"
    f"<table><thead><tr>{HEADS}</tr></thead><tbody><tr>{CELLS}</tr></tbody></table>"
)


async def painted(
    enter: Enter, limits: Limits, long_name: str, thread: str, rich: str
) -> dict[str, str]:
    """Make the documents as those whom ``enter`` lets in, and return where they are."""
    ann, bob, long = [await enter(name) for name in ("ann", "bob", "long")]
    top = await folders.root(ann)
    folder = await folders.create_folder(bob, top.id, "Dokument i alla lägen")
    painter = _Painter(ann, bob, limits, folder.id)
    name = document_names.acceptable(long_name)
    found = {
        "document": await painter.minutes(name, thread, rich),
        "document_pages": await painter.pages(long),
        "document_waiting": await painter.bare("Väntar.txt"),
        "document_damaged": await painter.shown("Trasig.pdf", "none", trouble="damaged"),
        "document_text": await painter.shown(
            "Lista.txt", "text", text=f"{rich}\n640823-3234", personal=True
        ),
        "document_scanned": await painter.scanned(),
        "document_broken": await painter.broken(),
        "document_beside": await painter.shown(f"{name} (Bob Berg).docx", "html", text="Annat."),
        "document_mine": await painter.mine(),
    }
    await painter.trashed(name)
    slug = ann.network.slug
    places = {key: addresses.document(slug, one.id) for key, one in found.items()}
    return places | {
        "beside_id": str(found["document_beside"].id),
        "trash_1": f"{addresses.trash(slug)}/{painter.trash_id}",
        "folder_of_documents": str(folder.id),
        "other_folder": str(await painter.taken(name)),
    }


class _Painter:
    def __init__(self, ann: Inside, bob: Inside, limits: Limits, folder_id: int) -> None:
        self.ann, self.bob = ann, bob
        self.store, self.folder_id = limits.store, folder_id
        self.trash_id = 0

    async def minutes(self, name: str, thread: str, rich: str) -> Document:
        """Five versions, the third of them adopted, with all that one can say."""
        described = Described(
            DocumentKind.MEETING_NOTES,
            "2026-1",
            clock.today(),
            f"{name} {name}\n\nBeslut.",
            f"{name}, vikarier",
            record_number="RJL 2026/412",
        )
        made = await filed(self.bob, self.store, f"{name}.docx", b"1", self.folder_id, described)
        for content, note in ((b"2", "Rättat"), (b"3", f"{name} {name}"), (b"4", ""), (b"5", "")):
            brought = await arrived(self.store, content)
            new = await versions.add_version(self.ann, made.id, brought, based_on=None, note=note)
            text = f"Laget runt\nVersion {new.number} om vikarier.\n{rich}"
            await shown_as(self.ann, new, "html", html=HTML, text=text)
            if new.number == 3:
                await adoptions.adopt(self.ann, made.id, 3)
        await versions.label(self.ann, made.id, 3, f"Som den skickades till {name}"[:100])
        await versions.restore(self.bob, made.id, 2)
        await weedings.weed_version(self.ann, made.id, 1, f"Gallringsbeslut 2026/7: {name}")
        await document_threads.attach(self.bob, made.id, thread)
        return made

    async def pages(self, long: Inside) -> Document:
        """One that somebody works on, and has saved in a program."""
        made = await self.bare("Kallelse.pdf", DocumentKind.MEETING_NOTICE)
        version = await self.bob.versions.get(document_id=made.id, number=1)
        await shown_as_pages(self.bob, self.store, version, "Vi ses i Eksjö.")
        await check_outs.begin(long, made.id)
        content = await arrived(self.store, b"held")
        await long.create(
            DavLock,
            token=f"held-{made.id}",
            person_id=long.person.id,
            path=made.name,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(days=30),
            document_id=made.id,
            blob_id=await content.kept(),
            based_on=1,
            saved_at=clock.now(),
        )
        return made

    async def bare(self, name: str, kind: DocumentKind = DocumentKind.OTHER) -> Document:
        """One that has not been read."""
        described = Described(kind)
        content = name.encode()
        return await filed(self.bob, self.store, name, content, self.folder_id, described)

    async def shown(self, name: str, kind: str, **values: object) -> Document:
        """One that has been read so."""
        made = await self.bare(name)
        version = await self.bob.versions.get(document_id=made.id, number=1)
        read = values if kind != "none" else {"searchable": False, **values}
        await shown_as(self.bob, version, kind, **read)
        return made

    async def scanned(self) -> Document:
        """Pages whose text a program has seen."""
        made = await self.bare("Inskannat.pdf")
        version = await self.bob.versions.get(document_id=made.id, number=1)
        await shown_as_pages(self.bob, self.store, version)
        await shown_as(self.bob, version, "pages", text="Vikarier", trouble="recognised")
        return made

    async def broken(self) -> Document:
        """One that is not what was adopted."""
        made = await self.bare("Mall.docx", DocumentKind.TEMPLATE)
        await adoptions.adopt(self.ann, made.id, 1)
        await self.ann.documents.filter(id=made.id).update(adopted_digest="0" * 64)
        return made

    async def mine(self) -> Document:
        """One that Bob works on."""
        made = await self.bare("Mitt.docx", DocumentKind.BACKGROUND)
        await revised(self.ann, self.store, made, b"Anns")
        await check_outs.begin(self.bob, made.id)
        return made

    async def trashed(self, name: str) -> None:
        """A document, and a folder with one in it; and something that was deleted for good."""
        for called in ("Gammal mall.docx", f"{name} kopia.docx"):
            made = await self.bare(called)
            self.trash_id = (await trash.put_document(self.bob, made.id)).id
        within = await folders.create_folder(self.bob, self.folder_id, f"{name} 2019")
        await filed(self.bob, self.store, "Ett.txt", b"1", within.id)
        row = await trash.put_folder(self.bob, within.id)
        gone = await self.bare("Dubblett.docx")
        await weedings.weed(
            self.ann, (await trash.put_document(self.bob, gone.id)).id, f"Beslut 2026/7: {name}"
        )
        assert row.id > self.trash_id

    async def taken(self, name: str) -> int:
        """A folder where a document has the same name."""
        there = await folders.create_folder(self.bob, self.folder_id, "Här är namnet upptaget")
        await filed(self.bob, self.store, f"{name}.docx", b"annat", there.id)
        taken: int = there.id
        return taken


async def archived(ann: Inside, limits: Limits) -> dict[str, str]:
    """File something in a network that is archived next."""
    made = await filed(ann, limits.store, "Arkiverat.docx", b"1")
    await revised(ann, limits.store, made, b"2")
    return {"archived_document": addresses.document(ann.network.slug, made.id)}
