"""A store on a file system that is full: what does not fit leaves nothing behind."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import database
from storage.attachments import Blob
from storage.blobs import Store
from storage.blobs.bucket import Bucket
from tests.buckets import Moto
from tests.shelves import OnDisk
from tests.world import World

MEGABYTE = 1024 * 1024


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for eight megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "samverkan-tests", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        yield folder / "blobs"
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def kept(store: Store, megabytes: int) -> str:
    arriving = await asyncio.to_thread(store.arriving)
    try:
        for _ in range(megabytes):
            await asyncio.to_thread(arriving.write, bytes([megabytes]) * MEGABYTE)
        await arriving.finish()
        return await database.write(arriving.kept)
    finally:
        arriving.discard()


async def test_there_is_room_for_what_fits_beside_the_reserve(small: Path) -> None:
    store = Store(small, reserve=2 * MEGABYTE)
    assert await store.room(5 * MEGABYTE)
    assert not await store.room(7 * MEGABYTE)
    (small.parent / "ballast").write_bytes(bytes(3 * MEGABYTE))
    assert not await store.room(5 * MEGABYTE)
    assert await store.room(2 * MEGABYTE)
    assert not await Store(small).room(1)


async def test_what_does_not_fit_leaves_nothing_behind(world: World, small: Path) -> None:
    store = Store(small)
    first = await kept(store, 3)
    with pytest.raises(OSError, match="No space left"):
        await kept(store, 6)
    assert OnDisk(small).names() == [f"{first[:2]}/{first[2:]}"]
    assert await Blob.all().count() == 1
    # What was kept before is whole, and what fits is still taken.
    async with store.local(first) as path:
        assert path.stat().st_size == 3 * MEGABYTE
    await kept(store, 4)


async def test_a_file_from_a_bucket_that_does_not_fit_here_leaves_nothing_behind(
    world: World, small: Path, moto: Moto, tmp_path: Path
) -> None:
    shelf = Bucket(moto.bucket())
    digest = await kept(Store(tmp_path / "large", shelf), 9)
    store = Store(small, shelf)
    with pytest.raises(OSError, match="No space left"):
        async with store.local(digest):
            pytest.fail("given")
    assert OnDisk(small).names() == []
    # Who only reads it needs no room.
    assert len([piece async for piece in store.stream(digest)]) == 9
