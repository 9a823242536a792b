"""Jobs, on PostgreSQL."""

import pytest

from tests.unit.test_worker import *  # noqa: F403

pytestmark = pytest.mark.postgres
