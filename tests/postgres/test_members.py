"""Members, and how many municipalities they cover, on PostgreSQL."""

import pytest

from tests.http.test_members import *  # noqa: F403

pytestmark = pytest.mark.postgres
