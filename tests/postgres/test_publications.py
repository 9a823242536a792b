"""Publishing, on PostgreSQL."""

import pytest

from tests.http.test_publications import *  # noqa: F403

pytestmark = pytest.mark.postgres
