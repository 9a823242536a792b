"""Several processes write to one SQLite file, and none of them loses or spoils anything."""

import asyncio
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.connection import get_connection

from storage import database, statements, targets
from storage.people import Person
from storage.sessions import FailedLogin
from tests.conftest import Browser
from tests.world import World

ROOT = Path(__file__).parents[2]
WRITERS = 4


@pytest.fixture
def file(template: Path, tmp_path: Path) -> Path:
    """A SQLite file with the world in it, that nobody has open."""
    copy = tmp_path / "samverkan.sqlite"
    copy.write_bytes((template / "samverkan.sqlite").read_bytes())
    return copy


async def test_processes_that_write_at_once_all_succeed(file: Path, long: bool) -> None:
    count = 300 if long else 25
    command = [sys.executable, "-m", "tests.faults.writing", f"sqlite:///{file}", str(count)]
    writers = [await asyncio.create_subprocess_exec(*command, cwd=ROOT) for _ in range(WRITERS)]
    assert [await writer.wait() for writer in writers] == [0] * WRITERS
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT subject FROM failed_login ORDER BY id").fetchall()
    # Each counted what was there before it wrote: no two saw the same.
    assert rows == [(f"write {number}",) for number in range(WRITERS * count)]


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Another process's write, that does not end."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_a_write_that_cannot_begin_lets_the_next_one_in(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "BUSY_MS", 50)
    async with database.opened(f"sqlite:///{file}"):
        with _locked(file):
            for _ in range(3):
                with pytest.raises(Exception, match="locked"):
                    await database.write(_rename)
            assert await _titles() == []
        async with asyncio.timeout(60):
            await asyncio.gather(*(database.write(_rename) for _ in range(5)))
        assert len(await _titles()) == 1


async def test_a_write_that_has_waited_in_vain_is_tried_once_more(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite is not fair: of several who wait, one may be passed over until its time is up."""
    monkeypatch.setattr(targets, "BUSY_MS", 1)
    monkeypatch.setattr(database, "PAUSE_SECONDS", 1.0)
    async with database.opened(f"sqlite:///{file}"):
        with _locked(file):
            waiting = asyncio.create_task(database.write(_rename))
            await asyncio.sleep(0.5)
            assert not waiting.done()
        await waiting
        assert len(await _titles()) == 1


async def test_a_write_waits_for_another_process(file: Path) -> None:
    async with database.opened(f"sqlite:///{file}"):
        with _locked(file):
            waiting = asyncio.create_task(database.write(_rename))
            await asyncio.sleep(0.3)
            assert not waiting.done()
        await waiting
        assert len(await _titles()) == 1


async def test_a_write_that_is_cancelled_anywhere_leaves_nothing_and_lets_the_next_one_in(
    file: Path,
) -> None:
    async with database.opened(f"sqlite:///{file}"):
        for turns in range(40):
            doomed = asyncio.create_task(database.write(_rename_and_fail))
            for _ in range(turns):
                await asyncio.sleep(0)
            doomed.cancel()
            await asyncio.wait([doomed])
            async with asyncio.timeout(60):
                await database.write(_note)
            assert await _titles() == []
        assert await FailedLogin.all().count() == 0


async def _rename() -> None:
    await Person.filter(username="bob.berg").update(title="ändrad")


async def _rename_and_fail() -> None:
    await _rename()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    raise RuntimeError("never committed")


async def _note() -> None:
    await Person.filter(username="ann.alm").update(phone="0123")


async def _titles() -> list[statements.Row]:
    return await database.read("SELECT id FROM person WHERE title = 'ändrad'", {})


async def test_pages_are_read_while_a_write_goes_on(
    world: World, browser: Callable[..., Browser]
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        await _rename()
        begun.set()
        await go_on.wait()
        assert len(await _titles()) == 1

    async with browser(world["bob"]) as http:
        writing = asyncio.create_task(database.write(slow))
        await begun.wait()
        try:
            async with asyncio.timeout(60):
                assert await _titles() == []
                there = f"/n/{world.network.slug}/threads/{world.thread.id}"
                assert (await http.get(there)).status_code == 200
                assert not writing.done()
        finally:
            go_on.set()
            await writing
    assert len(await _titles()) == 1


async def _cancelled_while_it_waits() -> None:
    doomed = asyncio.create_task(database.write(_rename_and_fail))
    await asyncio.sleep(0.2)
    doomed.cancel()
    await asyncio.wait([doomed])


async def test_a_write_that_is_cancelled_while_it_waits_holds_up_nobody(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "BUSY_MS", 60_000)
    async with database.opened(f"sqlite:///{file}"), asyncio.timeout(30):
        with _locked(file):
            await _cancelled_while_it_waits()
            next_one = asyncio.create_task(database.write(_rename))
            # Its thread still waits for the lock; the loop must not.
            for _ in range(20):
                assert await database.look_up("SELECT 1 AS one", {}) == {"one": 1}
                await asyncio.sleep(0.01)
            assert not next_one.done()
        await next_one
        assert len(await _titles()) == 1


async def test_a_write_that_is_cancelled_while_it_waits_does_not_take_the_lock_afterwards(
    file: Path,
) -> None:
    async with database.opened(f"sqlite:///{file}"), asyncio.timeout(30):
        with _locked(file):
            await _cancelled_while_it_waits()
        with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as other:
            while True:
                with suppress(sqlite3.OperationalError):
                    other.execute("BEGIN IMMEDIATE")
                    break
                await asyncio.sleep(0.05)


async def test_while_one_waits_for_another_process_everybody_else_goes_on(file: Path) -> None:
    async with database.opened(f"sqlite:///{file}"):
        with _locked(file):
            writing = asyncio.create_task(database.write(_rename))
            for _ in range(100):
                assert await database.read("SELECT 1 AS one", {}) == [{"one": 1}]
                assert await database.look_up("SELECT 1 AS one", {}) == {"one": 1}
            assert not writing.done()
        await writing
        assert await _titles() != []


async def test_the_statements_of_a_write_are_handed_to_no_other_thread(file: Path) -> None:
    here, seen = threading.get_ident(), list[int]()

    def noted() -> str:
        seen.append(threading.get_ident())
        return "chef"

    async def work() -> None:
        await Person.filter(id=1).update(title="chef")
        await database.read("SELECT noted()", {})
        await Person.create(name="Ny", username="ny@kommun.example")
        await database.change("UPDATE person SET title = noted() WHERE id = 1", {})

    async with database.opened(f"sqlite:///{file}"):
        client = get_connection("default")
        assert isinstance(client, SqliteClient)
        async with client.acquire_connection() as orm:
            await orm.create_function("noted", 0, noted)
        await database.write(work)
        # Outside a write the ORM asks in a thread of its own.
        await client.execute_query_dict("SELECT noted()")
    assert seen[:2] == [here, here]
    assert len(seen) == 3
    assert seen[2] != here
