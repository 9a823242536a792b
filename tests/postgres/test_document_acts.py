"""What is done with documents by their pages, on PostgreSQL."""

import pytest

from tests.http.test_document_acts import *  # noqa: F403

pytestmark = pytest.mark.postgres
