"""What the tests of importers share."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from casetracker.importers import courts, demonstration
from casetracker.importers.demonstration import files

TODAY = datetime.date(2026, 11, 24)


@pytest.fixture(scope="session")
def today() -> datetime.date:
    """The day on which the cases of `loaded` were loaded."""
    return TODAY


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Courts and all cases, loaded once for a module; each test undoes its own changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        courts.load()
        demonstration.load(today=TODAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files, to be changed by a test."""
    for path in files():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path
