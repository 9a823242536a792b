"""Profiles and members’ pages, on PostgreSQL."""

import pytest

from tests.http.test_profile import *  # noqa: F403

pytestmark = pytest.mark.postgres
