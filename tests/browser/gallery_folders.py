"""Folders in every state: with all that a document can be, long names, none, and what waits."""

from collections.abc import Awaitable, Callable

from forum import (
    addresses,
    adoptions,
    arrivals,
    check_outs,
    document_names,
    filing,
    folders,
    unpackings,
)
from forum.filing import Described
from forum.uploads import Limits
from storage import clock
from storage.documents import DocumentKind
from storage.door import Inside
from tests.files import sent
from tests.filing import filed, revised

Enter = Callable[[str], Awaitable[Inside]]


async def painted(enter: Enter, limits: Limits, long_name: str) -> dict[str, str]:
    """Make the folders as those whom ``enter`` lets in, and return where they are."""
    ann, bob, long = [await enter(name) for name in ("ann", "bob", "long")]
    slug, top = ann.network.slug, await folders.root(ann)
    name = document_names.acceptable(long_name)
    outer = await folders.create_folder(ann, top.id, name)
    within = outer
    for depth in range(3):
        within = await folders.create_folder(bob, within.id, f"{depth} {name[:40]}")
    for name_ in ("Mallar", "Underlag"):
        await folders.create_folder(bob, outer.id, name_)
    await _documents(ann, bob, long, limits, outer.id, name)
    empty = await folders.create_folder(bob, top.id, "Tom mapp")
    asking = await folders.create_folder(bob, top.id, "Här väntar filer")
    await filed(bob, limits.store, "Riktlinje.docx", b"one", asking.id)
    await _waiting(bob, limits, asking.id, name)
    return {
        "folder": addresses.folder(slug, outer.id),
        "folder_deep": addresses.folder(slug, within.id),
        "folder_empty": addresses.folder(slug, empty.id),
        "folder_asking": addresses.folder(slug, asking.id),
        **await _unpacked(bob, limits, empty.id, name),
    }


async def _documents(
    ann: Inside, bob: Inside, long: Inside, limits: Limits, folder_id: int, name: str
) -> None:
    notes = Described(DocumentKind.MEETING_NOTES, "2026-1", clock.today())
    first = await filed(ann, limits.store, f"{name}.docx", b"1", folder_id, notes)
    await adoptions.adopt(ann, first.id, 1)
    await revised(bob, limits.store, first, b"2")
    await check_outs.begin(long, first.id)
    for number, kind in enumerate(DocumentKind):
        described = Described(kind, "2025-2" if number % 2 else "")
        await filed(bob, limits.store, f"{kind} {number}.pdf", b"%d" % number, folder_id, described)


async def _waiting(bob: Inside, limits: Limits, folder_id: int, name: str) -> None:
    for called, path in (("Riktlinje (1).docx", ""), (f"{name}.zip", "Möten/2026")):
        came = await sent(limits.store, called, b"PK")
        await arrivals.receive(bob, limits, folder_id, came, path)


async def _unpacked(bob: Inside, limits: Limits, folder_id: int, name: str) -> dict[str, str]:
    """One that has begun, and one that is done and has left things out."""
    found = {}
    for state in ("unpacking", "unpacked"):
        came = await sent(limits.store, f"{state} {name}.zip", b"PK")
        arrival = await arrivals.receive(bob, limits, folder_id, came)
        row = await unpackings.begin(bob, arrival.id)
        found[state] = addresses.unpacking(bob.network.slug, row.id)
    report = {
        "left": [f"{name}/{name}.docx\tDen är skadad.", "\tDet här är ingen zip-fil."],
        "renamed": [f"a:b {name}.txt\ta_b {name}.txt"],
        "taken": [f"{name}.txt", "Kallelse.txt"],
    }
    done = bob.my_unpackings.filter(id=row.id)
    await done.update(report=report, blob_id=None, done_at=clock.now())
    return found


async def archived(ann: Inside, limits: Limits) -> None:
    """File something in a network that is archived next."""
    document = await filed(ann, limits.store, "Sista protokollet.docx", b"last")
    await filing.describe(ann, document.id, document.name, Described(DocumentKind.MEETING_NOTES))
