"""``python -m tests.faults.dying WORDS=URL…``: migrations that are killed after so many words.

Each in a process of its own; a "word" is a statement, the version row or the commit, as the
database has taken it. Prints for each how many words it said, and its process's exit code.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.backends.sqlite.client import SqliteTransactionWrapper

from storage.migrate import migrate

WORDS = ("execute_query", "execute_query_dict", "execute_insert", "commit")
_said = 0


def _count_words(at_most: int) -> None:
    for client in (TransactionWrapper, SqliteTransactionWrapper):
        for name in WORDS:
            setattr(client, name, _counted(getattr(client, name), at_most))


def _counted(say: Callable[..., Awaitable[Any]], at_most: int) -> Callable[..., Awaitable[Any]]:
    async def counted(*arguments: Any, **named: Any) -> Any:
        global _said
        if _said == at_most:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = await say(*arguments, **named)
        _said += 1
        return answer

    return counted


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        words, _, url = argument.partition("=")
        if not os.fork():
            _count_words(int(words))
            asyncio.run(migrate(url))
            print(_said, flush=True)
            os._exit(0)
        _pid, status = os.wait()
        print(os.waitstatus_to_exitcode(status), flush=True)
