"""What every page looks up, remembered over PostgreSQL."""

import pytest

from tests.http.test_steady import (
    test_a_column_of_a_network_counts_but_for_the_number_of_its_last_event,
    test_a_row_by_which_somebody_is_let_in_has_all_looked_up_again,
    test_a_session_that_goes_with_its_person_counts,
    test_time_goes_on_for_what_is_remembered,
    test_what_is_written_of_other_things_has_nobody_looked_up_again,
    test_who_is_removed_past_every_rule_is_out_at_her_next_page,
)

pytestmark = pytest.mark.postgres

__all__ = [
    "test_a_column_of_a_network_counts_but_for_the_number_of_its_last_event",
    "test_a_row_by_which_somebody_is_let_in_has_all_looked_up_again",
    "test_a_session_that_goes_with_its_person_counts",
    "test_time_goes_on_for_what_is_remembered",
    "test_what_is_written_of_other_things_has_nobody_looked_up_again",
    "test_who_is_removed_past_every_rule_is_out_at_her_next_page",
]
