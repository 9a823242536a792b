"""Thanks, on PostgreSQL."""

import pytest

from tests.http.test_thanks import *  # noqa: F403

pytestmark = pytest.mark.postgres
