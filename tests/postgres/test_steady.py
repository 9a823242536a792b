"""What every page looks up, remembered over PostgreSQL."""

import asyncio
import signal
from functools import partial

import pytest

from storage import database
from tests.http.test_steady import (
    stamp,
    test_a_column_of_a_network_counts_but_for_the_number_of_its_last_event,
    test_a_row_by_which_somebody_is_let_in_has_all_looked_up_again,
    test_a_row_that_goes_counts_and_so_does_one_that_goes_with_it,
    test_time_goes_on_for_what_is_remembered,
    test_what_is_written_of_other_things_has_nobody_looked_up_again,
    test_where_nothing_counts_what_changes_all_are_looked_up,
    test_who_is_removed_past_every_rule_is_out_at_her_next_page,
)
from tests.postgres.server import Server
from tests.world import World

pytestmark = pytest.mark.postgres

__all__ = [
    "test_a_column_of_a_network_counts_but_for_the_number_of_its_last_event",
    "test_a_row_by_which_somebody_is_let_in_has_all_looked_up_again",
    "test_a_row_that_goes_counts_and_so_does_one_that_goes_with_it",
    "test_time_goes_on_for_what_is_remembered",
    "test_what_is_written_of_other_things_has_nobody_looked_up_again",
    "test_where_nothing_counts_what_changes_all_are_looked_up",
    "test_who_is_removed_past_every_rule_is_out_at_her_next_page",
]


async def test_a_server_that_has_been_away_counts_anew(server: Server, world: World) -> None:
    """It may have lost what it counted, and count something else by the same number."""
    before = await stamp()
    await asyncio.to_thread(server.restart, signal.SIGINT)
    # The connection may fail once before it is known to be gone.
    await database.stamp()
    after = await stamp()
    assert str(before.standing).split()[1] == str(after.standing).split()[1]
    assert before.standing != after.standing


async def test_however_many_rows_change_in_a_write_it_counts_once(world: World) -> None:
    """Each time would write the row anew, pass by all that it wrote before, and hold up others."""
    sql = "UPDATE person SET title = :title RETURNING id"
    count = "SELECT value FROM epoch WHERE name = 'standing'"
    for number in (1, 2):
        [before] = await database.read(count, {})
        assert len(await database.write(partial(database.read, sql, {"title": str(number)}))) > 3
        [after] = await database.read(count, {})
        assert after["value"] == before["value"] + 1
