"""Bringing the database to the present schema: safe to repeat, to kill and to start four times."""

import asyncio
import fcntl
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import asyncpg
from aerich import Command
from aerich.migrate import Migrate
from aerich.models import Aerich
from aerich.utils import import_py_module
from tortoise import BaseDBAsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext

import migrations
from storage import database
from storage.sqlite import make_private, prove_writable
from storage.targets import Target, configuration, target

LOCATION = Path(migrations.__file__).parent
# Any number will do, as long as nobody else uses it in the same database.
ADVISORY_LOCK = 7_226_837_041


class BrokenReference(RuntimeError):
    """A migration would leave a row that points at nothing."""


class _Command(Command):
    """aerich's upgrade, except that one transaction really holds each migration.

    aerich hands the returned SQL to ``executescript``, which on SQLite commits first. Here
    ``upgrade(db)`` runs its statements one by one and returns nothing, and the version row
    goes into the same transaction.
    """

    async def _upgrade(
        self,
        conn: BaseDBAsyncClient,
        version_file: str,
        fake: bool = False,
        version_module: pkgutil.ModuleInfo | None = None,
    ) -> None:
        if version_module is None:
            raise ValueError("a migration is a module")
        await import_py_module(version_module).upgrade(conn)
        if conn.capabilities.dialect == "sqlite":
            await _refuse_broken_references(conn)
        await Aerich.create(version=version_file, app=self.app, content={}, using_db=conn)


async def _refuse_broken_references(conn: BaseDBAsyncClient) -> None:
    """Foreign keys are off while SQLite rebuilds tables, so they are proved before the commit."""
    rows = await conn.execute_query_dict("PRAGMA foreign_key_check")
    if rows:
        raise BrokenReference(f"{len(rows)} rows point at nothing: {rows[:5]}")


async def migrate(url: str) -> list[str]:
    """Apply what is missing, one migration a transaction, and return their names.

    One process does it while others wait. Raises what the database raises; nothing is half done.
    """
    where = target(url)
    if where.dialect == "sqlite":
        prove_writable(where.path)
    async with _alone(where), TortoiseContext() as context:
        if where.dialect == "sqlite":
            make_private(where.path)
        EXECUTOR_CACHE.clear()  # as in storage.database.opened
        await context.init(config=configuration(where, foreign_keys=False))
        command = _Command(configuration(where, foreign_keys=False), "storage", str(LOCATION))
        Migrate.migrate_location = LOCATION / "storage"
        applied: list[str] = await command.upgrade()
        return applied


async def missing(url: str) -> list[str]:
    """Return the migrations that the database still lacks."""
    where = target(url)
    if is_new(where):
        return _all()
    async with TortoiseContext() as context:
        await context.init(config=configuration(where))
        tables = "sqlite_master" if where.dialect == "sqlite" else "pg_tables"
        column = "name" if where.dialect == "sqlite" else "tablename"
        known = await context.db().execute_query_dict(
            f"SELECT 1 FROM {tables} WHERE {column} = 'aerich'"  # noqa: S608
        )
        done = {row.version for row in await Aerich.filter(app="storage")} if known else set()
        return [name for name in _all() if name not in done]


async def complete() -> bool:
    """Say whether the open database has every migration that this version knows."""
    rows = await database.read("SELECT version FROM aerich WHERE app = 'storage'", {})
    return {row["version"] for row in rows}.issuperset(_all())


def is_new(where: Target) -> bool:
    """Say whether it is a SQLite file that has not been made yet."""
    return where.dialect == "sqlite" and not Path(where.path).exists()


def _all() -> list[str]:
    Migrate.migrate_location = LOCATION / "storage"
    return Migrate.get_all_version_files()


@asynccontextmanager
async def _alone(where: Target) -> AsyncIterator[None]:
    """Hold a lock that the operating system or PostgreSQL gives back when the process dies."""
    if where.dialect == "postgres":
        connection = await asyncpg.connect(where.url)
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK)
            yield
        finally:
            await connection.close()
        return
    file = await asyncio.to_thread(_locked, where.path + ".lock")
    with file:
        yield


def _locked(path: str) -> IO[str]:
    make_private(path)
    file = Path(path).open("w")  # noqa: SIM115 (the caller closes it, and with it the lock)
    fcntl.flock(file, fcntl.LOCK_EX)
    return file
