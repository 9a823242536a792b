"""A migration that is killed, repeated, started four times or wrong leaves a sound database."""

import asyncio
import os
import pickle
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.exceptions import IntegrityError

import migrations
from storage import database, migrate, statements
from storage.migrate import BrokenReference
from storage.targets import configuration, target
from tests import schema
from tests.world import World

MakeEmpty = Callable[[], Awaitable[str]]
ROOT = Path(__file__).parents[2]
EVERY_WORD = 10_000


async def _dying(*plans: tuple[int, str]) -> list[int]:
    command = [sys.executable, "-m", "tests.faults.dying", *(f"{n}={url}" for n, url in plans)]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return [int(line) for line in printed.split()]


async def _setup(url: str, data: Path) -> asyncio.subprocess.Process:
    """Start ``samverkan setup``."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "forum", "setup"),
        cwd=ROOT,
        env={**os.environ, "SAMVERKAN_DATABASE_URL": url, "SAMVERKAN_DATA": str(data)},
        stdout=asyncio.subprocess.PIPE,
    )


async def _rows(url: str, sql: str) -> list[statements.Row]:
    async with TortoiseContext() as context:
        await context.init(config=configuration(target(url)))
        return await context.db().execute_query_dict(sql)


async def _assert_whole(url: str, wanted: schema.Facts) -> None:
    assert await schema.of_database(url) == wanted
    versions = [row["version"] for row in await _rows(url, "SELECT version FROM aerich")]
    assert versions == migrate._all()


async def test_kill_9_between_any_two_statements_leaves_what_setup_can_finish(
    make_empty: MakeEmpty, tmp_path: Path, long: bool
) -> None:
    wanted = await schema.of_models(await make_empty())
    words, exit_code = await _dying((EVERY_WORD, await make_empty()))
    assert exit_code == 0
    assert words > 30
    spread = range(words) if long else (0, 1, 2, words // 2, words - 2, words - 1)
    plans = [(at, await make_empty()) for at in spread]
    assert await _dying(*plans) == [-9] * len(plans)
    left = []
    for _at, url in plans[:-1]:
        left.append(await migrate.missing(url))
        assert await migrate.migrate(url) == left[-1]
        await _assert_whole(url, wanted)
    every = migrate._all()
    assert left[0] == every
    assert left[-1] == every[-1:]
    assert all(missing == every[-len(missing) :] for missing in left)
    _at, url = plans[-1]
    setup = await _setup(url, tmp_path)
    assert await setup.wait() == 0
    await _assert_whole(url, wanted)


async def test_four_setups_at_once_apply_each_migration_once(
    make_empty: MakeEmpty, tmp_path: Path
) -> None:
    wanted = await schema.of_models(await make_empty())
    url = await make_empty()
    started = [await _setup(url, tmp_path / "data") for _ in range(4)]
    said = [(await setup.communicate())[0].decode().strip() for setup in started]
    assert [setup.returncode for setup in started] == [0] * 4
    assert sorted(said) == [f"applied: {', '.join(migrate._all())}", *["nothing to do"] * 3]
    await _assert_whole(url, wanted)


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what adds a migration after those there are, in a copy of their folder."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, folder)
    monkeypatch.setattr(migrate, "LOCATION", folder)

    def add(upgrade: str) -> None:
        body = "".join(f"    {line}\n" for line in upgrade.splitlines())
        (folder / "storage/9999_made_up.py").write_text(
            f"async def upgrade(db):\n{body}    return ''\n"
        )

    return add


REBUILD = """
named = "SELECT sql FROM sqlite_master WHERE tbl_name = 'thread' AND type = '{}' AND sql <> ''"
table, = await db.execute_query_dict(named.format("table"))
indexes = await db.execute_query_dict(named.format("index"))
await db.execute_query(table["sql"].replace('"thread"', '"rebuilt"', 1))
await db.execute_query('INSERT INTO rebuilt SELECT * FROM thread')
await db.execute_query('DROP TABLE thread')
await db.execute_query('ALTER TABLE rebuilt RENAME TO thread')
for index in indexes:
    await db.execute_query(index["sql"])
""".strip()


async def test_a_table_that_is_rebuilt_on_sqlite_keeps_its_children(
    template: Path, tmp_path: Path, later: Callable[[str], None]
) -> None:
    shutil.copy(template / "samverkan.sqlite", tmp_path)
    url = f"sqlite:///{tmp_path / 'samverkan.sqlite'}"
    world: World = pickle.loads((template / "world.pickle").read_bytes())  # noqa: S301
    before = await schema.of_database(url)
    later(REBUILD)
    assert await migrate.migrate(url) == ["9999_made_up.py"]
    assert await schema.of_database(url) == before
    async with database.opened(url):
        assert len(await database.read("SELECT id FROM thread", {})) == 1
        assert len(await database.read("SELECT id FROM reply", {})) == 1
        assert len(await database.read("SELECT id FROM read_mark", {})) == 1

        async def delete() -> None:
            await get_connection("default").execute_query(
                f"DELETE FROM area WHERE id = {world.area_id}"
            )

        with pytest.raises(IntegrityError):
            await database.write(delete)


BREAK = """
await db.execute_query('CREATE TABLE extra (id INT)')
await db.execute_query("INSERT INTO area (network_id, name, description, position)"
    " VALUES (4711, 'Ingenstans', '', 1)")
""".strip()


async def test_a_migration_that_breaks_a_reference_is_refused_whole(
    make_empty: MakeEmpty, later: Callable[[str], None]
) -> None:
    url = await make_empty()
    await migrate.migrate(url)
    before = await schema.of_database(url)
    later(BREAK)
    with pytest.raises((BrokenReference, IntegrityError, asyncpg.PostgresError)):
        await migrate.migrate(url)
    assert await schema.of_database(url) == before
    assert await _rows(url, "SELECT id FROM area") == []
    assert await migrate.missing(url) == ["9999_made_up.py"]
    later("await db.execute_query('CREATE TABLE extra (id INT)')")
    assert await migrate.migrate(url) == ["9999_made_up.py"]
    assert await migrate.missing(url) == []


async def test_a_migration_is_not_remembered_when_it_fails_and_those_before_it_are(
    make_empty: MakeEmpty, later: Callable[[str], None]
) -> None:
    url = await make_empty()
    later("raise LookupError('half way')")
    with pytest.raises(LookupError):
        await migrate.migrate(url)
    assert await migrate.missing(url) == ["9999_made_up.py"]
