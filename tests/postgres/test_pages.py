"""Some of each other page, on PostgreSQL: login, questions, networks, kept forms, events."""

import pytest

from tests.http.test_events import (
    test_events_are_numbered_without_a_gap_in_the_order_of_commits,
    test_listeners_are_told_after_the_commit_and_not_before,
    test_of_what_was_rolled_back_nothing_is_kept_and_nobody_is_told,
)
from tests.http.test_kept_forms import (
    test_a_reply_is_there_after_logging_in_and_can_be_sent_to_its_place,
)
from tests.http.test_login import (
    test_logging_out_everywhere_ends_all_of_hers_and_nobody_elses,
    test_she_logs_in_by_name_or_address_in_any_case,
)
from tests.http.test_networks import (
    test_a_network_is_archived_and_brought_back,
    test_an_operator_creates_a_network_with_a_coordinator_and_does_not_get_in,
)
from tests.http.test_threads import (
    test_a_form_sent_many_times_at_once_makes_one_thread,
    test_a_member_starts_a_thread_and_reads_it,
    test_a_notice_is_on_top_through_its_last_day_and_in_the_lists_for_ever,
)

pytestmark = pytest.mark.postgres

__all__ = [
    "test_a_form_sent_many_times_at_once_makes_one_thread",
    "test_a_member_starts_a_thread_and_reads_it",
    "test_a_network_is_archived_and_brought_back",
    "test_a_notice_is_on_top_through_its_last_day_and_in_the_lists_for_ever",
    "test_a_reply_is_there_after_logging_in_and_can_be_sent_to_its_place",
    "test_an_operator_creates_a_network_with_a_coordinator_and_does_not_get_in",
    "test_events_are_numbered_without_a_gap_in_the_order_of_commits",
    "test_listeners_are_told_after_the_commit_and_not_before",
    "test_logging_out_everywhere_ends_all_of_hers_and_nobody_elses",
    "test_of_what_was_rolled_back_nothing_is_kept_and_nobody_is_told",
    "test_she_logs_in_by_name_or_address_in_any_case",
]
