"""What the tests of the public pages share."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import Dispute, two_court_dispute


@pytest.fixture
def dispute(db: None) -> Dispute:
    """Two courts, six entries in April 2025, all of it public."""
    return two_court_dispute()


@pytest.fixture
def count_queries(client: Client, db: None) -> Callable[[str], int]:
    """How many queries the page at an address takes; it must answer 200."""

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    return count
