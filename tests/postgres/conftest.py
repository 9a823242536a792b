"""The fixtures of tests/conftest, on PostgreSQL: what is tested there is tested here unchanged.

A server for each test process; a database with the world in it, made once; a copy for each test.
"""

import pickle
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from forum import markup, settings
from forum.settings import Settings
from storage import database
from storage.migrate import migrate
from tests import world as worlds
from tests.conftest import lacking
from tests.postgres import server as programs
from tests.postgres.server import Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL of this test process's own."""
    lacking("postgres", programs.lacking())
    with Server() as started:
        yield started


@pytest.fixture(scope="session")
async def template(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that names the database with the world in it, and holds the world's rows."""
    folder = tmp_path_factory.mktemp("template")
    name = await server.create()
    await migrate(server.url(name))
    async with database.opened(server.url(name)):
        world = await worlds.made()
    (folder / "world.pickle").write_bytes(pickle.dumps(world))
    (folder / "database").write_text(name)
    await markup.close()
    return folder


@pytest.fixture
async def chosen(server: Server, template: Path, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings for this test's own copy of the world."""
    name = await server.create((template / "database").read_text())
    values = {"SAMVERKAN_DATA": str(tmp_path), "SAMVERKAN_DATABASE_URL": server.url(name)}
    yield settings.from_environment(values)
    await server.drop(name)


@pytest.fixture
async def empty(server: Server) -> AsyncIterator[list[str]]:
    """The addresses of two databases without a table."""
    names = [await server.create() for _ in range(2)]
    yield [server.url(name) for name in names]
    for name in names:
        await server.drop(name)
