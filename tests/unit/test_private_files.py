"""Where the database lies, and that nobody else on the machine reads it."""

import os
import stat
from pathlib import Path

import pytest

from forum import settings
from storage import database
from storage.migrate import migrate


@pytest.mark.parametrize("folder", ["a b#?c", "50 %41 å", "plain"])
async def test_the_database_lies_in_the_data_folder_whatever_that_is_called(
    tmp_path: Path, folder: str
) -> None:
    data = tmp_path / folder
    data.mkdir()
    await migrate(settings.from_environment({"SAMVERKAN_DATA": str(data)}).database_url)
    assert (data / "samverkan.sqlite").stat().st_size > 0
    assert [one.name for one in tmp_path.iterdir()] == [folder]


async def test_other_accounts_read_neither_the_database_nor_what_was_written_last(
    tmp_path: Path,
) -> None:
    url = settings.from_environment({"SAMVERKAN_DATA": str(tmp_path)}).database_url
    before = os.umask(0o022)
    try:
        await migrate(url)
        async with database.opened(url):
            await database.read("SELECT 1 AS one", {})
            modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert "samverkan.sqlite-wal" in modes
    assert set(modes.values()) == {0o600}
