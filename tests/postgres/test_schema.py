"""The schema of PostgreSQL, held to the same as SQLite's."""

import pytest

from tests.unit.test_schema import (
    test_no_key_that_holds_a_network_ever_nulls_it,
    test_parents_are_unique_with_their_network,
    test_setting_up_again_does_nothing,
    test_the_database_refuses_a_row_that_crosses_networks,
    test_the_migrated_schema_is_what_the_models_and_the_keys_say,
)

pytestmark = pytest.mark.postgres

__all__ = [
    "test_no_key_that_holds_a_network_ever_nulls_it",
    "test_parents_are_unique_with_their_network",
    "test_setting_up_again_does_nothing",
    "test_the_database_refuses_a_row_that_crosses_networks",
    "test_the_migrated_schema_is_what_the_models_and_the_keys_say",
]
