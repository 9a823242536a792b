"""Asking every municipality, on PostgreSQL."""

import pytest

from tests.http.test_asking import *  # noqa: F403

pytestmark = pytest.mark.postgres
