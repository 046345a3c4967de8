"""The lookup `among` finds what `in` finds."""

import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import CaseFactory, CourtFactory, ProceedingFactory

from casetracker.models import Case, Court, Proceeding

pytestmark = pytest.mark.django_db


def test_among_keys_finds_those_and_no_others() -> None:
    first, second, _ = (CaseFactory() for _ in range(3))
    wanted = [first.pk, second.pk, 999_999_999_999]
    assert set(Case.objects.filter(pk__among=wanted)) == {first, second} == set(Case.objects.filter(pk__in=wanted))


def test_among_no_keys_finds_nothing() -> None:
    CaseFactory()
    assert not Case.objects.filter(pk__among=[]).exists()


def test_not_among_keys_finds_the_others() -> None:
    first, second = CaseFactory(), CaseFactory()
    assert list(Case.objects.exclude(pk__among=[first.pk])) == [second]


def test_among_takes_thousands_of_keys_as_one_value() -> None:
    case = CaseFactory()
    with CaptureQueriesContext(connection) as captured:
        assert list(Case.objects.filter(pk__among=range(case.pk, case.pk + 20_000))) == [case]
    assert captured.captured_queries[0]["sql"].count("ANY(") == 1


def test_among_a_subquery_finds_what_points_at_its_rows() -> None:
    there, elsewhere = CourtFactory(), CourtFactory()
    proceeding = ProceedingFactory(court=there)
    ProceedingFactory(court=elsewhere)
    courts = ArraySubquery(Court.objects.filter(pk=there.pk).values("pk"))
    assert list(Proceeding.objects.filter(court__among=courts)) == [proceeding]
    none = ArraySubquery(Court.objects.none().values("pk"))
    assert not Proceeding.objects.filter(court__among=none).exists()


def test_among_refuses_what_is_no_whole_number() -> None:
    with pytest.raises((TypeError, ValueError)):
        Case.objects.filter(pk__among=["1); DROP TABLE casetracker_case; --"])
