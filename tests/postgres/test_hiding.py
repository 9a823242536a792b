"""Hiding posts, on PostgreSQL."""

import pytest

from tests.http.test_hiding import *  # noqa: F403

pytestmark = pytest.mark.postgres
