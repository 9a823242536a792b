"""Bytes that are kept, on PostgreSQL."""

import pytest

from tests.unit.test_blobs import *  # noqa: F403

pytestmark = pytest.mark.postgres
