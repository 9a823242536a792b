"""Files and faults: what was acknowledged is whole after kill -9, no row lacks its bytes, and a
full disk is told in words and leaves nothing behind."""

import asyncio
import hashlib
import itertools
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx

from tests import multipart
from tests.buckets import Moto
from tests.faults.serving import Serving
from tests.faults.test_restart import Full, _log_in, _there, data, full, told
from tests.installation import here
from tests.world import World

__all__ = ["data", "full", "told"]

UPLOADS = "/n/boendestod/attachments"


def _content(number: int) -> bytes:
    return f"Fil {number}.\n".encode() * 60_000


def _whole(data: Path) -> dict[str, str]:
    """The files that the next server finds, by name, after proving that each has its bytes."""
    found = {}
    with closing(sqlite3.connect(data / "samverkan.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for (digest,) in connection.execute("SELECT digest FROM blob"):
            bytes_there = (data / "blobs" / digest[:2] / digest[2:]).read_bytes()
            assert hashlib.sha256(bytes_there).hexdigest() == digest
        for name, digest in connection.execute("SELECT name, blob_id FROM attachment"):
            found[name] = digest
    return found


async def test_files_that_were_acknowledged_survive_kill_9_and_no_row_lacks_its_bytes(
    data: Path, told: World, long: bool
) -> None:
    acknowledged: dict[str, str] = {}
    numbers = itertools.count()
    for _ in range(5 if long else 2):
        many = asyncio.Event()
        with Serving(data) as server:
            async with server.browser() as ann, server.browser() as bob:
                await _log_in(ann, told, "ann")
                await _log_in(bob, told, "bob")
                going = [
                    asyncio.create_task(_upload(http, numbers, acknowledged, many))
                    for http in (ann, bob) * 3
                ]
                async with asyncio.timeout(300):
                    await many.wait()
                server.kill()
                await asyncio.gather(*going)
        assert acknowledged.items() <= _whole(data).items()


async def test_files_in_a_bucket_that_were_acknowledged_survive_kill_9(
    data: Path, told: World, moto: Moto, long: bool
) -> None:
    place = moto.bucket()
    chosen = {
        "BLOBS_URL": place.url,
        "S3_ENDPOINT": place.endpoint,
        "S3_KEY_ID": place.key_id,
        "S3_SECRET": place.secret,
    }
    acknowledged: dict[str, str] = {}
    numbers = itertools.count()
    for _ in range(3 if long else 1):
        many = asyncio.Event()
        with Serving(data, **chosen) as server:
            async with server.browser() as ann, server.browser() as bob:
                await _log_in(ann, told, "ann")
                await _log_in(bob, told, "bob")
                going = [
                    asyncio.create_task(_upload(http, numbers, acknowledged, many))
                    for http in (ann, bob) * 3
                ]
                async with asyncio.timeout(300):
                    await many.wait()
                server.kill()
                await asyncio.gather(*going)
    with closing(sqlite3.connect(data / "samverkan.sqlite")) as connection:
        found = dict(connection.execute("SELECT name, blob_id FROM attachment").fetchall())
    assert acknowledged.items() <= found.items()
    environment = {f"SAMVERKAN_{name}": value for name, value in chosen.items()}
    done = here(["check", "--blobs"], SAMVERKAN_DATA=str(data), **environment)
    assert done.exit_code == 0, done.output
    assert f"{len(found)} read" in done.stdout


async def _upload(
    http: httpx.AsyncClient,
    numbers: Iterator[int],
    acknowledged: dict[str, str],
    many: asyncio.Event,
) -> None:
    """Send files until the server is gone, or has as many as one may have without posting."""
    for number in numbers:
        body = multipart.body({}, (f"{number}.bin", _content(number)))
        try:
            answer = await http.post(UPLOADS, **body)
        except httpx.TransportError:
            return
        if answer.status_code == 422:
            many.set()
            return
        assert answer.status_code == 200, answer.text
        acknowledged[f"{number}.bin"] = hashlib.sha256(_content(number)).hexdigest()
        if len(acknowledged) % 12 == 0:
            many.set()


async def test_a_full_disk_is_told_in_words_and_the_text_is_kept(
    data: Path, told: World, full: Full
) -> None:
    with Serving(data) as server:
        async with server.browser() as http:
            await _log_in(http, told, "bob")
            first = await http.post(UPLOADS, **multipart.body({}, ("1.bin", _content(1))))
            assert first.status_code == 200
            page = await http.get(_there(told))
            key = re.search(r'name="form_key" value="([^"]+)"', page.text)
            assert key
            fields = {"form_key": key[1], "body": "Min långa text."}
            files = [(f"{number}.bin", _content(number)) for number in range(2, 6)]
            with full(server):
                answer = await http.post(
                    f"{_there(told)}/replies", **multipart.body(fields, *files)
                )
                assert answer.status_code == 422
                assert "inte plats på servern" in answer.text
                assert "Min långa text." in answer.text
                script = await http.post(UPLOADS, **multipart.body({}, files[0]))
                assert script.status_code == 422
                assert "inte plats på servern" in script.text
            assert list((data / "blobs" / "arriving").iterdir()) == []
            answer = await http.post(f"{_there(told)}/replies", **multipart.body(fields, *files))
            assert answer.status_code == 303
    assert set(_whole(data)) == {f"{number}.bin" for number in range(1, 6)}
