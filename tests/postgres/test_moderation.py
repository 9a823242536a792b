"""Pinning, closing, moving and splitting, on PostgreSQL."""

import pytest

from tests.http.test_moderation import *  # noqa: F403

pytestmark = pytest.mark.postgres
