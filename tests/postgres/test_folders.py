"""Folders and what is put into them, on PostgreSQL."""

import pytest

from tests.http.test_folders import *  # noqa: F403

pytestmark = pytest.mark.postgres
