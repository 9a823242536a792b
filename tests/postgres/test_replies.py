"""Answering, quoting and marking what helped, on PostgreSQL."""

import pytest

from tests.http.test_replies import *  # noqa: F403

pytestmark = pytest.mark.postgres
