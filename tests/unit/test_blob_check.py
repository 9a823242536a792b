"""``samverkan check --blobs``: every file is read, and what is not what was sent is told of."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from forum import blob_check, blob_store
from forum.checks import Finding
from forum.settings import Settings
from storage import clock, database
from storage.blobs import Store, proving, sweep
from storage.people import Person
from tests.buckets import Moto
from tests.shelves import InBucket, OnDisk, Spoilt
from tests.world import World

LATER = timedelta(days=1)
#: More than are read at a time, and one of more than a megabyte.
CONTENTS = [bytes([number]) * 1000 for number in range(20)] + [b"x" * 2_000_000]


@pytest.fixture(params=["disk", "bucket"])
def chosen(request: pytest.FixtureRequest, chosen: Settings) -> Settings:
    if request.param == "disk":
        return chosen
    place = request.getfixturevalue("moto").bucket()
    return replace(
        chosen,
        blobs_url=place.url,
        s3_endpoint=place.endpoint,
        s3_key_id="key",
        s3_secret="secret",
    )


@pytest.fixture
def store(chosen: Settings, world: World) -> Store:
    return blob_store.store(chosen)


@pytest.fixture
def spoilt(chosen: Settings, request: pytest.FixtureRequest) -> Spoilt:
    folder = chosen.data / "blobs"
    if not chosen.blobs_url:
        return OnDisk(folder)
    moto: Moto = request.getfixturevalue("moto")
    return InBucket(moto.place(chosen.blobs_url), folder)


@pytest.fixture
async def digests(store: Store) -> list[str]:
    """Some files that are kept, as many as there are contents."""
    return [await kept(store, content) for content in CONTENTS]


async def kept(store: Store, content: bytes) -> str:
    arriving = await asyncio.to_thread(store.arriving)
    try:
        await asyncio.to_thread(arriving.write, content)
        await arriving.finish()
        return await database.write(arriving.kept)
    finally:
        arriving.discard()


def name(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:]}"


async def checked(chosen: Settings) -> list[Finding]:
    return [finding async for finding in blob_check.check(chosen, lambda *_: None)]


def told(findings: list[Finding]) -> list[str]:
    return sorted(finding.says for finding in findings if not finding.well)


async def test_all_is_well_where_nothing_has_happened(chosen: Settings, digests: list[str]) -> None:
    steps: list[tuple[int, ...]] = []
    found = [one async for one in blob_check.check(chosen, lambda *step: steps.append(step))]
    assert [finding.well for finding in found] == [True, True]
    assert found[0].says == "21 read (1.9 MB): all whole"
    assert found[1].says.startswith("0 without a row (0.0 MB)")
    whole = sum(len(content) for content in CONTENTS)
    assert steps[-1] == (21, 21, whole, whole)
    assert [step[0] for step in steps] == list(range(1, 22))


async def test_what_is_missing_or_altered_is_told_with_what_refers_to_it_and_nothing_else(
    world: World, chosen: Settings, digests: list[str], spoilt: Spoilt
) -> None:
    spoilt.take(name(digests[3]))
    spoilt.put(name(digests[5]), b"!" * 1000)
    spoilt.put(name(digests[7]), b"short")
    spoilt.put(name(digests[20]), b"x" * 1_999_999 + b"!")
    await Person.filter(id__lte=2).update(picture=digests[5])
    expected = sorted([
        f"{digests[3]} is missing (nothing refers to it)",
        f"{digests[5]} is altered (person 2)",
        f"{digests[7]} is altered (nothing refers to it)",
        f"{digests[20]} is altered (nothing refers to it)",
        "21 read (1.9 MB): 1 missing, 3 altered",
    ])  # fmt: skip
    # Told again each time, also of what has been set aside.
    for _ in range(2):
        assert told(await checked(chosen)) == expected
    store = blob_store.store(chosen)
    for digest in (digests[5], digests[20]):
        assert f"damaged/{digest}" in spoilt.names()
        assert await store.shelf.find(digest) is None


async def test_what_is_sent_anew_is_whole_again(
    store: Store, chosen: Settings, digests: list[str], spoilt: Spoilt
) -> None:
    spoilt.put(name(digests[5]), b"!" * 1000)
    assert len(told(await checked(chosen))) == 2
    await kept(store, CONTENTS[5])
    assert told(await checked(chosen)) == []


async def test_files_without_a_row_are_counted_when_they_have_lain_a_while(
    store: Store, digests: list[str], spoilt: Spoilt
) -> None:
    spoilt.put(f"ab/{'c' * 62}", b"?" * 500)
    spoilt.put("ab/another-program-s", b"?")
    (store.folder / "arriving" / ("0" * 32)).write_bytes(b"on its way")
    soon = await proving.look(store, clock.now() - LATER)
    assert (soon.loose, soon.loose_bytes) == (0, 0)
    late = await proving.look(store, clock.now() + LATER)
    assert (late.loose, late.loose_bytes) == (1, 500)
    # What is not named as blobs are is somebody else's.
    await sweep(store, clock.now() + LATER)
    assert spoilt.names() == ["ab/another-program-s"]


@pytest.mark.parametrize("chosen", ["bucket"], indirect=True)
async def test_a_bucket_that_cannot_be_read_is_trouble(
    world: World, chosen: Settings, digests: list[str]
) -> None:
    found = await checked(replace(chosen, s3_endpoint="http://127.0.0.1:1"))
    assert [(finding.subject, finding.well) for finding in found] == [("blobs", False)]
    assert chosen.blobs_url in found[0].says
