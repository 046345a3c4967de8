"""What the tests of acts on entries share."""

import factories as make
import pytest


@pytest.fixture
def dispute() -> make.Dispute:
    return make.two_court_dispute()
