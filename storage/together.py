"""The same question, asked by many at once, put to PostgreSQL once.

A page asks some questions that find one row by its keys. When a thousand pages ask them, the round
trips cost more than the answers: who comes while an answer is on its way waits for it, and is then
asked for together with all others who wait.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from tortoise.exceptions import OperationalError

from storage.statements import PARAMETER, Row, named, numbered

#: So many are asked for by one statement.
AT_ONCE = 100
# A bool is an int, and a datetime a date.
_TYPES = ((bool, "boolean"), (int, "bigint"), (str, "text"), (datetime, "timestamptz"),
          (date, "date"))  # fmt: skip
_NUMBER = "asked_number"

Ask = Callable[[str, list[Any]], Awaitable[list[Row]]]
Question = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Asked:
    values: Row
    answer: "asyncio.Future[Row | None]"


class Together:
    """Asks for single rows: at once, or with others when the same is being asked already."""

    def __init__(self, ask: Ask) -> None:
        """``ask`` runs a statement with numbered parameters."""
        self._ask = ask
        #: Who waits for the answer to others, by what is asked. While nothing is, it is not there.
        self._waiting: dict[Question, list[_Asked]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def look_up(self, sql: str, values: Mapping[str, Any]) -> Row | None:
        """Return the only row of a SELECT with ``:name`` parameters, or None."""
        mine = named(sql, values)
        question = sql, tuple(map(_type, mine.values()))
        if "" in question[1]:
            return await self._alone(sql, mine)
        waiting = self._waiting.get(question)
        if waiting is not None:
            asked = _Asked(mine, asyncio.get_running_loop().create_future())
            waiting.append(asked)
            return await asked.answer
        self._waiting[question] = []
        try:
            return await self._alone(sql, mine)
        finally:
            self._go_on(question)

    async def _alone(self, sql: str, values: Row) -> Row | None:
        rows = await self._ask(*numbered(sql, values))
        return rows[0] if rows else None

    def _go_on(self, question: Question) -> None:
        """Ask for those who have come meanwhile, if any."""
        if not self._waiting[question]:
            del self._waiting[question]
            return
        # A task of its own: whoever was first has her answer, or has hung up.
        task = asyncio.create_task(self._next(question))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _next(self, question: Question) -> None:
        every = self._waiting[question]
        now, self._waiting[question] = every[:AT_ONCE], every[AT_ONCE:]
        try:
            # Some have hung up.
            await self._answer(question, [one for one in now if not one.answer.done()])
        finally:
            self._go_on(question)

    async def _answer(self, question: Question, asked: Sequence[_Asked]) -> None:
        if len(asked) < 2:
            await self._answer_each(question[0], asked)
            return
        try:
            found = await self._found(question, asked)
        except OperationalError:
            # One of them asks for what no row can be, which must not take the answer from others.
            await self._answer_each(question[0], asked)
        except Exception as error:
            for one in asked:
                _give(one, error)
        else:
            for number, one in enumerate(asked, 1):
                _give(one, found.get(number))

    async def _answer_each(self, sql: str, asked: Sequence[_Asked]) -> None:
        for one in asked:
            try:
                _give(one, await self._alone(sql, one.values))
            except Exception as error:
                _give(one, error)

    async def _found(self, question: Question, asked: Sequence[_Asked]) -> dict[int, Row]:
        """Return the rows of all of these, by the places of who asked."""
        sql, types = question
        names = tuple(asked[0].values)
        arrays = [[one.values[name] for one in asked] for name in names]
        rows = await self._ask(_of_many(sql, names, types), arrays)
        return {row.pop(_NUMBER): row for row in rows}


def _give(asked: _Asked, answer: Row | Exception | None) -> None:
    if asked.answer.done():
        # She has hung up.
        return
    if isinstance(answer, Exception):
        asked.answer.set_exception(answer)
    else:
        asked.answer.set_result(answer)


def _type(value: object) -> str:
    """Return what PostgreSQL calls a value's type, or an empty text."""
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "")


@lru_cache(maxsize=512)
def _of_many(sql: str, names: tuple[str, ...], types: tuple[str, ...]) -> str:
    """Return the statement that answers many: the same for each row of arrays.

    See PostgreSQL 7.2.1.5 (LATERAL) and 9.19 (unnest).
    """
    arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, 1))
    one = PARAMETER.sub(r"asked.\1", sql)
    return f"""
        SELECT asked.{_NUMBER}, found.*
        FROM unnest({arrays}) WITH ORDINALITY AS asked({", ".join(names)}, {_NUMBER})
        CROSS JOIN LATERAL ({one}) AS found
    """  # noqa: S608 (names of parameters)
