"""What is published and what could be, in every state."""

from collections.abc import Awaitable, Callable

from forum import addresses, adoptions, publications
from storage.blobs import Store
from storage.documents import Document
from storage.door import Inside
from storage.publications import Publication
from storage.renditions import RenditionPage, RenditionState
from tests.filing import filed, revised
from tests.publishing import adopted, publish, read_out
from tests.unit.test_file_stripping import word_document

Enter = Callable[[str], Awaitable[Inside]]

HTML = """\
<h3>Innan mötet</h3>
<p>Läs igenom det som barnet redan har berättat. <strong>Fråga inte igen.</strong></p>
<ul><li>Bestäm vem som leder samtalet.</li><li>Boka ett rum utan genomgång.</li></ul>
<h4>Så lång tid tar det</h4>
<table><thead><tr><th scope="col">Moment</th><th scope="col">Minuter</th>\
<th scope="col">Genomförandeplansuppföljningsansvarig</th></tr></thead>
<tbody><tr><td>Förberedelse</td><td>20</td><td>Handläggare</td></tr>
<tr><td>Samtal</td><td>45</td><td>Handläggare och <a href="https://www.example.org/samtal" \
rel="nofollow noopener">samtalsledare</a></td></tr></tbody></table>
<h3>Efter mötet</h3>
<p>Berätta vad som händer nu, och när.</p>"""
SCANNED = {"kind": "none", "text": "", "state": RenditionState.FAILED}


async def painted(enter: Enter, store: Store, title: str, text: str) -> dict[str, str]:
    """Publish some, withdraw one, and return where they are."""
    ann = await enter("ann")
    guide = await adopted(ann, store, "Vägledning.txt", kind="html", html=HTML)
    row = await publish(ann, store, guide, slug="vagledning", title="Vägledning för samtal")
    await revised(ann, store, guide, b"Nyare.")
    await read_out(ann, guide, 2)
    await adoptions.adopt(ann, guide.id, 2)
    long = await adopted(ann, store, f"{text}.txt", b"A long line.\n" * 99_000, **SCANNED)
    about = f"{text} {text}"[:900]
    await publish(
        ann, store, long, slug="lang", title=title, summary=about, language="en", owner_id=2
    )
    pages = await _pages(ann, store)
    gone = await adopted(ann, store, "Gammal.txt")
    withdrawn = await publish(ann, store, gone, slug="tillbakadragen", title="Gamla råd")
    await publications.withdraw(ann, withdrawn.id, "Det finns en nyare utgåva.")
    draft = await filed(ann, store, "Utkast.txt", b"Inte klart.")
    ready = await adopted(ann, store, "Klar.txt", kind="html", html=HTML)
    left = await adopted(ann, store, "Utkast 3.docx", word_document(), **SCANNED)
    return {
        **_forms(ann, publish_instead=guide, publish_draft=draft, publish_ready=ready),
        **_forms(ann, publish_left=left, publish_pages=pages),
        "publications": addresses.publications(ann.network.slug),
        **_withdrawals(ann, withdraw=row, withdraw_again=withdrawn),
    }


async def _pages(ann: Inside, store: Store) -> Document:
    """A PDF, or what has been read out of one, of which not every page is shown."""
    document = await adopted(ann, store, "Rapport.txt", b"Sidor.", kind="pages", page_count=9)
    version = await ann.versions.get(document_id=document.id)
    rendition = await ann.renditions.get(version_id=version.id)
    for number, text in enumerate(("Rapport om stöd\n\nSå gick det.", "", "Tredje sidan."), 1):
        await ann.create(
            RenditionPage,
            rendition_id=rendition.id,
            number=number,
            blob_id=version.blob_id,
            media_type="image/webp",
            width=1,
            height=1,
            text=text,
        )
    await publish(ann, store, document, slug="rapport", title="Rapport", accessible=True)
    return document


def _forms(ann: Inside, **documents: Document) -> dict[str, str]:
    slug = ann.network.slug
    return {name: addresses.publication_form(slug, one.id) for name, one in documents.items()}


def _withdrawals(ann: Inside, **rows: Publication) -> dict[str, str]:
    return {name: addresses.withdrawal(ann.network.slug, one.id) for name, one in rows.items()}
