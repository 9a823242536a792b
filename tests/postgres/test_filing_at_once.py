"""Two who do things with documents at once, on PostgreSQL, where both get to the rows."""

import pytest

from tests.http.test_filing_at_once import *  # noqa: F403

pytestmark = pytest.mark.postgres
