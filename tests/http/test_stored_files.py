"""Files as they are sent: whole, in parts or not at all, alike from the disk and from a bucket."""

import asyncio
import os
import re
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import Message

from forum import uploads
from forum.settings import Settings
from storage import clock, database
from storage.attachments import Attachment
from storage.blobs import Arriving
from tests.buckets import Moto, Way
from tests.http.pages import Page
from tests.http.records import Browsers
from tests.http.test_attachments import address, posted, reply_form
from tests.shelves import InBucket, OnDisk, Spoilt
from tests.world import World
from web import stored_files
from web.stored_files import SANDBOX

MEGABYTE = 1024 * 1024
#: More than what is read at a time.
CONTENT = os.urandom(MEGABYTE + 10_000)


@pytest.fixture
async def way(moto: Moto) -> AsyncIterator[Way]:
    """The way to the bucket, which can be cut."""
    leading = Way(moto.port)
    async with leading.led():
        yield leading


@pytest.fixture(params=["disk", "bucket"])
def chosen(request: pytest.FixtureRequest, chosen: Settings) -> Settings:
    """Settings for files on the disk, and for files in a bucket."""
    if request.param == "disk":
        return chosen
    return in_bucket(chosen, request.getfixturevalue("moto"), request.getfixturevalue("way"))


def in_bucket(chosen: Settings, moto: Moto, way: Way) -> Settings:
    return replace(
        chosen,
        blobs_url=moto.bucket().url,
        s3_endpoint=way.url,
        s3_key_id="key",
        s3_secret="secret",
    )


@pytest.fixture
def spoilt(chosen: Settings, request: pytest.FixtureRequest) -> Spoilt:
    """What may happen to the bytes."""
    folder = chosen.data / "blobs"
    if not chosen.blobs_url:
        return OnDisk(folder)
    moto: Moto = request.getfixturevalue("moto")
    return InBucket(moto.place(chosen.blobs_url), folder)


def name_of(row: Attachment) -> str:
    assert row.blob_id
    return f"{row.blob_id[:2]}/{row.blob_id[2:]}"


async def test_a_file_comes_whole_and_in_parts(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "a.bin", CONTENT)
    size = len(CONTENT)
    async with browser(world["gus"]) as http:
        there = address(world, row)
        whole = await http.get(there)
        assert (whole.status_code, whole.content) == (200, CONTENT)
        assert whole.headers["content-length"] == str(size)
        assert whole.headers["accept-ranges"] == "bytes"
        tag, date = whole.headers["etag"], whole.headers["last-modified"]
        for header, start, end in (
            ("bytes=0-9", 0, 10),
            ("bytes=-10", size - 10, size),
            (f"bytes={MEGABYTE - 5}-", MEGABYTE - 5, size),
            (f"bytes=5-{MEGABYTE * 9}", 5, size),
        ):
            for held in ({}, {"If-Range": tag}, {"If-Range": date}):
                part = await http.get(there, headers={"Range": header, **held})
                assert (part.status_code, part.content) == (206, CONTENT[start:end])
                assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
                assert part.headers["content-length"] == str(end - start)
                assert part.headers["etag"] == tag
        for asked in (
            {"Range": "bytes=0-9", "If-Range": '"another"'},
            {"Range": "bytes=0-9", "If-Range": f"W/{tag}"},
            {"Range": "lines=0-9"},
            {"Range": "bytes=9-0"},
        ):
            answer = await http.get(there, headers=asked)
            assert (answer.status_code, answer.content) == (200, CONTENT)


async def test_several_parts_come_in_one_answer(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "a.bin", CONTENT)
    async with browser(world["gus"]) as http:
        answer = await http.get(
            address(world, row), headers={"Range": f"bytes=10-19, {MEGABYTE - 2}-{MEGABYTE + 1}"}
        )
    assert answer.status_code == 206
    assert len(answer.content) == int(answer.headers["content-length"])
    kind, boundary = answer.headers["content-type"].split("; boundary=")
    assert kind == "multipart/byteranges"
    before, first, second, after = answer.content.split(b"--" + boundary.encode())
    assert (before, after) == (b"", b"--\r\n")
    for part, start, end in ((first, 10, 20), (second, MEGABYTE - 2, MEGABYTE + 2)):
        head, _, body = part.removesuffix(b"\r\n").partition(b"\r\n\r\n")
        assert f"Content-Range: bytes {start}-{end - 1}/{len(CONTENT)}".encode() in head
        assert body == CONTENT[start:end]


async def test_a_head_and_what_one_has_already_bring_no_bytes(
    world: World, browser: Browsers, chosen: Settings
) -> None:
    row = await posted(world, chosen, "Årsplan.pdf", CONTENT)
    async with browser(world["gus"]) as http:
        there = address(world, row)
        whole = await http.get(there)
        head = await http.head(there, headers={"Range": "bytes=0-9"})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == whole.headers
        held = await http.get(there, headers={"If-None-Match": whole.headers["etag"]})
        assert (held.status_code, held.content) == (304, b"")
        beyond = await http.get(there, headers={"Range": f"bytes={len(CONTENT)}-"})
        assert (beyond.status_code, beyond.content) == (416, b"")
        assert beyond.headers["content-range"] == f"bytes */{len(CONTENT)}"
        for answer in (whole, head, held, beyond):
            assert answer.headers["content-security-policy"] == SANDBOX
            assert row.blob_id
            assert row.blob_id[:8] not in str(answer.headers)


@pytest.mark.parametrize("altered", [b"!" + CONTENT[1:MEGABYTE], b"", CONTENT, None])
async def test_what_is_not_what_was_sent_is_given_to_nobody(
    world: World, browser: Browsers, chosen: Settings, spoilt: Spoilt, altered: bytes | None
) -> None:
    content = CONTENT[:MEGABYTE]
    row = await posted(world, chosen, "a.bin", content)
    async with browser(world["gus"]) as http:
        there = address(world, row)
        assert (await http.get(there)).content == content
        if altered is None:
            spoilt.take(name_of(row))
        else:
            spoilt.put(name_of(row), altered)
        for asked in ({}, {"Range": "bytes=0-9"}):
            assert (await http.get(there, headers=asked)).status_code == 404
        # Somebody who has the same file makes it whole by sending it.
        await posted(world, chosen, "another.bin", content)
        assert (await http.get(there)).content == content


async def test_whose_end_is_altered_breaks_off(
    world: World, browser: Browsers, chosen: Settings, spoilt: Spoilt
) -> None:
    row = await posted(world, chosen, "a.bin", CONTENT)
    spoilt.put(name_of(row), CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))
    async with browser(world["gus"]) as http:
        answer = await http.get(address(world, row))
        assert answer.status_code == 200
        assert len(answer.content) < int(answer.headers["content-length"])
        assert (await http.get(address(world, row))).status_code == 404


@pytest.mark.parametrize("chosen", ["bucket"], indirect=True)
async def test_a_bucket_that_does_not_answer_is_told_in_words(
    world: World, browser: Browsers, chosen: Settings, way: Way
) -> None:
    row = await posted(world, chosen, "a.bin", CONTENT)
    async with browser(world["gus"]) as http:
        way.left = 0
        answer = await http.get(address(world, row))
        assert answer.status_code == 503
        assert "Filen går inte att hämta just nu" in answer.text
        assert answer.headers["retry-after"] == "60"
        assert chosen.blobs_url not in answer.text
        form = await reply_form(http, world)
        sent = Page(await form.send(http, ("b.bin", CONTENT), body="Min långa text."))
        assert sent.status == 422
        assert "kunde inte sparas just nu" in " ".join(sent.errors.values())
        way.left = float("inf")
        assert (await http.get(address(world, row))).content == CONTENT


async def large(chosen: Settings, megabytes: int) -> Arriving:
    """Keep a large file that nothing refers to."""
    arriving = uploads.limits(chosen).store.arriving()
    for _ in range(megabytes):
        arriving.write(CONTENT[:MEGABYTE])
    await arriving.finish()
    await database.write(arriving.kept)
    arriving.discard()
    return arriving


def opened() -> Iterator[str]:
    """Yield what this process has open."""
    for one in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            yield str(one.readlink())


async def sent(chosen: Settings, digest: str, pieces: list[int], most: int = 10**9) -> None:
    """Answer with a file, to somebody who goes away when she has so many pieces."""
    app = Starlette()
    app.state.settings = chosen
    scope = {"type": "http", "method": "GET", "headers": [], "app": app, "path": "/"}

    enough = asyncio.Event()

    async def receive() -> Message:
        await enough.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if body := message.get("body"):
            pieces.append(len(body))
            if len(pieces) == most:
                enough.set()
            assert not [one for one in opened() if re.search("/blobs/../", one)]

    answer = await stored_files.answer(
        Request(scope), digest, tag="a", media_type="application/octet-stream", at=clock.now()
    )
    await answer(scope, receive, send)


async def test_a_large_file_takes_no_memory(world: World, chosen: Settings) -> None:
    megabytes = 8 if chosen.blobs_url else 64
    arriving = await large(chosen, megabytes)
    pieces: list[int] = []
    tracemalloc.start()
    try:
        await sent(chosen, arriving.digest, pieces)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert pieces == [MEGABYTE] * megabytes
    assert most < 5 * MEGABYTE


async def test_who_goes_away_midway_leaves_nothing_open(world: World, chosen: Settings) -> None:
    arriving = await large(chosen, 8)
    pieces: list[int] = []
    await sent(chosen, arriving.digest, pieces, most=2)
    assert 2 <= len(pieces) < 8
