"""How often something may be tried: so many times at once, one more each while, and never more by asking at once."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from casetracker.accounts import throttle
from casetracker.accounts.models import Allowance
from casetracker.accounts.throttle import Limit, give_back, take

THREE = Limit("three", 3, datetime.timedelta(minutes=1))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let time pass for what is counted."""
    passed = datetime.timedelta()
    now = timezone.now

    def wait(**time: float) -> None:
        nonlocal passed
        passed += datetime.timedelta(**time)

    monkeypatch.setattr(throttle, "timezone", SimpleNamespace(now=lambda: now() + passed))
    return wait


@pytest.mark.django_db
def test_so_many_tries_and_then_a_wait_that_is_told() -> None:
    assert [take(THREE, "ann") for _ in range(3)] == [0, 0, 0]
    assert 55 <= take(THREE, "ann") <= 60


@pytest.mark.django_db
def test_one_try_comes_back_each_while_and_all_of_them_in_the_end(later: Any) -> None:
    for _ in range(3):
        take(THREE, "ann")
    later(seconds=61)
    assert take(THREE, "ann") == 0
    assert take(THREE, "ann") > 0
    later(hours=1)
    assert [take(THREE, "ann") for _ in range(3)] == [0, 0, 0]
    assert take(THREE, "ann") > 0


@pytest.mark.django_db
def test_refused_try_makes_the_wait_no_longer(later: Any) -> None:
    for _ in range(50):
        take(THREE, "ann")
    later(seconds=61)
    assert take(THREE, "ann") == 0


@pytest.mark.django_db
def test_each_is_counted_alone_and_for_each_limit_alone() -> None:
    for _ in range(4):
        take(THREE, "ann")
    assert take(THREE, "bob") == 0
    assert take(Limit("other", 3, datetime.timedelta(minutes=1)), "ann") == 0


@pytest.mark.django_db
def test_right_answer_gives_all_tries_back() -> None:
    for _ in range(4):
        take(THREE, "ann")
    give_back(THREE, "ann")
    assert take(THREE, "ann") == 0


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["", "\x00", "a" * 100_000, "\u202e", "' OR 1=1"])
def test_any_text_is_counted_and_none_is_kept(subject: str) -> None:
    assert take(THREE, subject) == 0
    (row,) = Allowance.objects.all()
    assert len(row.pk) == 64
    assert subject not in row.pk or not subject


@pytest.mark.django_db
def test_what_is_whole_again_is_swept_away(later: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    take(THREE, "ann")
    later(hours=1)
    monkeypatch.setattr(throttle.random, "random", lambda: 0.0)
    take(THREE, "bob")
    assert Allowance.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_than_the_limit() -> None:
    def one(_: int) -> int:
        try:
            return take(THREE, "ann")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(one, range(24)))
    assert waits.count(0) == 3
