"""The one process is killed and started again: nobody who has a page open misses anything."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.conftest import chromium
from tests.faults.open_pages import company
from tests.faults.serving import Serving, free_port
from tests.faults.test_restart import data, told
from tests.world import World

__all__ = ["chromium", "data", "told"]

pytestmark = pytest.mark.browser


async def test_open_pages_are_as_if_loaded_anew_after_kill_9(
    data: Path, told: World, chromium: Browser, long: bool
) -> None:
    port, posts = str(free_port()), 100 if long else 15

    async def replies() -> dict[int, str]:
        with closing(sqlite3.connect(data / "samverkan.sqlite")) as connection:
            return dict(connection.execute("SELECT id, body FROM reply"))

    server = Serving(data, PORT=port)
    try:
        async with company(server, chromium, told, replies) as everybody:
            for _ in range(4 if long else 1):
                await everybody.writers.go_on(posts)
                back = asyncio.create_task(everybody.have_come_back())
                server.kill()
                server = await asyncio.to_thread(Serving, data, PORT=port)
                await back
                await everybody.writers.go_on(posts)
            await everybody.know_it_all()
            assert everybody.writers.unanswered
    finally:
        server.kill()
