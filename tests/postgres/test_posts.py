"""Changing, hiding, moving and removing posts, on PostgreSQL."""

import pytest

from tests.http.test_erasures import *  # noqa: F403
from tests.http.test_hiding import *  # noqa: F403
from tests.http.test_moderation import *  # noqa: F403
from tests.http.test_revisions import *  # noqa: F403

pytestmark = pytest.mark.postgres
