"""Documents by their verbs: they stay the same ones, and their versions never change."""

from datetime import timedelta
from pathlib import Path

import pytest

from forum import adoptions, check_outs, documents, filing, folders, trash, versions, weedings
from forum.filing import Described
from forum.folder_lists import Sort, Wanted, listing
from forum.refusals import Invalid
from forum.settings import Settings
from forum.versions import Stale
from storage import clock, door
from storage.blobs import Store
from storage.documents import DocumentKind
from storage.door import Forbidden, Inside
from tests.filing import arrived, filed, revised
from tests.http.records import events, rows, seq
from tests.world import World


@pytest.fixture
def store(chosen: Settings) -> Store:
    return Store(chosen.data / "blobs")


async def enter(world: World, name: str) -> Inside:
    return await door.enter(world[name], world.network.slug)


@pytest.fixture
async def ann(world: World) -> Inside:
    return await enter(world, "ann")


@pytest.fixture
async def bob(world: World) -> Inside:
    return await enter(world, "bob")


@pytest.fixture
async def gus(world: World) -> Inside:
    return await enter(world, "gus")


async def names(inside: Inside, folder_id: int | None = None, **wanted: str) -> list[str]:
    at = folder_id or (await folders.root(inside)).id
    sort = Sort(wanted.pop("sort", "name"))
    found = await listing(inside, at, Wanted(sort, **wanted))
    return [one.name for one in found.folders] + [one.name for one in found.documents]


async def test_a_document_is_filed_with_its_first_version_and_an_event(
    world: World, bob: Inside, store: Store
) -> None:
    before = await seq(world)
    document = await filed(bob, store, "Kallelse.docx", b"first")
    (first,) = await rows("version", document_id=document.id)
    assert (first["number"], first["size"], first["person_id"]) == (1, 5, world["bob"].id)
    assert first["organisation_id"] == bob.membership.organisation_id
    assert (
        store.folder.joinpath(first["blob_id"][:2], first["blob_id"][2:]).read_bytes() == b"first"
    )
    assert await events(world, before) == [("document.created", world["bob"].id)]
    (job,) = await rows("job", kind="renditions.make")
    assert (job["network_id"], job["actor_id"]) == (world.network.id, world["bob"].id)


async def test_the_versions_of_a_document_are_kept_and_numbered(
    ann: Inside, bob: Inside, store: Store
) -> None:
    document = await filed(bob, store, content=b"one")
    await revised(ann, store, document, b"two", based_on=1)
    await versions.restore(bob, document.id, 1)
    found = await rows("version", document_id=document.id)
    assert [(one["number"], one["restored_number"]) for one in found] == [
        (1, None), (2, None), (3, 1),
    ]  # fmt: skip
    assert found[0]["blob_id"] == found[2]["blob_id"] != found[1]["blob_id"]


async def test_the_same_bytes_again_are_no_new_version(
    world: World, bob: Inside, store: Store
) -> None:
    document = await filed(bob, store, content=b"one")
    before = await seq(world)
    assert (await revised(bob, store, document, b"one", based_on=1)).number == 1
    assert await seq(world) == before


async def test_what_was_made_from_an_earlier_version_overwrites_nothing(
    ann: Inside, bob: Inside, store: Store
) -> None:
    document = await filed(bob, store, content=b"one")
    await revised(ann, store, document, b"two", based_on=1)
    with pytest.raises(Stale) as stale:
        await revised(bob, store, document, b"mine", based_on=1)
    assert stale.value.document.last_number == 2
    assert len(await rows("version", document_id=document.id)) == 2


async def test_a_guest_reads_and_does_not_file(gus: Inside, bob: Inside, store: Store) -> None:
    document = await filed(bob, store)
    assert await names(gus) == [document.name]
    at = document.folder_id
    content = await arrived(store, b"x")
    refused = (
        lambda: filing.create_document(gus, at, "x.txt", content),
        lambda: versions.add_version(gus, document.id, content, based_on=None),
        lambda: folders.create_folder(gus, at, "Min mapp"),
        lambda: trash.put_document(gus, document.id),
        lambda: check_outs.begin(gus, document.id),
        lambda: filing.move(gus, document.id, at, "y.txt"),
    )
    for verb in refused:
        with pytest.raises(Forbidden):
            await verb()


async def test_documents_of_another_network_are_not_there(
    world: World, bob: Inside, store: Store
) -> None:
    document = await filed(bob, store)
    charlie = await door.enter(world["charlie"], world.elsewhere.slug)
    content = await arrived(store, b"x")
    missing = (
        lambda: documents.document(charlie, document.id),
        lambda: folders.folder(charlie, document.folder_id),
        lambda: filing.create_document(charlie, document.folder_id, "x.txt", content),
        lambda: versions.add_version(charlie, document.id, content, based_on=None),
        lambda: filing.copy(charlie, document.id, document.folder_id),
        lambda: trash.put_document(charlie, document.id),
        lambda: adoptions.adopt(charlie, document.id, 1),
    )
    for verb in missing:
        with pytest.raises(door.NotFound):
            await verb()


async def test_a_name_is_taken_whatever_its_case(bob: Inside, store: Store) -> None:
    document = await filed(bob, store, "Översikt.docx")
    await folders.create_folder(bob, document.folder_id, "Möten")
    for name in ("ÖVERSIKT.DOCX", "möten"):
        with pytest.raises(Invalid):
            await filed(bob, store, name)
        with pytest.raises(Invalid):
            await folders.create_folder(bob, document.folder_id, name)


async def test_identity_and_history_survive_moving_and_renaming(bob: Inside, store: Store) -> None:
    document = await filed(bob, store)
    await revised(bob, store, document, b"two")
    folder = await folders.create_folder(bob, document.folder_id, "2026 vt")
    await filing.move(bob, document.id, folder.id, "Minnesanteckningar.txt")
    moved = await documents.document(bob, document.id)
    assert (moved.folder_id, moved.name, moved.last_number) == (
        folder.id, "Minnesanteckningar.txt", 2,
    )  # fmt: skip
    assert await names(bob) == ["2026 vt"]


async def test_a_copy_is_another_document_with_the_same_bytes(bob: Inside, store: Store) -> None:
    document = await filed(bob, store, content=b"one")
    copy = await filing.copy(bob, document.id, document.folder_id)
    assert copy.name == "Anteckningar 14 mars (2).txt"
    first, second = await rows("version")
    assert first["blob_id"] == second["blob_id"]
    await revised(bob, store, copy, b"two")
    assert (await documents.document(bob, document.id)).last_number == 1


async def test_a_folder_is_not_moved_into_itself(bob: Inside) -> None:
    top = await folders.root(bob)
    outer = await folders.create_folder(bob, top.id, "Ytter")
    inner = await folders.create_folder(bob, outer.id, "Inner")
    for within in (outer.id, inner.id):
        with pytest.raises(Invalid):
            await folders.change_folder(bob, outer.id, name="Ytter", parent_id=within)
    await folders.change_folder(bob, inner.id, name="Innerst", parent_id=top.id)
    assert [one.name for one in await folders.way(bob, inner.id)] == ["", "Innerst"]
    with pytest.raises(door.NotFound):
        await folders.change_folder(bob, top.id, name="Allt", parent_id=outer.id)


async def test_a_folder_is_sorted_as_people_would_and_narrowed(bob: Inside, store: Store) -> None:
    for name, kind, term in (
        ("Åtgärder.txt", DocumentKind.BACKGROUND, "2025-2"),
        ("Möte 10.txt", DocumentKind.MEETING_NOTES, "2026-1"),
        ("Möte 2.txt", DocumentKind.MEETING_NOTES, "2025-2"),
        ("Ödehus.txt", DocumentKind.OTHER, ""),
        ("Zebra.txt", DocumentKind.OTHER, ""),
    ):
        await filed(bob, store, name, name.encode(), described=Described(kind, term))
    assert await names(bob) == [
        "Möte 2.txt", "Möte 10.txt", "Zebra.txt", "Åtgärder.txt", "Ödehus.txt",
    ]  # fmt: skip
    assert await names(bob, kind="meeting_notes", sort="term") == ["Möte 10.txt", "Möte 2.txt"]
    assert await names(bob, term="2025-2") == ["Möte 2.txt", "Åtgärder.txt"]
    assert await names(bob, author="Ann Alm") == []


async def test_what_is_adopted_holds_whatever_is_written_after_it(
    ann: Inside, bob: Inside, store: Store
) -> None:
    document = await filed(bob, store, content=b"one")
    with pytest.raises(Forbidden):
        await adoptions.adopt(bob, document.id, 1)
    await adoptions.adopt(ann, document.id, 1)
    await revised(bob, store, document, b"two")
    found = await documents.document(bob, document.id)
    (first, _second) = await rows("version", document_id=document.id)
    assert (documents.current(found), found.last_number) == (1, 2)
    assert found.adopted_digest == first["blob_id"]
    (shown,) = (await listing(bob, document.folder_id, Wanted())).documents
    assert (shown.number, shown.drafted) == (1, True)
    # Nobody adopts what she has not seen.
    with pytest.raises(Invalid):
        await adoptions.adopt(ann, document.id, 1)
    with pytest.raises(Forbidden):
        await trash.put_document(bob, document.id)
    await adoptions.retract(ann, document.id)
    assert documents.current(await documents.document(bob, document.id)) == 2


async def test_who_is_working_on_it_is_seen_until_she_is_done_or_a_day_has_gone(
    ann: Inside, bob: Inside, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await filed(bob, store)
    await check_outs.begin(bob, document.id)
    (shown,) = (await listing(ann, document.folder_id, Wanted())).documents
    assert shown.editor == "Bob Berg"
    with pytest.raises(Invalid, match="Bob Berg"):
        await check_outs.begin(ann, document.id)
    # A coordinator may lift it, and it ends by itself.
    await check_outs.end(ann, document.id)
    await check_outs.begin(ann, document.id)
    with pytest.raises(Forbidden):
        await check_outs.end(bob, document.id)
    later = clock.now() + check_outs.LASTS + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    (shown,) = (await listing(ann, document.folder_id, Wanted())).documents
    assert shown.editor is None
    await check_outs.begin(bob, document.id)


async def test_a_folder_comes_back_from_the_trash_with_all_that_was_in_it(
    ann: Inside, bob: Inside, store: Store
) -> None:
    top = await folders.root(bob)
    outer = await folders.create_folder(bob, top.id, "2026 ht")
    inner = await folders.create_folder(bob, outer.id, "Bilagor")
    alone = await filed(bob, store, "Ensam.txt", b"1", inner.id)
    document = await filed(bob, store, "Kallelse.txt", b"2", inner.id)
    earlier = await trash.put_document(bob, alone.id)
    row = await trash.put_folder(bob, outer.id)
    assert await names(bob) == []
    with pytest.raises(door.NotFound):
        await documents.document(bob, document.id)
    again = await folders.create_folder(bob, top.id, "2026 ht")
    await trash.restore(bob, row.id)
    assert await names(bob) == ["2026 ht", "2026 ht (2)"]
    assert await names(bob, inner.id) == ["Kallelse.txt"]
    await trash.restore(bob, earlier.id)
    assert await names(bob, inner.id) == ["Ensam.txt", "Kallelse.txt"]
    assert await rows("trash") == []
    assert again.id != outer.id


async def test_what_is_weeded_is_gone_and_why_is_kept(
    world: World, ann: Inside, bob: Inside, store: Store
) -> None:
    top = await folders.root(bob)
    folder = await folders.create_folder(bob, top.id, "Gammalt")
    inner = await folders.create_folder(bob, folder.id, "Äldre")
    earlier = await filed(bob, store, "Tidigare.txt", b"0", inner.id)
    document = await filed(bob, store, "Protokoll.txt", b"1", inner.id)
    await revised(bob, store, document, b"2")
    first_row = await trash.put_document(bob, earlier.id)
    row = await trash.put_folder(bob, folder.id)
    with pytest.raises(Forbidden):
        await weedings.weed(bob, row.id, "Beslut 2026-11-01")
    with pytest.raises(Invalid):
        await weedings.weed(ann, row.id, "  ")
    await weedings.weed(ann, row.id, "Gallringsbeslut 2026-11-01")
    assert await rows("version", document_id=document.id) == []
    logged = [
        (one["what"], one["name"], one["path"], one["versions"]) for one in await rows("weeding")
    ]
    assert logged == [
        ("folder", "Gammalt", "", 0), ("document", "Protokoll.txt", "Gammalt", 2),
    ]  # fmt: skip
    # What was put there before, by itself, can still be had.
    await trash.restore(bob, first_row.id)
    assert await names(bob) == ["Tidigare.txt"]
    assert {one["kind"] for one in await rows("job")} >= {weedings.JOB}
    assert Path(store.folder).exists()


async def test_a_version_that_has_a_name_is_kept_for_ever(
    ann: Inside, bob: Inside, store: Store
) -> None:
    document = await filed(bob, store, content=b"1")
    await revised(bob, store, document, b"2")
    await versions.label(bob, document.id, 1, "Till nämnden")
    with pytest.raises(Invalid):
        await weedings.weed_version(ann, document.id, 1, "Beslut")
    with pytest.raises(Forbidden):
        await versions.label(bob, document.id, 1, "")
    row = await trash.put_document(bob, document.id)
    with pytest.raises(Invalid):
        await weedings.weed(ann, row.id, "Beslut")
    await trash.restore(ann, row.id)
    await versions.label(ann, document.id, 1, "")
    await weedings.weed_version(ann, document.id, 1, "Beslut")
    with pytest.raises(versions.Weeded):
        await versions.version(bob, document, 1)
    with pytest.raises(Invalid):
        await weedings.weed_version(ann, document.id, 2, "Beslut")
