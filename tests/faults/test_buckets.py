"""Blobs in a bucket, and faults on the way there: what is not there whole is acknowledged by
nobody, and nothing of a bucket reaches anybody but through us."""

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage import clock, database
from storage.attachments import Blob
from storage.blobs import Arriving, Store, Unreachable, sweep
from storage.blobs.bucket import Bucket, Place
from tests.buckets import Moto, Way
from tests.shelves import InBucket
from tests.world import World

MEGABYTE = 1024 * 1024
#: Three parts.
CONTENT = os.urandom(MEGABYTE) * 20
DIGEST = hashlib.sha256(CONTENT).hexdigest()
NAME = f"{DIGEST[:2]}/{DIGEST[2:]}"
LATER = timedelta(days=1)


@pytest.fixture
def place(moto: Moto) -> Place:
    return moto.bucket()


@pytest.fixture
def way(moto: Moto) -> Way:
    return Way(moto.port)


@pytest.fixture
async def store(place: Place, way: Way, tmp_path: Path, world: World) -> AsyncIterator[Store]:
    """Beside an open database, at the end of a way that can be cut."""
    async with way.led():
        yield Store(tmp_path / "blobs", Bucket(replace(place, endpoint=way.url)))


@pytest.fixture
def there(place: Place, tmp_path: Path) -> InBucket:
    return InBucket(place, tmp_path / "blobs")


async def arriving(store: Store, content: bytes = CONTENT) -> Arriving:
    one = await asyncio.to_thread(store.arriving)
    await asyncio.to_thread(one.write, content)
    return one


async def kept(store: Store, content: bytes = CONTENT) -> str:
    one = await arriving(store, content)
    try:
        await one.finish()
        return await database.write(one.kept)
    finally:
        one.discard()


async def read(store: Store) -> bytes:
    return b"".join([piece async for piece in store.stream(DIGEST)])


async def test_a_large_file_goes_there_in_parts_and_comes_back(
    store: Store, there: InBucket
) -> None:
    assert await kept(store) == DIGEST
    assert there.names() == [NAME]
    assert await read(store) == CONTENT
    async with store.local(DIGEST) as path:
        assert await asyncio.to_thread(path.read_bytes) == CONTENT
    assert there.names() == [NAME]


@pytest.mark.parametrize("through", [0, 100, MEGABYTE // 2, 9 * MEGABYTE, 20 * MEGABYTE])
async def test_what_does_not_get_there_whole_is_not_acknowledged(
    store: Store, there: InBucket, way: Way, through: int
) -> None:
    one = await arriving(store)
    way.left = through
    with pytest.raises(Unreachable):
        await one.finish()
    with pytest.raises(Unreachable):
        await database.write(one.kept)
    assert await Blob.all().count() == 0
    way.left = float("inf")
    # What there is of it is nothing that anybody could be given.
    assert NAME not in there.names()
    # The same file may be sent again.
    await one.finish()
    assert await database.write(one.kept) == DIGEST
    one.discard()
    assert await read(store) == CONTENT


async def test_the_same_bytes_may_be_brought_by_many_at_once(store: Store, there: InBucket) -> None:
    content = CONTENT[:MEGABYTE]
    found = set(await asyncio.gather(*(kept(store, content) for _ in range(8))))
    assert len(found) == 1
    assert len(there.names()) == 1
    assert await Blob.all().count() == 1


async def test_bytes_that_a_sweep_has_taken_since_they_were_brought_are_brought_again(
    store: Store, there: InBucket
) -> None:
    one = await arriving(store)
    await one.finish()
    there.take(NAME)
    assert await database.write(one.kept) == DIGEST
    one.discard()
    assert await read(store) == CONTENT


async def test_a_sweep_that_cannot_get_there_leaves_the_row(store: Store, way: Way) -> None:
    await kept(store)
    way.left = 0
    with pytest.raises(Unreachable):
        await sweep(store, clock.now() + LATER)
    assert await Blob.all().count() == 1
    way.left = float("inf")
    assert await sweep(store, clock.now() + LATER) == 1


async def test_who_stops_reading_leaves_no_connection_in_use(store: Store, way: Way) -> None:
    await kept(store)
    for _ in range(20):
        stream = store.stream(DIGEST)
        assert len(await anext(stream)) == MEGABYTE
    # All of them have used the same few, one after the other.
    assert way.open <= 4


async def test_a_fault_while_reading_is_told_and_leaves_nothing(
    store: Store, there: InBucket, way: Way
) -> None:
    await kept(store)
    way.left = 3 * MEGABYTE
    with pytest.raises(Unreachable):
        await read(store)
    with pytest.raises(Unreachable):
        async with store.local(DIGEST):
            pytest.fail("given")
    way.left = float("inf")
    assert there.names() == [NAME]


async def test_no_error_tells_a_key(place: Place, moto: Moto, tmp_path: Path) -> None:
    closed = replace(place, endpoint="http://127.0.0.1:1", key_id="AKIAKEY", secret="GEHEIM")
    lost = replace(place, url="s3://no-such-bucket", key_id="AKIAKEY", secret="GEHEIM")
    for wrong in (closed, lost):
        shelf = Bucket(wrong)
        for verb in (shelf.try_out(), shelf.bring(Path(__file__), DIGEST)):
            with pytest.raises(Unreachable) as told:
                await verb
            assert wrong.url in str(told.value)
            assert not {"AKIAKEY", "GEHEIM"} & set(str(told.value).split())
            assert "GEHEIM" not in repr(told.value.__cause__)


SEND = """
import asyncio, sys
from pathlib import Path
from storage.blobs.bucket import Bucket, Place
import resource
url, endpoint, path, digest = sys.argv[1:]
async def send():
    await Bucket(Place(url, endpoint, "x", "key", "secret")).bring(Path(path), digest)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
asyncio.run(send())
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


async def test_sending_takes_as_much_memory_for_a_large_file_as_for_a_very_large_one(
    place: Place, tmp_path: Path, long: bool
) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        for _ in range(1024 if long else 200):
            file.write(CONTENT[:MEGABYTE])
    command = [sys.executable, "-c", SEND, place.url, place.endpoint, str(path), DIGEST]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100
