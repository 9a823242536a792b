"""How fast a large file is taken in, and in how much memory: piece by piece, and with a form."""

import asyncio
import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.figures import Figure, Goal
from bench.filling import SLUG
from bench.hashing import copied
from bench.servers import ROOT, Memory, Serving, on_all_cores
from bench.sites import Site, Visitor
from tests.multipart import BOUNDARY

ROUNDS = 3
BATCH = 1024 * 1024
PAUSE_SECONDS = 0.02
FOLDER = 1

#: What comes before a file, what comes after it, and the status that says that it is kept.
Envelope = tuple[bytes, bytes, int]


@dataclass(frozen=True, slots=True)
class _Took:
    seconds: float
    highest: Memory


async def measure(site: Site, _seconds: float) -> list[Figure]:
    """Send a file both ways, and have Python hash and write it, in turn, a few times."""
    source, megabytes = site.folder / "sent.bin", site.size.megabytes
    await asyncio.to_thread(_make, source, megabytes)
    ways: dict[str, Callable[[Site, Path], Envelope]] = {"by tus": _by_tus, "by form": _by_form}
    took: dict[str, list[_Took]] = {name: [] for name in ways}
    bare: list[float] = []
    with (
        on_all_cores(),
        Serving("forum", "serve", port=site.port, environment=site.environment) as forum,
    ):
        forum.everywhere()
        # Once, so that what is loaded at the first file is not counted.
        for way in ways.values():
            await _sent(site, forum, way, ROOT / "pyproject.toml")
        before = forum.memory()
        for _ in range(ROUNDS):
            await _at_rest(forum, source)
            bare.append(await asyncio.to_thread(_hashed, source, site.folder / "bare.bin"))
            for name, way in ways.items():
                await _at_rest(forum, source)
                took[name].append(await _sent(site, forum, way, source))
    return [
        figure
        for name, seen in took.items()
        for figure in _figures(site, f"{megabytes} MB {name}", megabytes, before, bare, seen)
    ]


async def _at_rest(forum: Serving, source: Path) -> None:
    """Wait until the server has read what it has taken; then let all begin alike."""
    busy = -1.0
    while (now := forum.processor_seconds()) - busy > 0.05:
        busy = now
        await asyncio.sleep(1)
    await asyncio.to_thread(_prepare, source)


def _prepare(source: Path) -> None:
    """Alter the file: in place of one that is kept already it would take longer.

    And have as much of the machine's memory free as it needs, that has been in use before: a
    virtual machine is given new memory slowly.
    """
    with source.open("r+b") as file:
        file.write(os.urandom(BATCH))
        os.fsync(file.fileno())
    ballast = source.with_name("ballast")
    copied(source, ballast)
    ballast.unlink()


def _make(path: Path, megabytes: int) -> None:
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(BATCH))
        file.flush()
        os.fsync(file.fileno())


def _hashed(source: Path, target: Path) -> float:
    command = [sys.executable, "-m", "bench.hashing", str(source), str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    target.unlink()
    return float(done.stdout)


async def _sent(
    site: Site, forum: Serving, way: Callable[[Site, Path], Envelope], source: Path
) -> _Took:
    """Send a file; look at the server's memory meanwhile."""
    envelope = await asyncio.to_thread(way, site, source)
    sending = asyncio.create_task(asyncio.to_thread(_send, site.port, envelope, source))
    highest = forum.memory()
    while not sending.done():
        await asyncio.wait([sending], timeout=PAUSE_SECONDS)
        highest = max(highest, forum.memory(), key=lambda one: one.resident)
    return _Took(await sending, highest)


def _send(port: int, envelope: Envelope, source: Path) -> float:
    """Return how many seconds it took, from the first byte to the answer."""
    before, after, status = envelope
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection, source.open("rb") as file:
        connection.sendall(before)
        connection.sendfile(file)
        connection.sendall(after)
        told = connection.recv(BATCH)
    seconds = time.perf_counter() - began
    if int(told[9:12]) != status:
        raise RuntimeError(told.decode(errors="replace"))
    return seconds


def _by_tus(site: Site, source: Path) -> Envelope:
    """Announce a file, and return how it is sent."""
    tus = {"Tus-Resumable": "1.0.0"}
    said = {"name": source.name, "folder": str(FOLDER)}
    pairs = [f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items()]
    size = str(source.stat().st_size)
    announced = {**tus, "Upload-Length": size, "Upload-Metadata": ",".join(pairs)}
    visitor = site.visitors[0]
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(_head(visitor, "POST", f"/n/{SLUG}/arrivals", 0, announced))
        told = connection.recv(BATCH).decode("latin-1")
    if told[9:12] != "201":
        raise RuntimeError(told)
    address = told.lower().partition("\r\nlocation: ")[2].partition("\r\n")[0]
    piece = {**tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    return _head(visitor, "PATCH", address, int(size), piece), b"", 204


def _by_form(site: Site, source: Path) -> Envelope:
    """Return how a form brings a file, which becomes a document of a name of its own."""
    name = f"{time.monotonic_ns()}.bin"
    said = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    before = f"--{BOUNDARY}\r\n{said}".encode()
    after = f"\r\n--{BOUNDARY}--\r\n".encode()
    length = len(before) + source.stat().st_size + len(after)
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    there = f"/n/{SLUG}/folders/{FOLDER}/files"
    return _head(site.visitors[1], "POST", there, length, kind) + before, after, 303


def _head(visitor: Visitor, method: str, path: str, length: int, more: dict[str, str]) -> bytes:
    said = {**visitor.headers, **more, "Content-Length": str(length)}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def _figures(
    site: Site, what: str, megabytes: int, before: Memory, bare: list[float], seen: list[_Took]
) -> list[Figure]:
    ratio = median(one / took.seconds for one, took in zip(bare, seen, strict=True))
    highest = max((one.highest for one in seen), key=lambda one: one.resident)
    speeds = [megabytes / seconds for seconds in (*bare, *(one.seconds for one in seen))]
    rates = [f"{min(some):,.0f} to {max(some):,.0f} MB/s" for some in
             (speeds[len(bare):], speeds[: len(bare)])]  # fmt: skip
    return [
        Figure(site.dialect, what, ratio, "times hashing and writing", Goal("≥", 0.7),
               f"{rates[0]}; Python alone {rates[1]}"),
        Figure(site.dialect, f"{what}, memory", highest.resident, "MB", Goal("≤", 150),
               f"at most {highest}; before {before}"),
    ]  # fmt: skip
