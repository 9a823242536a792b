"""``samverkan serve`` with a stopwatch in it: ``python -m bench.timed FILE``.

At SIGUSR1 it writes to the file how long each part took since the last time, and how often. Parts
are told apart rightly only while one visitor asks at a time: others' work counts as waiting.
"""

import functools
import json
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.asyncpg.client import TransactionWrapper as PostgresTransaction
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.backends.sqlite.client import SqliteTransactionWrapper as SqliteTransaction

from forum import cli, markup
from storage.sqlite import ReadPool

_seconds: dict[str, float] = defaultdict(float)
_times: dict[str, int] = defaultdict(int)
_within: ContextVar[bool] = ContextVar("within", default=False)


def _watched(owner: Any, name: str, part: str) -> None:
    """Count a coroutine function's time, unless it is called within another that is counted."""
    original: Callable[..., Awaitable[Any]] = vars(owner)[name]

    @functools.wraps(original)
    async def watched(*given: Any, **named: Any) -> Any:
        if _within.get():
            return await original(*given, **named)
        token = _within.set(True)
        began = time.perf_counter()
        try:
            return await original(*given, **named)
        finally:
            _seconds[part] += time.perf_counter() - began
            _times[part] += 1
            _within.reset(token)

    setattr(owner, name, watched)


def _watched_at_once(owner: Any, name: str, part: str) -> None:
    """Count an ordinary function's time on the event loop; in other threads it is waited for."""
    original: Callable[..., Any] = vars(owner)[name]

    @functools.wraps(original)
    def watched(*given: Any, **named: Any) -> Any:
        if threading.current_thread() is not threading.main_thread():
            return original(*given, **named)
        began = time.perf_counter()
        try:
            return original(*given, **named)
        finally:
            _seconds[part] += time.perf_counter() - began
            _times[part] += 1

    setattr(owner, name, watched)


def watch() -> None:
    """Put the stopwatch where texts are rendered and where the database is asked."""
    _watched(markup, "render", "markup")
    _watched(ReadPool, "fetch", "SQL")
    _watched_at_once(ReadPool, "fetch_now", "SQL")
    for client in (SqliteClient, AsyncpgDBClient, SqliteTransaction, PostgresTransaction):
        for name in ("execute_query", "execute_query_dict", "execute_insert", "execute_many"):
            if name in vars(client):
                _watched(client, name, "SQL")
    for transaction in (SqliteTransaction, PostgresTransaction):
        _watched(transaction, "commit", "commit")


def _tell(file: Path) -> None:
    file.with_suffix(".part").write_text(json.dumps({"seconds": _seconds, "times": _times}))
    file.with_suffix(".part").rename(file)
    _seconds.clear()
    _times.clear()


if __name__ == "__main__":
    watch()
    signal.signal(signal.SIGUSR1, lambda *_: _tell(Path(sys.argv[1])))
    cli.main(["serve"])
