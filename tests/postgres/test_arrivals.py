"""Files sent piece by piece, on PostgreSQL."""

import pytest

from tests.http.test_arrivals import *  # noqa: F403

pytestmark = pytest.mark.postgres
