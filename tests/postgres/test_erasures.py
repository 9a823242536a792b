"""Removing for good, on PostgreSQL."""

import pytest

from tests.http.test_erasures import *  # noqa: F403

pytestmark = pytest.mark.postgres
