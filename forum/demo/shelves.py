"""The documents of the demo: minutes with an earlier draft, a template, tables, and a guide."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from forum import adoptions, check_outs, filing, folders, guesses, versions
from forum.demo import word
from forum.demo.people import COORDINATOR
from forum.uploads import Limits
from storage import clock, database, door
from storage.blobs import Arriving
from storage.documents import Document, Folder
from storage.door import Inside
from storage.people import Person

_MONTHS: Final = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
    "oktober", "november", "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document: where it lies, what it is called, and each of its versions."""

    slug: str
    folder: str
    #: ``{day}`` is the day so many days ago.
    name: str
    days: int
    #: By whom, with which note, and what it said.
    versions: Sequence[tuple[str, str, str]]
    adopted: bool = False
    #: Who is working on it.
    editor: str = ""


_NOTES: Final = """# Mötesanteckningar, Chefsnätverket
Plats: Stadshuset, Eksjö
Närvarande: Aneby, Eksjö, Gislaved, Gnosjö, Habo, Jönköping (punkt 4), Nässjö, Sävsjö, Tranås, \
Vetlanda och Värnamo
Frånvarande: Mullsjö och Vaggeryd
## 1. Dagordningen
Dagordningen fastställs med tillägg: Yrkesresan, startdatum och vikarier (Sävsjö).
## 2. Laget runt
Flera kommuner har svårt att hitta vikarier inför sommaren. Nässjö prövar gemensam introduktion \
med Eksjö.
## 3. Yrkesresan
Kommunerna behöver veta antalet platser i god tid för att hinna ordna vikarier.
Beslut: Varje kommun anmäler platser{by}. Ansvarig: enhetschef i respektive kommun.
## 4. Arbete och sysselsättning
Jönköping redovisar övergångar från daglig verksamhet: {number} personer under förra året.
## 5. Nästa möte
Tid och plats kommer i kallelsen.
"""
_NOTICE: Final = """# Kallelse till Chefsnätverket
Välkommen till nätverksmöte. Plats: Rådhuset, Värnamo. Tid: 09.00–12.00.
## Dagordning
1. Dagordningen fastställs
2. Laget runt
3. Vikarier i sommar
4. Vårens prioritering
5. Nästa möte
"""
_TEMPLATE: Final = """# Mötesanteckningar
Tid:
Plats:
Närvarande:
Frånvarande:
## 1. Dagordningen
## 2. Laget runt
## 3. Beslut och åtgärder
Beslut, ansvarig och senast när.
## 4. Nästa möte
"""
_SUBSTITUTES: Final = (
    "Kommun;Vikarier som behövs;Ordnade\nAneby;4;3\nEksjö;11;6\nGislaved;18;9\nHabo;7;7\n"
    "Nässjö;21;12\nSävsjö;6;2\nTranås;13;8\nVärnamo;19;11\n"
)
_CYCLE: Final = """# Så förbereder vi en slinga

## Innan
- Ring varandra och bestäm tid.
- Fråga gruppen vad den vill prata om.
- Boka ett rum som är lugnt.

## När vi träffas
1. Alla säger sitt namn.
2. Vi läser reglerna.
3. Vi pratar om en fråga i taget.

## Efteråt
Skriv upp **stafettfrågan** och skicka den vidare.
"""
_INTRODUCTION: Final = """# Introduktion för nya kollegor i boendestödet
## Första veckan
Du går bredvid en erfaren kollega och lär känna våra arbetssätt.
## Genomförandeplanen
Planen skrivs tillsammans med den som får stödet. Läs den före första besöket.
## Efter tre månader
Vi följer upp hur det går, och vad du vill lära dig mer om.
"""

SHELVES: Final = (
    Shelved(
        "chefsnatverket", "Möten", "Anteckningar {day}.docx", 75,
        (
            ("helena.brandt", "Skrivet på mötet", _NOTES.format(by="", number=41)),
            ("helena.brandt", "Jönköpings siffror rättade",
             _NOTES.format(by=" senast den 25 april", number=14)),
        ),
        adopted=True,
    ),
    Shelved("chefsnatverket", "Möten", "Anteckningar {day}.docx", 12,
            (("helena.brandt", "", _NOTES.format(by="", number=16)),)),
    Shelved("chefsnatverket", "Möten", "Kallelse {day}.docx", 20,
            (("helena.brandt", "", _NOTICE),), adopted=True),
    Shelved("chefsnatverket", "Mallar", "Mall för mötesanteckningar.docx", 200,
            (("helena.brandt", "", _TEMPLATE),), adopted=True),
    Shelved("chefsnatverket", "Underlag", "Vikarier i sommar.csv", 9,
            (("helena.brandt", "Efter rundringningen", _SUBSTITUTES),)),
    Shelved("vagledare", "Delaktighetsslingor", "Så förbereder vi en slinga.md", 30,
            (("helena.brandt", "", _CYCLE),)),
    Shelved("arbetsgrupp-boendestod", "", "Introduktion för nya kollegor.docx", 5,
            (("helena.brandt", "", _INTRODUCTION),), editor="helena.brandt"),
)  # fmt: skip


async def fill_shelves(limits: Limits) -> None:
    """File the documents of the demo, unless some lie there already."""
    coordinator = await Person.get(username=COORDINATOR)
    first = await door.enter(coordinator, SHELVES[0].slug)
    if await first.documents.exists():
        return
    for one in SHELVES:
        await _shelve(limits, one)


async def _shelve(limits: Limits, one: Shelved) -> None:
    day = clock.today() - timedelta(days=one.days)
    name = one.name.format(day=f"{day.day} {_MONTHS[day.month - 1]} {day.year}")
    first, *later = one.versions
    by = await _inside(first[0], one.slug)
    within = [one.folder] if one.folder else []
    document = await filing.create_document(
        by,
        (await folders.root(by)).id,
        name,
        await _arrived(limits, name, first[2]),
        guesses.described(name),
        note=first[1],
        below=within,
    )
    for username, note, text in later:
        writer = await _inside(username, one.slug)
        content = await _arrived(limits, name, text)
        await versions.add_version(writer, document.id, content, based_on=None, note=note)
    if one.adopted:
        await adoptions.adopt(by, document.id, len(one.versions))
    if one.editor:
        await check_outs.begin(await _inside(one.editor, one.slug), document.id)
    await database.write(lambda: _set_back(by, document, day))


async def _inside(username: str, slug: str) -> Inside:
    return await door.enter(await Person.get(username=username), slug)


async def _arrived(limits: Limits, name: str, text: str) -> Arriving:
    content = word.document(text) if name.endswith(".docx") else text.encode()
    arriving = await asyncio.to_thread(limits.store.arriving)
    await asyncio.to_thread(arriving.write, content)
    await arriving.finish()
    return arriving


async def _set_back(inside: Inside, document: Document, day: date) -> None:
    """Have it happen on its day, a version a day."""
    at = clock.beginning(day) + timedelta(hours=14)
    for version in await inside.versions.filter(document_id=document.id):
        saved = at + timedelta(days=version.number - 1)
        await inside.versions.filter(id=version.id).update(created_at=saved)
        await inside.documents.filter(id=document.id).update(changed_at=saved)
    await inside.documents.filter(id=document.id).update(created_at=at)
    adopted = inside.documents.filter(id=document.id).exclude(adopted_at=None)
    await adopted.update(adopted_at=at + timedelta(days=7))
    folder: Folder = await inside.folders.get(id=document.folder_id)
    if folder.parent_id is not None and folder.created_at > at:
        await inside.folders.filter(id=folder.id).update(created_at=at)
