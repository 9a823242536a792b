"""SQLite as Tortoise should drive it, and a pool of connections that only read."""

import asyncio
import os
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path
from typing import Any, cast

import aiosqlite
from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections

from storage import targets
from storage.stamps import STANDING

#: Whether the statements of the present write may take long.
LONG: ContextVar[bool] = ContextVar("long", default=False)
READERS = 4
Values = Sequence[Any] | Mapping[str, Any] | None
MMAP_BYTES = 1024 * 1024 * 1024


def make_private(path: str) -> None:
    """Make the file, for us alone, before anything opens it.

    SQLite gives its WAL, where the latest writes are, the mode that the database has by then.
    """
    file = Path(path)
    file.touch(mode=0o600)
    # Only takes away: who has made it read-only does not find it written to.
    file.chmod(file.stat().st_mode & 0o600)


def prove_writable(path: str) -> None:
    """Raise OSError, with what is wrong, unless the file can be written to, or made.

    SQLite opens a file that it may only read without a word, and fails at the first write. It
    writes beside the file, too.
    """
    file = Path(path)
    folder = next(above for above in file.parents if above.exists())
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    if file.is_dir():
        raise IsADirectoryError(f"{file} is a folder, not a file")
    for one in (folder, file):
        if one.exists() and not os.access(one, os.W_OK):
            raise PermissionError(f"{one} cannot be written to")


class ImmediateClient(SqliteClient):
    """Tortoise's client, whose transactions take the write lock when they begin.

    A plain ``BEGIN`` takes it at the first write and then fails at once when another process
    wrote in between, whatever the busy timeout says.
    """

    #: Whether a transaction waits for another process's to end, or did when it was cancelled.
    waiting = False
    undoing: asyncio.Future[None] | None = None

    async def create_connection(self, with_db: bool) -> None:
        if self._connection is None:
            # As Tortoise does, but for more than the one thread: see _Here.
            self._connection = await aiosqlite.connect(
                self.filename, isolation_level=None, check_same_thread=False
            )
            self._connection._conn.row_factory = sqlite3.Row
            for pragma, value in self.pragmas.items():
                await self._connection.execute(f"PRAGMA {pragma}={value}")

    def _in_transaction(self) -> TransactionContext:
        return _ImmediateContext(_ImmediateTransaction(self), self._lock)


class _ImmediateTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        client = cast(ImmediateClient, self._parent)
        if client.waiting or self._connection.in_transaction:
            # A cancelled request has left an empty transaction open on the one connection, or its
            # thread is still waiting to begin one: this comes after it.
            await self._connection.rollback()
        client.waiting = False
        here = _Here(self._connection)
        if not here.begins():
            client.waiting = True
            try:
                await self._connection.execute("BEGIN IMMEDIATE")
            except asyncio.CancelledError:
                # The thread goes on waiting. What it begins is undone at once.
                client.undoing = asyncio.ensure_future(self._connection.rollback())
                raise
            client.waiting = False
        if not LONG.get():
            self._connection = cast(aiosqlite.Connection, here)


class _Here:
    """aiosqlite's connection within a transaction, whose statements run in the calling thread.

    Most take less time than it takes to hand them to another thread, which with others about waits
    its turn for the interpreter, and again after each call of SQLite. What may wait does so there:
    for the write lock at the beginning, and for the disk at the end.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._raw = connection._conn
        self.commit = connection.commit
        self.rollback = connection.rollback

    def begins(self) -> bool:
        """Take the write lock if nobody has it; another process may."""
        self._raw.execute("PRAGMA busy_timeout = 0")
        try:
            self._raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        finally:
            self._raw.execute(f"PRAGMA busy_timeout = {targets.BUSY_MS}")
        return True

    @property
    def total_changes(self) -> int:
        return self._raw.total_changes

    async def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        return self._raw.execute(sql, values or ())

    async def execute_fetchall(self, sql: str, values: Values = ()) -> list[Any]:
        return self._raw.execute(sql, values or ()).fetchall()

    async def execute_insert(self, sql: str, values: Values = ()) -> tuple[int | None]:
        return (self._raw.execute(sql, values or ()).lastrowid,)

    async def executemany(self, sql: str, values: list[Any]) -> None:
        self._raw.executemany(sql, values)


class _ImmediateContext(SqliteTransactionContext):
    async def __aenter__(self) -> TransactionalDBClient:
        # Tortoise's own version keeps the lock for ever when begin() fails.
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            self.token = get_connections().set(self.connection_name, self.connection)
            try:
                await self.connection.begin()
            except BaseException:
                get_connections().reset(self.token)
                raise
        except BaseException:
            self._trxlock.release()
            raise
        return self.connection  # type: ignore[no-any-return]


class ReadPool:
    """Connections that cannot write, each with a thread of its own.

    Tortoise has one connection and one lock in a process, so through it a page would wait for
    every open transaction; WAL lets these read meanwhile.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._present: tuple[int, int | None] = (0, None)

    def _connection(self) -> sqlite3.Connection:
        """Return the calling thread's own connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
            connection.execute(f"PRAGMA busy_timeout = {targets.BUSY_MS}")
            self._local.connection = connection
            self._connections.append(connection)
        return connection

    def fetch_now(self, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the rows at once, in the calling thread: for a few rows found by a unique key.

        Such a read takes less time than handing it to another thread does.
        """
        cursor = self._connection().execute(sql, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def present(self) -> tuple[int, int | None]:
        """Return a stamp's state and its standing.

        For one thread alone: each connection counts for itself what others write.
        """
        [version] = self.fetch_now("PRAGMA data_version", {})
        if version["data_version"] != self._present[0]:
            # Read after it, so no older.
            [counted] = self.fetch_now(STANDING, {})
            self._present = version["data_version"], counted["standing"]
        return self._present

    async def fetch(self, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the rows of one statement with ``:name`` parameters."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self.fetch_now, sql, values)

    def close(self) -> None:
        """Wait for what is being read, then close every connection."""
        self._threads.shutdown(wait=True)
        for connection in self._connections:
            connection.close()
        self._connections.clear()


# Tortoise looks these up by name in the module that the configuration calls "engine".
client_class = ImmediateClient
