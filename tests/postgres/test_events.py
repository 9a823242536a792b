"""Who may be told of what, on PostgreSQL."""

import pytest

from tests.http.test_events import *  # noqa: F403

pytestmark = pytest.mark.postgres
