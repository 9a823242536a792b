"""Changing posts, on PostgreSQL."""

import pytest

from tests.http.test_revisions import *  # noqa: F403

pytestmark = pytest.mark.postgres
