"""A network as a drive: a thousand small files by one program, and a folder of a thousand."""

import asyncio
import os
import sqlite3
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.client import Load, ask, load, request
from bench.figures import Figure, Goal
from bench.filling import SLUG
from bench.servers import Serving
from bench.sites import Site
from forum import app_passwords, settings
from storage import database
from storage.documents import make_root
from storage.networks import Network
from storage.people import Person

FILES = 1_000
BYTES = 4_096
#: How many files rclone sends at a time unless it is told otherwise.
AT_A_TIME = 4
LISTED = (
    b'<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:displayname/>'
    b"<D:getlastmodified/><D:getcontentlength/><D:resourcetype/><D:getcontenttype/></D:prop>"
    b"</D:propfind>"
)


async def measure(site: Site, _seconds: float) -> list[Figure]:
    """Put the files into one folder and list it; beside it, what only keeping them takes."""
    with Serving("forum", "serve", port=site.port, environment=site.environment) as forum:
        program = Program(site, await _password(site))
        made = await ask(site.port, program.sent("MKCOL", "Tusen"))
        if made.status != 201:
            raise RuntimeError(f"201 was expected, and {made.status} came")
        before = forum.processor_seconds()
        put = await load(site.port, [program.files(part) for part in range(AT_A_TIME)], 600)
        cost = (forum.processor_seconds() - before) / FILES
        floor = await asyncio.to_thread(_kept, site.folder)
        listed = await load(site.port, [program.listings(20)], 600)
    _require(put, 201)
    _require(listed, 207)
    beside = (
        f"{1e6 * cost:,.0f} µs of the core each, with what is read of them meanwhile;"
        f" floor {floor:.1f} s: the same files written, renamed, noted, each on the disk"
    )
    most = f"most {1000 * listed.times[-1]:.0f} ms"
    middle = 1000 * listed.percentile(50)
    return [
        Figure(site.dialect, "1,000 files of 4 kB", put.seconds, "s", Goal("≤", 5), beside),
        Figure(site.dialect, "PROPFIND of 1,000", middle, "ms", Goal("≤", 110), most),
    ]


async def _password(site: Site) -> str:
    chosen = settings.from_environment(site.environment)
    async with database.opened(chosen.database_url):
        network = await Network.get(slug=SLUG)
        there = "SELECT id FROM folder WHERE network_id = :network_id AND parent_id IS NULL"
        if not await database.read(there, {"network_id": network.id}):
            await database.write(lambda: make_root(network.id))
        person = await Person.get(id=1)
        return f"{person.username}:{await app_passwords.add(person, 'bench')}"


class Program:
    """What has the network open as a drive."""

    def __init__(self, site: Site, credentials: str) -> None:
        self.base = f"/dav/{SLUG}"
        self.headers = {
            "Host": f"127.0.0.1:{site.port}",
            "Authorization": f"Basic {b64encode(credentials.encode()).decode()}",
        }

    def sent(self, method: str, path: str, body: bytes = b"", **more: str) -> bytes:
        """Return a request."""
        said = {**self.headers, **more, "Content-Length": str(len(body))}
        return request(method, f"{self.base}/{path}", said, body)

    def files(self, part: int) -> Iterator[bytes]:
        """Yield its part of the files, each of other bytes."""
        for number in range(part, FILES, AT_A_TIME):
            yield self.sent("PUT", f"Tusen/Fil%20{number}.dat", os.urandom(BYTES))

    def listings(self, times: int) -> Iterator[bytes]:
        """Ask what is in the folder, so often."""
        for _ in range(times):
            yield self.sent("PROPFIND", "Tusen/", LISTED, Depth="1")


def _require(seen: Load, status: int) -> None:
    if set(seen.statuses) != {status}:
        raise RuntimeError(f"{status} was expected, and {seen.statuses} came")


def _kept(folder: Path) -> float:
    """Return how many seconds it takes to keep as many files and a row for each, one by one."""
    there = folder / "floor"
    there.mkdir()
    with closing(sqlite3.connect(there / "floor.sqlite", isolation_level=None)) as rows:
        rows.execute("PRAGMA journal_mode = WAL")
        rows.execute("PRAGMA synchronous = FULL")
        rows.execute("CREATE TABLE file (name TEXT)")
        began = time.perf_counter()
        for number in range(FILES):
            arriving = there / f"arriving-{number}"
            with arriving.open("wb") as file:
                file.write(os.urandom(BYTES))
                file.flush()
                os.fsync(file.fileno())
            arriving.rename(there / str(number))
            opened = os.open(there, os.O_RDONLY)
            os.fsync(opened)
            os.close(opened)
            rows.execute("INSERT INTO file VALUES (?)", (str(number),))
        return time.perf_counter() - began
