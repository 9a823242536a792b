"""What is new, on PostgreSQL."""

import pytest

from tests.http.test_unread import *  # noqa: F403

pytestmark = pytest.mark.postgres
