"""What is wanted, on PostgreSQL."""

import pytest

from tests.http.test_wanted import *  # noqa: F403

pytestmark = pytest.mark.postgres
