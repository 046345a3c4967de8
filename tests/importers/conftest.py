"""What the tests of importers share."""

import datetime
from pathlib import Path

import pytest

from casetracker.importers.demonstration import files


@pytest.fixture(scope="session")
def today(day_of_loading: datetime.date) -> datetime.date:
    """The day on which the cases of `loaded` were loaded."""
    return day_of_loading


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files, to be changed by a test."""
    for path in files():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path
