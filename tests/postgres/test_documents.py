"""Documents by their verbs, on PostgreSQL."""

import pytest

from tests.http.test_documents import *  # noqa: F403

pytestmark = pytest.mark.postgres
