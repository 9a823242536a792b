"""Bytes that are kept: whole, private, found by their digest, and gone when nothing wants them."""

import asyncio
import hashlib
import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tortoise import Tortoise

from forum import uploads
from storage import clock, database
from storage.attachments import Attachment, Blob
from storage.blobs import Arriving, Store
from storage.blobs.references import REFERENCES
from storage.door import enter
from storage.people import Person
from storage.readers import Draft
from tests.files import sent
from tests.world import World

CONTENT = b"En karta.\n" * 200_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
LATER = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path, world: World) -> Store:
    """A folder of its own, beside an open database."""
    return Store(tmp_path / "blobs")


async def arrived(store: Store, content: bytes = CONTENT) -> Arriving:
    arriving = store.arriving()
    for start in range(0, len(content), 700_000):
        await asyncio.to_thread(arriving.write, content[start : start + 700_000])
    await arriving.finish()
    return arriving


async def kept(store: Store, content: bytes = CONTENT) -> str:
    arriving = await arrived(store, content)
    try:
        return await database.write(arriving.kept)
    finally:
        arriving.discard()


def files(store: Store) -> list[str]:
    return sorted(str(one.relative_to(store.folder)) for one in store.folder.glob("*/*"))


async def test_what_arrives_is_kept_whole_under_its_digest_and_for_us_alone(store: Store) -> None:
    before = os.umask(0)
    try:
        assert await kept(store) == DIGEST
    finally:
        os.umask(before)
    place = store.place(DIGEST)
    assert files(store) == [f"{DIGEST[:2]}/{DIGEST[2:]}"]
    assert place.read_bytes() == CONTENT
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    for folder in (store.folder, place.parent, store.folder / "arriving"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    blob = await Blob.get(digest=DIGEST)
    assert blob.size == len(CONTENT)


async def test_the_same_bytes_are_one_blob_and_are_put_in_place_anew(store: Store) -> None:
    await kept(store)
    store.place(DIGEST).write_bytes(b"torn")
    assert await kept(store) == DIGEST
    assert store.place(DIGEST).read_bytes() == CONTENT
    assert await Blob.all().count() == 1


async def test_what_is_not_kept_leaves_nothing(store: Store) -> None:
    arriving = await arrived(store)
    assert len(files(store)) == 1
    arriving.discard()
    arriving.discard()
    assert files(store) == []
    assert await Blob.all().count() == 0


async def test_a_transaction_that_fails_leaves_bytes_without_a_row_and_never_the_reverse(
    store: Store,
) -> None:
    arriving = await arrived(store)

    async def fail() -> None:
        await arriving.kept()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(fail)
    assert await Blob.all().count() == 0
    # It may be tried again, as a transaction is.
    assert await database.write(arriving.kept) == DIGEST
    assert store.place(DIGEST).read_bytes() == CONTENT


async def test_another_process_may_write_what_arrives(store: Store) -> None:
    arriving = store.arriving()
    arriving.path.write_bytes(CONTENT)
    arriving.reread()
    await arriving.finish()
    assert (arriving.digest, arriving.size) == (DIGEST, len(CONTENT))
    arriving.discard()


# --- The sweep


def test_every_column_that_points_at_a_blob_keeps_its_bytes() -> None:
    pointing = {
        (model._meta.db_table, f"{name}_id")
        for model in Tortoise.apps["storage"].values()
        for name in model._meta.fk_fields
        if model._meta.fields_map[name].related_model is Blob
    }
    assert pointing
    assert pointing <= set(REFERENCES)


async def attached(store: Store, world: World, name: str, **values: object) -> Attachment:
    inside = await enter(world["bob"], world.network.slug)
    row = await uploads.receive(
        inside, uploads.Limits(store, 10**8), await sent(store, name, name.encode())
    )
    await inside.my_uploads.filter(id=row.id).update(**values)
    return row


async def test_bytes_that_nothing_refers_to_go_with_their_row(store: Store, world: World) -> None:
    wanted = await attached(store, world, "wanted", thread_id=world.thread.id, number=1)
    face = await kept(store, b"a face")
    await Person.filter(id=world["bob"].id).update(picture=face)
    await kept(store)
    assert await store.sweep(clock.now() - LATER) == 0
    assert len(files(store)) == 3
    assert await store.sweep(clock.now() + LATER) == 1
    left = {wanted.blob_id, face}
    assert {blob.digest for blob in await Blob.all()} == left
    assert {one.replace("/", "") for one in files(store)} == left


async def test_bytes_without_a_row_go_when_they_have_lain_a_while(
    store: Store, world: World
) -> None:
    wanted = await attached(store, world, "wanted")
    lost = store.folder / "ab" / ("c" * 62)
    lost.parent.mkdir()
    lost.write_bytes(b"?")
    halfway = await arrived(store)
    await store.sweep(clock.now() - LATER)
    assert lost.exists()
    assert halfway.path.exists()
    await store.sweep(clock.now() + LATER)
    assert [one.replace("/", "") for one in files(store)] == [wanted.blob_id]
    assert {blob.digest for blob in await Blob.all()} == {wanted.blob_id}


async def test_a_row_that_has_lost_its_bytes_and_has_no_use_goes(store: Store) -> None:
    await kept(store)
    store.place(DIGEST).unlink()
    assert await store.sweep(clock.now() + LATER) == 1
    assert await Blob.all().count() == 0


@pytest.mark.parametrize("content", [
    lambda one: {"attachment": one},
    lambda one: {"attachment": [str(one)], "body": "x"},
    lambda one: {"attachment": ["x", one]},
], ids=["one", "texts", "numbers"])  # fmt: skip
async def test_uploads_go_after_a_week_unless_posted_or_in_a_draft(
    store: Store, world: World, content: Callable[[int], dict[str, object]]
) -> None:
    old = clock.now() - uploads.KEPT - timedelta(minutes=1)
    drafted = await attached(store, world, "drafted", created_at=old)
    await attached(store, world, "forgotten", created_at=old)
    young = await attached(store, world, "young")
    posted = await attached(
        store, world, "posted", created_at=old, thread_id=world.thread.id, number=1
    )
    bob = await enter(world["bob"], world.network.slug)
    gus = await enter(world["gus"], world.network.slug)
    for inside, held in ((bob, drafted.id), (gus, 999)):
        await inside.create(
            Draft,
            person_id=inside.person.id,
            place="new",
            content=content(held),
            saved_at=clock.now(),
        )
    await uploads.sweep(store)
    assert {row.id for row in await bob.my_uploads.all()} == {drafted.id, young.id}
    assert [row.id for row in await bob.attachments.all()] == [posted.id]
