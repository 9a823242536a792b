"""Reading every file, on PostgreSQL."""

import pytest

from tests.unit.test_blob_check import *  # noqa: F403

pytestmark = pytest.mark.postgres
