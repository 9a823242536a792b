"""Files into a folder on a full disk: told in words, nothing that came is lost, and it goes on."""

import hashlib
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests import multipart
from tests.faults.serving import Serving
from tests.faults.test_restart import Full, _filled, _limited, _log_in, data, told
from tests.http.test_arrivals import TUS, metadata, sent
from tests.world import World

__all__ = ["data", "told"]

MEGABYTE = 1024 * 1024
CONTENT = b"Det som blir kvar.\n" * (6 * MEGABYTE // 19)
FIRST = 2 * MEGABYTE
WORDS = "inte plats på servern"


@pytest.fixture
def full(data: Path) -> Iterator[Full]:
    """Return what fills the disk for a while; it is larger than what is left for the database."""
    command = ["mount", "-t", "tmpfs", "-o", "size=240m", "samverkan-tests", str(data)]
    kept = (data / "samverkan.sqlite").read_bytes()
    if sys.platform != "linux" or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        (data / "samverkan.sqlite").write_bytes(kept)
        yield _filled
    finally:
        subprocess.run(["umount", "--lazy", str(data)], check=True)


async def test_a_full_disk_stops_an_upload_in_words_and_it_goes_on_when_there_is_room(
    data: Path, told: World, full: Full
) -> None:
    with Serving(data) as server:
        async with server.browser() as http:
            await _log_in(http, told, "bob")
            address = (await _begun(http, told, "Karta.bin")).headers["location"]
            assert (await sent(http, address, 0, CONTENT[:FIRST])).status_code == 204
            with full(server):
                refused = await _begun(http, told, "Till.bin")
                assert (refused.status_code, WORDS in refused.text) == (507, True)
                stopped = await sent(http, address, FIRST, CONTENT[FIRST:])
                assert (stopped.status_code, WORDS in stopped.text) == (507, True)
                form = await http.post(_files(told), **multipart.body({}, ("Plan.bin", CONTENT)))
                assert form.status_code == 422
                assert WORDS in form.text
                assert "Plan.bin" in form.text
                assert await _offset(http, address) >= FIRST
            await _goes_on(http, address)
            assert (await http.post(_files(told), **multipart.body({}))).status_code == 303
    assert _documents(data) == {"Karta.bin": hashlib.sha256(CONTENT).hexdigest()}


async def test_a_file_is_placed_when_the_database_has_room_again(
    data: Path, told: World, full: Full
) -> None:
    with Serving(data) as server:
        async with server.browser() as http:
            await _log_in(http, told, "bob")
            address = (await _begun(http, told, "Karta.bin")).headers["location"]
            assert (await sent(http, address, 0, CONTENT)).status_code == 204
            with full(server):
                statuses = [
                    (await http.post(_files(told), **multipart.body({}))).status_code
                    for _ in range(3)
                ]
                assert not {303, 200} & {*statuses}
            placed = await http.post(_files(told), **multipart.body({}))
            assert placed.status_code == 303
    assert _documents(data) == {"Karta.bin": hashlib.sha256(CONTENT).hexdigest()}


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits others' files")
async def test_a_write_that_fails_in_the_middle_keeps_what_came_before_it(
    data: Path, told: World
) -> None:
    with Serving(data) as server:
        async with server.browser() as http:
            await _log_in(http, told, "bob")
            address = (await _begun(http, told, "Karta.bin")).headers["location"]
            for _ in range(2):
                with _limited(server):
                    stopped = await sent(http, address, await _offset(http, address), CONTENT)
                    assert stopped.status_code in {413, 507}
                assert await _offset(http, address) <= 4096
            await _goes_on(http, address)
            assert (await http.post(_files(told), **multipart.body({}))).status_code == 303
    assert _documents(data) == {"Karta.bin": hashlib.sha256(CONTENT).hexdigest()}


def _files(told: World) -> str:
    return f"/n/{told.network.slug}/folders/1/files"


async def _begun(http: httpx.AsyncClient, told: World, name: str) -> httpx.Response:
    headers = TUS | {
        "Upload-Length": str(len(CONTENT)),
        "Upload-Metadata": metadata(name=name, folder="1"),
    }
    return await http.post(f"/n/{told.network.slug}/arrivals", headers=headers)


async def _offset(http: httpx.AsyncClient, address: str) -> int:
    return int((await http.head(address, headers=TUS)).headers["upload-offset"])


async def _goes_on(http: httpx.AsyncClient, address: str) -> None:
    offset = await _offset(http, address)
    answer = await sent(http, address, offset, CONTENT[offset:])
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(len(CONTENT)))


def _documents(data: Path) -> dict[str, str]:
    """Return the digest of each document's bytes as they lie there, by name."""
    found = {}
    with closing(sqlite3.connect(data / "samverkan.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        query = "SELECT d.name, v.blob_id FROM document d JOIN version v ON v.document_id = d.id"
        for name, digest in connection.execute(query):
            lying = (data / "blobs" / digest[:2] / digest[2:]).read_bytes()
            found[name] = hashlib.sha256(lying).hexdigest()
        assert connection.execute("SELECT COUNT(*) FROM arrival").fetchall() == [(0,)]
    return found
