"""Both databases in one process, one after the other: Tortoise's finished SQL must not be mixed."""

from pathlib import Path

import pytest

from forum import people
from storage import database
from storage.migrate import migrate, missing
from storage.people import Person
from tests import world as worlds

pytestmark = pytest.mark.postgres


async def test_a_process_can_go_from_one_database_to_the_other_and_back(
    empty: list[str], tmp_path: Path
) -> None:
    files = [f"sqlite:///{tmp_path / name}" for name in ("first.sqlite", "second.sqlite")]
    urls = [empty[0], files[0], empty[1], files[1]]
    for url in urls:
        assert await missing(url)
        await migrate(url)
        async with database.opened(url):
            await worlds.made()
        assert await missing(url) == []
    for url in (*urls, *reversed(urls)):
        async with database.opened(url):
            await people.add_person("Dag Dal")
            ann = await Person.get(username="ann.alm")
            ann.title += "+"
            await ann.save()
    for url in urls:
        async with database.opened(url):
            sql = "SELECT title, username FROM person WHERE username = :name"
            assert (await database.read(sql, {"name": "ann.alm"}))[0]["title"].endswith("++")
            assert len(await database.read(sql, {"name": "dag.dal2"})) == 1
