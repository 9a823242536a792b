"""A zip that is written while it is sent opens everywhere, and one cut short nowhere."""

import asyncio
import io
import os
import shutil
import subprocess
import tracemalloc
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum import zip_reading
from forum.document_names import acceptable, key
from forum.zip_writing import Entry, WrongSize, length, zipped

AT = datetime(2026, 3, 14, 12, 30, 8, tzinfo=UTC)
MEGABYTE = 1024 * 1024
TEXT = "Beslut: vi börjar i höst.\n".encode() * 20_000


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    for piece in content:
        yield piece


async def listed(entries: Sequence[Entry]) -> AsyncIterator[Entry]:
    for entry in entries:
        yield entry


def file(path: str, *content: bytes, at: datetime = AT) -> Entry:
    return Entry(tuple(path.split("/")), at, sum(map(len, content)), pieces(*content))


def folder(path: str) -> Entry:
    return Entry(tuple(path.split("/")), AT)


async def made(*entries: Entry) -> bytes:
    return b"".join([piece async for piece in zipped(listed(entries))])


def opened(content: bytes) -> zipfile.ZipFile:
    there = zipfile.ZipFile(io.BytesIO(content))
    assert there.testzip() is None
    return there


async def test_folders_and_files_come_out_as_they_were() -> None:
    there = opened(
        await made(
            folder("Chefsnätverket"),
            file("Chefsnätverket/2026 ht/Åtgärder.txt", TEXT[:100], TEXT[100:]),
            file("Chefsnätverket/2026 ht/Möte – anteckningar.docx", b"PK", os.urandom(50)),
            file("Tom.txt"),
            folder("Tomt"),
        )
    )
    assert there.namelist() == [
        "Chefsnätverket/",
        "Chefsnätverket/2026 ht/Åtgärder.txt",
        "Chefsnätverket/2026 ht/Möte – anteckningar.docx",
        "Tom.txt",
        "Tomt/",
    ]
    assert there.read("Chefsnätverket/2026 ht/Åtgärder.txt") == TEXT
    assert there.read("Tom.txt") == b""
    assert [one.is_dir() for one in there.infolist()] == [True, False, False, False, True]


async def test_what_is_packed_already_is_not_packed_again() -> None:
    there = opened(
        await made(file("a.txt", TEXT), file("b.pdf", TEXT), file("c.JPG", TEXT), file("d", TEXT))
    )
    ways = {one.filename: one.compress_type for one in there.infolist()}
    assert ways == {
        "a.txt": zipfile.ZIP_DEFLATED,
        "b.pdf": zipfile.ZIP_STORED,
        "c.JPG": zipfile.ZIP_STORED,
        "d": zipfile.ZIP_DEFLATED,
    }
    assert there.getinfo("a.txt").compress_size < len(TEXT) / 20


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (AT, (2026, 3, 14, 13, 30, 8)),
        (datetime(2026, 7, 1, 22, 15, 7, tzinfo=UTC), (2026, 7, 2, 0, 15, 6)),
        (datetime(1970, 1, 1, tzinfo=UTC), (1980, 1, 1, 0, 0, 0)),
        (datetime(2107, 12, 31, 12, tzinfo=UTC), (2107, 12, 31, 13, 0, 0)),
    ],
)
async def test_times_are_those_of_a_swedish_clock(
    at: datetime, shown: tuple[int, int, int, int, int, int]
) -> None:
    there = opened(await made(file("a.pdf", b"x", at=at)))
    assert there.getinfo("a.pdf").date_time == shown


async def test_a_zip_of_nothing_is_one() -> None:
    content = await made()
    assert opened(content).namelist() == []
    assert length([]) == len(content)


async def test_the_length_is_known_when_nothing_is_to_be_packed() -> None:
    entries = [
        folder("Möten"),
        file("Möten/a.pdf", b"x" * 1000, b"y"),
        file("Möten/tom.txt"),
        file("Ö.docx", b"z"),
    ]
    told = length(entries)
    assert told == len(await made(*entries))
    assert length([*entries, file("a.txt", TEXT)]) is None


async def test_an_error_midway_leaves_a_zip_without_an_end() -> None:
    class Lost(Exception):
        pass

    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise Lost

    entries = [file("a.pdf", b"x"), Entry(("b.pdf",), AT, 8, broken()), file("c.pdf", b"z")]
    sent = io.BytesIO()

    async def send() -> None:
        async for piece in zipped(listed(entries)):
            sent.write(piece)

    with pytest.raises(Lost):
        await send()
    assert b"half" in sent.getvalue()
    assert not zipfile.is_zipfile(sent)


@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("name", ["a.pdf", "a.txt"])
async def test_another_size_than_was_said_is_an_error(name: str, size: int) -> None:
    with pytest.raises(WrongSize):
        await made(Entry((name,), AT, size, pieces(b"fyra")))


async def test_who_goes_away_leaves_nothing_open() -> None:
    closed = list[str]()

    async def content() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x"
        finally:
            closed.append("content")

    async def entries() -> AsyncIterator[Entry]:
        try:
            yield Entry(("a.pdf",), AT, 1_000_000, content())
        finally:
            closed.append("entries")

    sending = zipped(entries())
    for _piece in range(5):
        await anext(sending)
    await sending.aclose()
    assert closed == ["content", "entries"]


async def test_packing_leaves_the_loop_to_others() -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    await made(file("a.txt", *[os.urandom(MEGABYTE)] * 8))
    counting.cancel()
    assert turns > 20


async def test_memory_does_not_grow_with_the_files() -> None:
    async def content() -> AsyncIterator[bytes]:
        for _megabyte in range(60):
            yield bytes(MEGABYTE)

    tracemalloc.start()
    try:
        entries = [Entry((name,), AT, 60 * MEGABYTE, content()) for name in ("a.pdf", "b.txt")]
        async for _piece in zipped(listed(entries)):
            pass
        assert tracemalloc.get_traced_memory()[1] < 8 * MEGABYTE
    finally:
        tracemalloc.stop()


NAMES = st.text(min_size=1, max_size=20).map(acceptable)
FILES = st.dictionaries(NAMES.map(lambda name: acceptable(key(name))), st.binary(max_size=40))


@given(FILES)
async def test_whatever_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    content = await made(*(file(name, inside) for name, inside in files.items()))
    with opened(content) as there:
        assert {name: there.read(name) for name in there.namelist()} == files


@pytest.mark.parametrize("program", [["unzip", "-tq"], ["7z", "t"], ["bsdtar", "-tf"]])
async def test_other_programs_open_it(tmp_path: Path, program: list[str]) -> None:
    if not shutil.which(program[0]):
        pytest.skip(f"needs {program[0]}")
    path = tmp_path / "made.zip"
    path.write_bytes(
        await made(folder("Möten"), file("Möten/Åtgärder.txt", TEXT), file("Ö.pdf", b"x" * 99))
    )
    done = subprocess.run([*program, path], capture_output=True)
    assert done.returncode == 0, done


async def test_our_own_reader_takes_it(tmp_path: Path) -> None:
    path = tmp_path / "made.zip"
    path.write_bytes(await made(file("Möten/Åtgärder.txt", TEXT), folder("Tomt")))
    plan = zip_reading.plan(path, zip_reading.Limits(each=MEGABYTE))
    assert [entry.path for entry in plan.entries] == [("Möten", "Åtgärder.txt")]
    assert plan.folders == [("Möten",), ("Tomt",)]
    assert b"".join(zip_reading.open_entry(path, plan.entries[0])) == TEXT


async def test_more_entries_than_16_bits_count_are_all_there() -> None:
    content = await made(*(folder(f"{number}") for number in range(70_000)))
    assert len(opened(content).namelist()) == 70_000
    assert length(folder(f"{number}") for number in range(70_000)) == len(content)


async def test_a_file_of_five_gigabytes_comes_out_whole(tmp_path: Path, long: bool) -> None:
    if not long:
        pytest.skip("five gigabytes are read by --long")
    size, batch = 5 * 1024**3, bytes(MEGABYTE)

    async def content() -> AsyncIterator[bytes]:
        for _megabyte in range(size // MEGABYTE):
            yield batch

    path, written = tmp_path / "made.zip", 0
    entries = [Entry(("stor.mp4",), AT, size, content()), file("b.pdf", b"efter")]
    told = length(entries)
    # The zeros are left out of the file, which the file system fills in.
    with path.open("wb") as there:
        async for piece in zipped(listed(entries)):
            if piece == batch:
                there.seek(len(piece), 1)
            else:
                there.write(piece)
            written += len(piece)
    assert written == told == path.stat().st_size
    plan = zip_reading.plan(path, zip_reading.Limits(each=size))
    assert [(entry.path, entry.size) for entry in plan.entries] == [
        (("stor.mp4",), size),
        (("b.pdf",), 5),
    ]
    assert b"".join(zip_reading.open_entry(path, plan.entries[1])) == b"efter"
    for program in (["unzip", "-tq"], ["7z", "t"]):
        if shutil.which(program[0]):
            assert subprocess.run([*program, path], capture_output=True).returncode == 0
    with zipfile.ZipFile(path) as zip_file:
        assert zip_file.getinfo("stor.mp4").file_size == size
