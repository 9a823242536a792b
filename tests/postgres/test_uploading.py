"""kill -9 at any moment of an upload, on PostgreSQL."""

import pytest

from forum.settings import Settings
from tests.faults.test_restart import told
from tests.faults.test_uploading import survive
from tests.world import World

__all__ = ["told"]

pytestmark = pytest.mark.postgres


async def test_files_survive_kill_9_at_any_moment_of_being_sent(
    chosen: Settings, told: World, long: bool
) -> None:
    await survive(chosen, told, 50 if long else 4)
