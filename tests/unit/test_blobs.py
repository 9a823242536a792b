"""Bytes that are kept: whole, private, found by their digest, and gone when nothing wants them."""

import asyncio
import hashlib
import os
import shutil
import stat
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from tortoise import Tortoise

from forum import uploads
from storage import clock, database
from storage.attachments import Attachment, Blob
from storage.blobs import Arriving, Lost, Store, sweep
from storage.blobs.bucket import Bucket, Place
from storage.blobs.references import REFERENCES
from storage.door import enter
from storage.people import Person
from storage.readers import Draft
from tests.files import sent
from tests.shelves import InBucket, OnDisk, Spoilt
from tests.world import World

CONTENT = b"En karta.\n" * 200_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
NAME = f"{DIGEST[:2]}/{DIGEST[2:]}"
DAMAGED = f"damaged/{DIGEST}"
LATER = timedelta(days=1)


@pytest.fixture(params=["disk", "bucket"])
def kept_in(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Store, Spoilt]:
    """A store of its own, and what may happen to what lies there."""
    folder = tmp_path / "blobs"
    if request.param == "disk":
        return Store(folder), OnDisk(folder)
    place: Place = request.getfixturevalue("moto").bucket()
    return Store(folder, Bucket(place)), InBucket(place, folder)


@pytest.fixture
def store(kept_in: tuple[Store, Spoilt], world: World) -> Store:
    """Beside an open database."""
    return kept_in[0]


@pytest.fixture
def spoilt(kept_in: tuple[Store, Spoilt]) -> Spoilt:
    return kept_in[1]


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


async def test_what_arrives_is_kept_whole_under_its_digest_and_for_us_alone(
    store: Store, spoilt: Spoilt
) -> None:
    before = os.umask(0)
    try:
        assert await kept(store) == DIGEST
    finally:
        os.umask(before)
    assert spoilt.names() == [NAME]
    assert spoilt.content(NAME) == CONTENT
    for path in (store.folder, *store.folder.glob("**/*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    blob = await Blob.get(digest=DIGEST)
    assert blob.size == len(CONTENT)


async def test_the_same_bytes_are_one_blob_and_are_put_in_place_anew(
    store: Store, spoilt: Spoilt
) -> None:
    await kept(store)
    spoilt.put(NAME, b"torn")
    assert await kept(store) == DIGEST
    assert spoilt.content(NAME) == CONTENT
    assert await Blob.all().count() == 1


async def test_what_is_not_kept_leaves_nothing(store: Store, spoilt: Spoilt) -> None:
    arriving = await arrived(store)
    assert spoilt.names()
    arriving.discard()
    arriving.discard()
    # What has been brought to a bucket by then goes with the sweep.
    await sweep(store, clock.now() + LATER)
    assert spoilt.names() == []
    assert await Blob.all().count() == 0


async def test_a_transaction_that_fails_leaves_bytes_without_a_row_and_never_the_reverse(
    store: Store,
    spoilt: Spoilt,
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
    assert spoilt.content(NAME) == CONTENT


async def test_another_process_may_write_what_arrives(store: Store) -> None:
    arriving = store.arriving()
    arriving.path.write_bytes(CONTENT)
    arriving.reread()
    await arriving.finish()
    assert (arriving.digest, arriving.size) == (DIGEST, len(CONTENT))
    arriving.discard()


async def test_what_has_arrived_in_part_may_be_gone_on_with(store: Store, spoilt: Spoilt) -> None:
    arriving = store.arriving()
    arriving.write(CONTENT[:1000])
    arriving.pause()
    again = store.arriving_again(arriving.token)
    assert again.size == 1000
    again.write(CONTENT[1000:])
    await again.finish()
    assert await database.write(again.kept) == DIGEST
    assert spoilt.content(NAME) == CONTENT


@pytest.mark.parametrize("token", ["0" * 32, "../" + "0" * 29, "x"])
async def test_nothing_else_than_what_has_arrived_is_gone_on_with(store: Store, token: str) -> None:
    store.arriving().discard()
    with pytest.raises(FileNotFoundError):
        store.arriving_again(token)


# --- Reading


async def read(store: Store, start: int = 0, length: int | None = None) -> bytes:
    return b"".join([piece async for piece in store.stream(DIGEST, start, length)])


async def test_bytes_are_read_whole_in_part_and_as_a_file(store: Store) -> None:
    await kept(store)
    assert await read(store) == CONTENT
    assert await read(store, 5) == CONTENT[5:]
    assert await read(store, 1_500_000, 100) == CONTENT[1_500_000:1_500_100]
    assert await read(store, len(CONTENT) - 1, 100) == b"\n"
    assert await read(store, len(CONTENT) + 5) == b""
    async with store.local(DIGEST) as path:
        assert path.read_bytes() == CONTENT


async def test_bytes_of_which_there_are_none_can_be_read(store: Store) -> None:
    digest = await kept(store, b"")
    assert [piece async for piece in store.stream(digest)] == []
    async with store.local(digest) as path:
        assert path.read_bytes() == b""


async def test_bytes_that_are_gone_are_told_of(store: Store, spoilt: Spoilt) -> None:
    await kept(store)
    spoilt.take(NAME)
    with pytest.raises(Lost):
        await store.find(DIGEST)
    with pytest.raises(Lost):
        await read(store)
    with pytest.raises(Lost):
        async with store.local(DIGEST):
            pass
    with pytest.raises(Lost):
        await store.find("0" * 64)


async def test_bytes_of_another_size_are_given_to_nobody(store: Store, spoilt: Spoilt) -> None:
    await kept(store)
    spoilt.put(NAME, CONTENT[:-1])
    for start in (0, 10):
        with pytest.raises(Lost):
            await read(store, start)


async def gather(stream: AsyncIterator[bytes], pieces: list[bytes]) -> None:
    async for piece in stream:
        pieces.append(piece)


async def test_who_reads_altered_bytes_never_gets_the_last_of_them(
    store: Store, spoilt: Spoilt
) -> None:
    await kept(store)
    spoilt.put(NAME, b"!" + CONTENT[1:])
    pieces: list[bytes] = []
    with pytest.raises(Lost):
        await gather(store.stream(DIGEST), pieces)
    assert 0 < len(b"".join(pieces)) < len(CONTENT)
    # They have been set aside, so that nobody gets any of them from now on.
    assert spoilt.names() == [DAMAGED]
    with pytest.raises(Lost):
        await read(store, 10, 1)


async def test_whoever_wants_a_file_is_given_no_altered_one(store: Store, spoilt: Spoilt) -> None:
    await kept(store)
    spoilt.put(NAME, b"!" + CONTENT[1:])
    with pytest.raises(Lost):
        async with store.local(DIGEST):
            pytest.fail("given")
    assert spoilt.names() == [DAMAGED]


async def test_the_same_bytes_brought_anew_heal_what_was_altered(
    store: Store, spoilt: Spoilt
) -> None:
    await kept(store)
    spoilt.put(NAME, b"!" + CONTENT[1:])
    altered = await store.find(DIGEST)
    assert await store.condemn(altered)
    await kept(store)
    assert await read(store) == CONTENT
    # Who found the altered ones before does not take away those that are whole.
    assert not await store.condemn(altered)
    assert await read(store) == CONTENT
    await sweep(store, clock.now() - LATER)
    assert len(spoilt.names()) == 2
    await attached_to_somebody(DIGEST)
    await sweep(store, clock.now() + LATER)
    assert spoilt.names() == [NAME]


async def test_what_is_altered_is_left_for_who_would_mend_it_while_it_is_wanted(
    store: Store,
    spoilt: Spoilt,
) -> None:
    await kept(store)
    await attached_to_somebody(DIGEST)
    assert await store.condemn(await store.find(DIGEST))
    await sweep(store, clock.now() + LATER)
    assert spoilt.names() == [DAMAGED]
    await Person.all().update(picture=None)
    await sweep(store, clock.now() + LATER)
    assert spoilt.names() == []
    assert not await Blob.all().exists()


async def attached_to_somebody(digest: str) -> None:
    await Person.filter(id=1).update(picture=digest)


async def test_there_is_room_until_what_the_database_needs(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    store = Store(tmp_path / "blobs", reserve=free // 2)
    assert await store.room(free // 4)
    assert not await store.room(free // 2 + free // 4)


async def test_what_a_scanner_has_found_lies_apart_for_a_month(store: Store) -> None:
    arriving = await arrived(store)
    name = await asyncio.to_thread(arriving.quarantine)
    arriving.discard()
    (path,) = (store.folder / "quarantine").iterdir()
    assert path.name == name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == CONTENT
    await sweep(store, clock.now() + timedelta(days=29))
    assert path.exists()
    await sweep(store, clock.now() + timedelta(days=31))
    assert not path.exists()


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


async def test_bytes_that_nothing_refers_to_go_with_their_row(
    store: Store, spoilt: Spoilt, world: World
) -> None:
    wanted = await attached(store, world, "wanted", thread_id=world.thread.id, number=1)
    face = await kept(store, b"a face")
    await Person.filter(id=world["bob"].id).update(picture=face)
    await kept(store)
    assert await sweep(store, clock.now() - LATER) == 0
    assert len(spoilt.names()) == 3
    assert await sweep(store, clock.now() + LATER) == 1
    left = {wanted.blob_id, face}
    assert {blob.digest for blob in await Blob.all()} == left
    assert {one.replace("/", "") for one in spoilt.names()} == left


async def test_bytes_without_a_row_go_when_they_have_lain_a_while(
    store: Store, spoilt: Spoilt, world: World
) -> None:
    wanted = await attached(store, world, "wanted")
    lost = f"ab/{'c' * 62}"
    spoilt.put(lost, b"?")
    halfway = await arrived(store)
    await sweep(store, clock.now() - LATER)
    assert lost in spoilt.names()
    assert halfway.path.exists()
    await sweep(store, clock.now() + LATER)
    assert [one.replace("/", "") for one in spoilt.names()] == [wanted.blob_id]
    assert {blob.digest for blob in await Blob.all()} == {wanted.blob_id}


async def test_who_brings_bytes_while_they_are_swept_away_has_them(store: Store) -> None:
    async def bring(arriving: Arriving) -> str:
        digest = await arriving.kept()
        await asyncio.sleep(0.005)
        await attached_to_somebody(digest)
        return digest

    for _ in range(10):
        # Nothing refers to the bytes, which are brought twice, and swept away.
        both = [await arrived(store, CONTENT[:100_000]) for _ in range(2)]
        for one in both:
            # The sweep is ahead of its time.
            os.utime(one.path, ((clock.now() + 2 * LATER).timestamp(),) * 2)
        writes = [database.write(partial(bring, one)) for one in both]
        digest, _same, *_ = await asyncio.gather(
            *writes, *(sweep(store, clock.now() + LATER) for _ in range(2))
        )
        for one in both:
            one.discard()
        async with store.local(str(digest)) as path:
            assert path.stat().st_size == 100_000
        await Person.all().update(picture=None)


async def test_a_row_that_has_lost_its_bytes_and_has_no_use_goes(
    store: Store, spoilt: Spoilt
) -> None:
    await kept(store)
    spoilt.take(NAME)
    assert await sweep(store, clock.now() + LATER) == 1
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
