"""Statements with named parameters, alike for both databases, and what is made of their rows."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar

from tortoise.models import Model

M = TypeVar("M", bound=Model)
Row = dict[str, Any]

PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")


@lru_cache(maxsize=512)
def _names(sql: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(PARAMETER.findall(sql)))


def named(sql: str, values: Mapping[str, Any]) -> Row:
    """Return those of the values that a statement names, as SQLite takes them."""
    return {name: values[name] for name in _names(sql)}


def numbered(sql: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return a statement with numbers for names, and the values in their order, for PostgreSQL."""
    names = _names(sql)
    whole = tuple(name for name in names if type(values[name]) is int)
    return _with_numbers(sql, whole), [values[name] for name in names]


@lru_cache(maxsize=512)
def _with_numbers(sql: str, whole: tuple[str, ...]) -> str:
    position = {name: index for index, name in enumerate(_names(sql), 1)}
    # Said to be large, or a number from an address that no INT can be is an error instead of none.
    sizes = dict.fromkeys(whole, "::bigint")
    return PARAMETER.sub(lambda m: f"${position[m[1]]}{sizes.get(m[1], '')}", sql)


# Dates whose names end otherwise.
_DATES = {"answer_by", "wanted_month"}


def dated(rows: list[Row]) -> list[Row]:
    """Return rows of SQLite, which has no dates, with dates and times by their columns' names."""
    for name, made_of in _dates_among(tuple(rows[0])) if rows else ():
        for row in rows:
            if isinstance(row[name], str):
                row[name] = made_of(row[name])
    return rows


@lru_cache(maxsize=512)
def _dates_among(names: tuple[str, ...]) -> list[tuple[str, Callable[[str], date]]]:
    moments = [(name, datetime.fromisoformat) for name in names if name.endswith("_at")]
    days = [(name, date.fromisoformat) for name in names if name.endswith("_on") or name in _DATES]
    return [*moments, *days]


def made(model: type[M], row: Row, prefix: str = "") -> M:
    """Return the model's instance for a whole row that ``read`` returned.

    ``prefix`` is what ``columns`` put before the names of its columns.
    """
    if not prefix:
        return model._init_from_db(**row)
    return model._init_from_db(**{name: row[prefix + name] for name in model._meta.db_fields})


@cache
def columns(model: type[Model], table: str) -> str:
    """Return the model's columns for a SELECT of several whole rows: ``p.name AS p_name, …``.

    ``table`` is the table's short name in the statement, and the prefix for ``made``.
    """
    return ", ".join(f'{table}."{name}" AS {table}_{name}' for name in model._meta.db_fields)
