"""kill -9 at any moment of an upload: what was acknowledged is there, as it was sent, and once."""

import asyncio
import hashlib
import os
import random
import subprocess
import sys
import zipfile
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx

from forum import arrivals, folders, settings, uploads
from forum.settings import Settings
from storage import clock, database, door
from tests.faults.serving import ROOT, Serving, free_port
from tests.faults.test_restart import _log_in, data, told
from tests.faults.uploading import Sending
from tests.http.records import rows
from tests.world import World

__all__ = ["data", "told"]

SWEPT = timedelta(days=30)


async def test_files_survive_kill_9_at_any_moment_of_being_sent(
    data: Path, told: World, long: bool
) -> None:
    await survive(_settings(data), told, 200 if long else 8)


def _settings(data: Path) -> Settings:
    return settings.from_environment({"SAMVERKAN_DATA": str(data)})


async def survive(chosen: Settings, told: World, kills: int) -> None:
    """Have files sent to a server that is killed so many times; look at what there is then."""
    async with database.opened(chosen.database_url):
        top = await folders.root(await door.enter(told["bob"], told.network.slug))
    sending = Sending(told.network.slug, top.id)
    port = str(free_port())
    named = {"PORT": port, "DATABASE_URL": chosen.database_url}
    async with AsyncExitStack() as stack:
        going: list[asyncio.Task[None]] = []
        for life in range(kills + 1):
            with await asyncio.to_thread(Serving, chosen.data, **named) as server:
                if not life:
                    ann, bob = [
                        await stack.enter_async_context(server.browser())
                        for _name in ("ann", "bob")
                    ]
                    await _log_in(ann, told, "ann")
                    await _log_in(bob, told, "bob")
                    going = [
                        asyncio.create_task(one)
                        for one in (
                            *(sending.by_pieces(who) for who in (ann, ann, bob)),
                            sending.by_form(bob),
                        )
                    ]
                if life < kills:
                    await _some_while(going)
                    continue
                sending.enough = True
                async with asyncio.timeout(300):
                    await asyncio.gather(*going)
                came = await _fetched(bob, sending, chosen.data.with_name("all.zip"))
                await asyncio.to_thread(server.stop)
    print(
        f"{kills} kills: {len(sending.acknowledged)} files acknowledged, {sending.interrupted}"
        f" requests interrupted, {len(sending.resumed)} uploads gone on with"
    )
    assert sending.acknowledged.items() <= came.items()
    assert sending.interrupted >= kills
    await asyncio.to_thread(_assert_every_blob_whole, chosen)
    await _assert_nothing_is_left(chosen)


async def _some_while(going: list[asyncio.Task[None]]) -> None:
    ended, _going = await asyncio.wait(
        going, timeout=random.uniform(0, 0.6), return_when=asyncio.FIRST_EXCEPTION
    )
    for one in ended:
        one.result()


async def _fetched(http: httpx.AsyncClient, sending: Sending, to: Path) -> dict[str, str]:
    """Return the SHA-256 of every document as it is downloaded, by name; none is there twice."""
    there = f"/n/{sending.slug}/folders/{sending.folder_id}/zip"
    async with http.stream("GET", there) as answer:
        with to.open("wb") as file:
            async for piece in answer.aiter_bytes():
                file.write(piece)
    found = {}
    with zipfile.ZipFile(to) as archive:
        for one in archive.namelist():
            found[one] = hashlib.sha256(archive.read(one)).hexdigest()
        assert len(found) == len(archive.namelist())
    # A second one would have been given a number.
    assert not [one for one in found if "(" in one]
    return found


def _assert_every_blob_whole(chosen: Settings) -> None:
    """Have ``samverkan check`` read all that the rows speak of."""
    environment = os.environ | {
        "SAMVERKAN_DATA": str(chosen.data),
        "SAMVERKAN_DATABASE_URL": chosen.database_url,
    }
    command = [sys.executable, "-m", "forum", "check", "--blobs"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "all whole" in done.stdout, done.stdout + done.stderr


async def _assert_nothing_is_left(chosen: Settings) -> None:
    """Have a month go by, sweep once, and find no file without a row and no row without use."""
    limits = uploads.into_folder(chosen)
    before = clock.now() - SWEPT
    async with database.opened(chosen.database_url):
        for table in ("arrival", "blob"):
            column = "changed_at" if table == "arrival" else "created_at"
            change = f"UPDATE {table} SET {column} = :at RETURNING {column}"
            await database.write(partial(database.read, change, {"at": before}))
        for path in limits.store.folder.rglob("*"):
            os.utime(path, (before.timestamp(), before.timestamp()))
        await arrivals.sweep(limits)
        await uploads.sweep(limits.store)
        referred = {one["blob_id"] for one in await rows("version")}
        blobs = {one["digest"] for one in await database.read("SELECT digest FROM blob", {})}
        assert blobs == referred
        assert await rows("arrival") == []
    lying = {path for path in limits.store.folder.rglob("*") if path.is_file()}
    assert {path.parent.name + path.name for path in lying} == blobs
