"""Following, on PostgreSQL."""

import pytest

from tests.http.test_follows import *  # noqa: F403

pytestmark = pytest.mark.postgres
