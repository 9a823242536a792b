"""Databases to break, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.postgres.conftest import server

__all__ = ["server"]

MakeEmpty = Callable[[], Awaitable[str]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def make_empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MakeEmpty]:
    """Return a function that returns the address of one more database without a table."""
    made: list[str] = []

    async def file() -> str:
        made.append(f"{len(made)}.sqlite")
        return f"sqlite:///{tmp_path / made[-1]}"

    async def database() -> str:
        made.append(await postgres.create())
        url: str = postgres.url(made[-1])
        return url

    if request.param == "sqlite":
        yield file
        return
    postgres = request.getfixturevalue("server")
    yield database
    for name in made:
        await postgres.drop(name)
