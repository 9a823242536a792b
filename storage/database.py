"""Opening the database, reading from it, and the one way to write to it."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from storage import quiet
from storage.snapshots import Snapshots
from storage.sqlite import LONG, ReadPool, make_private
from storage.stamps import Stamp
from storage.statements import Row, dated, named, numbered
from storage.targets import Dialect, configuration, target
from storage.together import Together

T = TypeVar("T")


log = logging.getLogger("storage.database")

PAUSE_SECONDS = 0.2
#: Rows that are found by keys are found in a thousandth of it.
ANSWER_WITHIN_SECONDS = 5.0


_pool: ReadPool | None = None
_snapshots: Snapshots | None = None
_together: Together | None = None
_dialect: Dialect | None = None
_address = ""
_opened = 0
_after: ContextVar[list[Callable[[], None]] | None] = ContextVar("after_commit", default=None)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[None]:
    """Keep the database open for this process, whichever task asks."""
    global _pool, _snapshots, _together, _address, _opened, _dialect
    where = target(url)
    _address = where.url
    _dialect = where.dialect
    _opened += 1
    # Tortoise keeps finished SQL for the process: a database opened before may speak another.
    EXECUTOR_CACHE.clear()
    if where.dialect == "sqlite":
        make_private(where.path)
    # Requests run in other tasks than the lifespan: the context must be the process's own.
    await Tortoise.init(config=configuration(where), _enable_global_fallback=True)
    if where.dialect == "sqlite":
        # The file must be in WAL mode before a connection that only reads opens it.
        await get_connection("default").execute_query("SELECT 1")
        _pool = ReadPool(where.path)
    else:
        _snapshots = Snapshots(where.url)
        _together = Together(_asked)
    try:
        yield
    finally:
        if _pool is not None:
            _pool.close()
            _pool = None
        if _snapshots is not None:
            await _snapshots.close()
            _snapshots = _together = None
        await Tortoise.close_connections()


async def connected(seconds: float) -> "asyncpg.Connection[asyncpg.Record]":
    """Return a connection to PostgreSQL of the caller's own, who closes it.

    Raises OSError, TimeoutError or asyncpg.PostgresError when there is none within so long.
    """
    return await asyncpg.connect(_address, timeout=seconds)


def dialect() -> Dialect:
    """Return which SQL the open database speaks."""
    if _dialect is None:
        raise RuntimeError("no database is open")
    return _dialect


async def write(work: Callable[[], Awaitable[T]], *, long: bool = False) -> T:
    """Run ``work`` in one transaction and return what it returns.

    On SQLite its statements run in the calling thread, unless ``long`` says that they may take
    longer than everybody else can wait.

    It may run twice: when the database chose it as the victim of a deadlock or of another
    writer's change or key, it is rolled back and tried once more. Called within a write, it
    joins it.
    """
    if writing():
        return await work()
    for attempt in (1, 2):
        waiting: list[Callable[[], None]] = []
        token, lasting = _after.set(waiting), LONG.set(long)
        try:
            with quiet.writing():
                async with in_transaction("default"):
                    result = await work()
        except Exception as error:
            if attempt == 2 or not _passing(error):
                raise
            log.info("trying a transaction again after %s", type(error).__name__)
        else:
            break
        finally:
            _after.reset(token)
            LONG.reset(lasting)
        # Tried at once, it would take the same locks again before the other is awake.
        await asyncio.sleep(PAUSE_SECONDS)
    for call in waiting:
        try:
            call()
        except Exception:
            # What has been committed has been done, whatever becomes of the hint about it.
            log.exception("after a commit")
    return result


def writing() -> bool:
    """Say whether this is within a write."""
    return _after.get() is not None


def after_commit(call: Callable[[], None]) -> None:
    """Have ``call`` run when the present transaction has been committed, and only then."""
    waiting = _after.get()
    if waiting is None:
        raise RuntimeError("after_commit outside a write")
    waiting.append(call)


def _passing(error: Exception) -> bool:
    if isinstance(error, asyncpg.SerializationError | asyncpg.DeadlockDetectedError):
        return True
    if isinstance(error.__cause__, asyncpg.IntegrityConstraintViolationError):
        # Somebody was quicker with the same key, or took away what it points at: the second
        # look finds it so.
        return True
    # SQLite lets whoever asks at the right moment have its turn, so one may wait in vain. Tortoise
    # hands on what goes wrong at the beginning of a transaction as it is.
    locked = isinstance(error, OperationalError | sqlite3.OperationalError)
    return locked and "locked" in str(error)


async def read(sql: str, values: Mapping[str, Any]) -> list[Row]:
    """Return the rows of one SELECT with ``:name`` parameters, alike on both databases.

    Columns named ``…_at`` are datetimes and ``…_on`` dates, whatever the database calls them.
    Within a write it sees what that write has done.
    """
    if _pool is None or writing():
        return await _read_as_written(sql, values)
    log.debug("%s", sql)
    return dated(await _pool.fetch(sql, named(sql, values)))


async def read_few(sql: str, values: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a SELECT that finds a few dozen at most by keys, as ``read`` would.

    SQLite does that in less time than it takes to ask another thread.
    """
    if _pool is None or writing():
        return await _read_as_written(sql, values)
    log.debug("%s", sql)
    return dated(_pool.fetch_now(sql, named(sql, values)))


async def look_up(sql: str, values: Mapping[str, Any]) -> Row | None:
    """Return the only row of such a SELECT, or None.

    Many who ask at once are answered at once by PostgreSQL.
    """
    if _together is None or writing():
        rows = await read_few(sql, values)
        return rows[0] if rows else None
    log.debug("%s", sql)
    return await _together.look_up(sql, values)


async def _asked(statement: str, values: list[Any]) -> list[Row]:
    # Others wait for the answer: a connection that is dead without a word must not hold them up.
    async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
        rows: list[Row] = await get_connection("default").execute_query_dict(statement, values)
    return rows


async def stamp() -> Stamp | None:
    """Return the present stamp; None within a write, and when there is no telling."""
    if writing():
        return None
    found: tuple[int | str, int | str | None] | None = None
    if _pool is not None:
        found = _pool.present()
    elif _snapshots is not None:
        found = await _snapshots.present()
    return Stamp(_opened, *found) if found is not None else None


async def _read_as_written(sql: str, values: Mapping[str, Any]) -> list[Row]:
    """Read through the ORM's connection: PostgreSQL, and within a write."""
    log.debug("%s", sql)
    connection = get_connection("default")
    if dialect() == "postgres":
        statement, ordered = numbered(sql, values)
        return await connection.execute_query_dict(statement, ordered)
    rows = await connection.execute_query_dict(sql, named(sql, values))  # type: ignore[arg-type]
    return dated(rows)


async def change(sql: str, values: Mapping[str, Any]) -> list[Row]:
    """Run one INSERT, UPDATE or DELETE within a write; return the rows of its RETURNING."""
    if not writing():
        raise RuntimeError("change outside a write")
    return await read(sql, values)


async def change_together(
    beside: Mapping[str, str], last: str, values: Mapping[str, Any]
) -> list[Row]:
    """Run changes of different rows within a write; return the rows of the last one's RETURNING.

    PostgreSQL is asked once. There they run in no certain order, none sees what another has
    changed, and the last may SELECT from what another, by its name, returns (PostgreSQL 7.8.4).
    """
    if dialect() == "postgres":
        parts = ", ".join(f"{name} AS ({sql})" for name, sql in beside.items())
        return await change(f"WITH {parts} {last}" if parts else last, values)
    for sql in beside.values():
        await change(sql, values)
    return await change(last, values)


def holding(clause: str) -> str:
    """Return the end of a SELECT that locks rows: SQLite, which has one writer, has no such."""
    return f" {clause}" if dialect() == "postgres" else ""
