"""What becomes of documents when two do things with them at once: nothing is overwritten or lost.

PostgreSQL runs these, too: SQLite has one writer at a time.
"""

import asyncio
import hashlib
import os
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta

import pytest

from forum import arrivals, documents, filing, folders, placements, trash, uploads, versions
from forum.placements import Beside, Choice
from forum.refusals import Invalid
from forum.settings import Settings
from forum.uploads import Limits
from forum.versions import Stale
from storage import clock, database, door
from storage.documents import Document
from storage.door import Inside
from storage.events import EventKind
from tests.filing import arrived, filed, revised
from tests.http.records import Row, events, rows, seq
from tests.world import World


@pytest.fixture
def limits(chosen: Settings) -> Limits:
    return uploads.into_folder(chosen)


@pytest.fixture
async def ann(world: World) -> Inside:
    return await door.enter(world["ann"], world.network.slug)


@pytest.fixture
async def bob(world: World) -> Inside:
    return await door.enter(world["bob"], world.network.slug)


@pytest.fixture
def rounds(long: bool) -> int:
    return 200 if long else 20


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def sent(
    inside: Inside,
    limits: Limits,
    content: bytes,
    folder_id: int | None = None,
    document: Document | None = None,
    path: str = "",
) -> int:
    """Send a file, for a folder or as a version of a document's latest; return its arrival."""
    found = await arrivals.begin(
        inside,
        limits,
        document.folder_id if document else folder_id or (await folders.root(inside)).id,
        document.name if document else "Karta.txt",
        len(content),
        path=path,
        document_id=document.id if document else None,
        based_on=document.last_number if document else None,
    )
    async with arrivals.going_on(limits, found) as arriving:
        await asyncio.to_thread(arriving.write, content)
        await arrivals.settle(inside, limits, found, arriving)
    return int(found.id)


async def at_once(*acts: Awaitable[object]) -> list[object]:
    """Do all at once; return what each gave or raised, which is a refusal in our own words."""
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    for one in outcomes:
        if isinstance(one, BaseException) and not isinstance(
            one, (Stale, Beside, Invalid, door.NotFound)
        ):
            raise one
    return outcomes


async def assert_numbered(document_id: int, digests: list[str]) -> None:
    """Assert that a document has versions of exactly these bytes, in this order, without a gap."""
    found = await rows("version", document_id=document_id)
    assert [one["number"] for one in found] == list(range(1, len(digests) + 1))
    assert [one["blob_id"] for one in found] == digests


async def assert_kept(limits: Limits) -> None:
    """Assert that every blob's row has its bytes, and that every version has a row."""
    known = {one["digest"] for one in await blob_rows()}
    assert {one["blob_id"] for one in await rows("version")} <= known
    for one in known:
        path = limits.store.shelf.path(one)
        assert path is not None
        assert digest(path.read_bytes()) == one


async def blob_rows() -> list[Row]:
    return await database.read("SELECT digest FROM blob", {})


async def test_of_two_who_save_the_same_version_one_wins_and_the_other_is_told(
    world: World, ann: Inside, bob: Inside, limits: Limits, rounds: int
) -> None:
    document = await filed(bob, limits.store, content=b"first")
    before, won = await seq(world), [digest(b"first")]
    for number in range(1, rounds + 1):
        texts = [f"{name} {number}".encode() for name in ("Ann", "Bob")]
        brought = [await arrived(limits.store, text) for text in texts]
        outcomes = await at_once(
            *(
                versions.add_version(inside, document.id, one, based_on=number)
                for inside, one in zip((ann, bob), brought, strict=True)
            )
        )
        assert sorted(type(one).__name__ for one in outcomes) == ["Stale", "Version"]
        [winner] = [n for n, one in enumerate(outcomes) if not isinstance(one, Stale)]
        won.append(digest(texts[winner]))
    await assert_numbered(document.id, won)
    await assert_kept(limits)
    kinds = [kind for kind, _actor in await events(world, before)]
    assert kinds == [EventKind.VERSION_ADDED] * rounds


async def test_what_the_loser_hands_in_is_kept_beside(
    world: World, ann: Inside, bob: Inside, limits: Limits, rounds: int
) -> None:
    document = await filed(bob, limits.store, content=b"first")
    before, won, lost = await seq(world), [digest(b"first")], set()
    for number in range(1, rounds + 1):
        document = await documents.document(bob, document.id)
        texts = [f"{name} {number}".encode() for name in ("Ann", "Bob")]
        mine = [
            await sent(inside, limits, text, document=document)
            for inside, text in zip((ann, bob), texts, strict=True)
        ]
        outcomes = await at_once(
            *(
                placements.hand_in(inside, arrival)
                for inside, arrival in zip((ann, bob), mine, strict=True)
            )
        )
        assert sorted(type(one).__name__ for one in outcomes) == ["Beside", "Document"]
        for one, text in zip(outcomes, texts, strict=True):
            if isinstance(one, Beside):
                assert one.document.id == document.id
                [beside] = await rows("version", document_id=one.beside.id)
                assert beside["blob_id"] == digest(text)
                lost.add(one.beside.id)
            else:
                won.append(digest(text))
    await assert_numbered(document.id, won)
    await assert_kept(limits)
    assert len(lost) == rounds
    assert await rows("arrival") == []
    kinds = [kind for kind, _actor in await events(world, before)]
    assert kinds == [EventKind.VERSION_ADDED, EventKind.DOCUMENT_CREATED] * rounds


async def test_of_files_of_one_name_that_are_placed_at_once_each_has_a_name_of_its_own(
    ann: Inside, bob: Inside, limits: Limits, rounds: int
) -> None:
    everything = await folders.root(bob)
    for number in range(rounds):
        at = await folders.create_folder(bob, everything.id, f"Mapp {number}")
        mine = [
            (inside, await sent(inside, limits, f"{number} {n}".encode(), at.id))
            for n, inside in enumerate((ann, bob))
        ]
        await at_once(*(placements.place(inside, one, Choice.DOCUMENT) for inside, one in mine))
        found = {one["name"] for one in await rows("document", folder_id=at.id)}
        assert found == {"Karta.txt", "Karta (2).txt"}


async def test_of_two_documents_of_one_name_one_is_made_and_the_other_refused(
    ann: Inside, bob: Inside, limits: Limits, rounds: int
) -> None:
    for number in range(rounds):
        name = f"Karta {number}.txt"
        outcomes = await at_once(
            *(
                filed(inside, limits.store, name, f"{n}".encode())
                for n, inside in enumerate((ann, bob))
            )
        )
        assert Counter(type(one).__name__ for one in outcomes) == {"Document": 1, "Invalid": 1}
        assert len(await rows("document", name=name)) == 1


async def test_files_of_a_new_folder_come_into_one_folder(
    ann: Inside, bob: Inside, limits: Limits, rounds: int
) -> None:
    everything = await folders.root(bob)
    for number in range(rounds):
        path = f"Möte {number}/Bilagor"
        mine = [
            (inside, await sent(inside, limits, f"{number} {n}".encode(), path=path))
            for n, inside in enumerate((ann, bob, ann))
        ]
        await at_once(*(placements.place(inside, one, Choice.DOCUMENT) for inside, one in mine))
        [meeting] = await rows("folder", parent_id=everything.id, name=f"Möte {number}")
        [papers] = await rows("folder", parent_id=meeting["id"])
        assert len(await rows("document", folder_id=papers["id"])) == 3


async def test_a_name_is_taken_once_by_whichever_way_one_comes_to_its_folder(
    ann: Inside, bob: Inside, limits: Limits, rounds: int
) -> None:
    everything = await folders.root(bob)
    for number in range(rounds):
        at = await folders.create_folder(bob, everything.id, f"Mapp {number}")
        mine = await sent(ann, limits, b"x", path=at.name)
        await at_once(
            placements.place(ann, mine, Choice.DOCUMENT),
            folders.create_folder(bob, at.id, "Karta.txt"),
        )
        names = [one["name"] for one in await rows("document", folder_id=at.id)]
        names += [one["name"] for one in await rows("folder", parent_id=at.id)]
        assert sorted(names) in (["Karta (2).txt", "Karta.txt"], ["Karta.txt"])
        assert len(await rows("document", folder_id=at.id)) == 1


async def test_of_folders_that_are_moved_into_each_other_one_stays(
    ann: Inside, bob: Inside, rounds: int
) -> None:
    everything = await folders.root(bob)
    for number in range(rounds):
        first, second = [
            await folders.create_folder(bob, everything.id, f"{name} {number}")
            for name in ("Första", "Andra")
        ]
        outcomes = await at_once(
            folders.change_folder(ann, first.id, name=first.name, parent_id=second.id),
            folders.change_folder(bob, second.id, name=second.name, parent_id=first.id),
        )
        assert Counter(type(one).__name__ for one in outcomes) == {"NoneType": 1, "Invalid": 1}
        ways = [len(await folders.way(bob, one.id)) for one in (first, second)]
        assert sorted(ways) == [2, 3]


async def test_a_version_of_a_document_that_is_put_in_the_trash_is_there_or_refused(
    ann: Inside, bob: Inside, limits: Limits, rounds: int
) -> None:
    for number in range(rounds):
        document = await filed(bob, limits.store, f"{number}.txt", b"first")
        _binned, outcome = await at_once(
            trash.put_document(ann, document.id),
            revised(bob, limits.store, document, b"second", based_on=1),
        )
        refused = isinstance(outcome, door.NotFound)
        assert len(await rows("version", document_id=document.id)) == (1 if refused else 2)
        [row] = await rows("document", id=document.id)
        assert row["trash_id"] is not None


async def test_a_folder_is_emptied_into_the_trash_while_somebody_files_in_it(
    ann: Inside, bob: Inside, limits: Limits, rounds: int
) -> None:
    everything = await folders.root(bob)
    for number in range(rounds):
        at = await folders.create_folder(bob, everything.id, f"Mapp {number}")
        await filed(bob, limits.store, folder_id=at.id)
        _binned, outcome = await at_once(
            trash.put_folder(ann, at.id),
            filed(bob, limits.store, "Ny.txt", b"new", folder_id=at.id),
        )
        found = await rows("document", folder_id=at.id)
        assert len(found) == (1 if isinstance(outcome, door.NotFound) else 2)
        # Nothing lies in a folder that nobody can open.
        assert {one["trash_id"] is None for one in found} == {False}


async def test_documents_that_change_places_at_once_end_in_one_place_each(
    ann: Inside, bob: Inside, limits: Limits, rounds: int
) -> None:
    everything = await folders.root(bob)
    here, there = [await folders.create_folder(bob, everything.id, one) for one in "ab"]
    first = await filed(bob, limits.store, "1.txt", folder_id=here.id)
    second = await filed(bob, limits.store, "2.txt", folder_id=there.id)
    for _round in range(rounds):
        await at_once(
            filing.move(ann, first.id, there.id),
            filing.move(bob, second.id, here.id),
            filing.move(bob, first.id, here.id),
            revised(ann, limits.store, second, f"{_round}".encode()),
        )
    assert len(await rows("version", document_id=second.id)) == rounds + 1
    assert len(await rows("document")) == 2


async def test_a_sweep_takes_nothing_that_somebody_brings_at_the_same_moment(
    bob: Inside, limits: Limits, rounds: int
) -> None:
    """The same bytes were here before, and nothing refers to them any more."""
    for number in range(rounds):
        content = b"x" * (number + 1)
        gone = await sent(bob, limits, content)
        await arrivals.give_up(bob, limits, gone)
        await aged(limits)
        outcomes = await asyncio.gather(
            *(uploads.sweep(limits.store) for _ in range(2)),
            _placed(bob, limits, content),
            _placed(bob, limits, content),
        )
        for one in outcomes[2:]:
            assert isinstance(one, Document)
            latest = await versions.version(bob, one, 1)
            async with limits.store.local(versions.digest(latest)) as path:
                assert path.read_bytes() == content
    await aged(limits)
    await uploads.sweep(limits.store)
    await assert_kept(limits)


async def aged(limits: Limits) -> None:
    """Have all blobs be from yesterday."""
    before = clock.now() - timedelta(days=1)
    change = "UPDATE blob SET created_at = :at RETURNING digest"
    await database.write(lambda: database.read(change, {"at": before}))
    for path in limits.store.folder.glob("??/*"):
        os.utime(path, (before.timestamp(), before.timestamp()))


async def _placed(inside: Inside, limits: Limits, content: bytes) -> Document:
    return await placements.place(inside, await sent(inside, limits, content), Choice.DOCUMENT)
