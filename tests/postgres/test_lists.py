"""Lists of threads and what is unread in them, on PostgreSQL."""

import pytest

from tests.http.test_lists import *  # noqa: F403

pytestmark = pytest.mark.postgres
