"""Files of posts, on PostgreSQL."""

import pytest

from tests.http.test_attachments import *  # noqa: F403

pytestmark = pytest.mark.postgres
