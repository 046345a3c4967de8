"""Queries put together once: the same rows as the queryset, for each value of their slots."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import factories
import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import QuerySet, Value
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from casetracker.dates import UncertainDate
from casetracker.models import Event
from casetracker.models.lookups import as_array
from casetracker.models.prepared import Prepared, Slot

pytestmark = pytest.mark.django_db


def of_case() -> QuerySet[Event, Any]:
    return Event.objects.filter(case=Slot("case")).order_by("pk").annotate(two=Value(2)).values("title", "date", "two")


def among() -> QuerySet[Event, Any]:
    return Event.objects.filter(pk__among=Slot.of_keys("keys")).order_by("-pk").values("pk")


def test_prepared_query_finds_what_the_queryset_finds_for_each_value() -> None:
    first = factories.EventFactory(title="Complaint", date="2025-03")
    other = factories.EventFactory(title="Answer", date="2025-04-07")
    prepared = Prepared(of_case)
    assert list(prepared.rows(case=first.case_id)) == [
        {"title": "Complaint", "date": UncertainDate.on(2025, 3), "two": 2}
    ]
    assert list(prepared.rows(case=other.case_id)) == [
        {"title": "Answer", "date": UncertainDate.on(2025, 4, 7), "two": 2}
    ]
    assert list(prepared.rows(case=0)) == []


def test_prepared_query_takes_many_keys_as_one_value() -> None:
    keys = [factories.EventFactory().pk for _ in range(3)]
    prepared = Prepared(among)
    assert [row["pk"] for row in prepared.rows(keys=as_array(keys[:2]))] == [keys[1], keys[0]]
    assert list(prepared.rows(keys=as_array([]))) == []


def test_prepared_query_is_put_together_once_and_asked_each_time(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    built = []

    def build() -> QuerySet[Event, Any]:
        built.append(True)
        return of_case()

    prepared = Prepared(build)
    with django_assert_num_queries(2):
        list(prepared.rows(case=1))
        list(prepared.rows(case=2))
    assert len(built) == 1


def test_value_that_is_not_told_is_an_error() -> None:
    with pytest.raises(KeyError, match="case"):
        list(Prepared(of_case).rows(keys=1))


def test_sign_of_per_cent_in_a_fixed_value_stays_one() -> None:
    event = factories.EventFactory(title="100% granted")
    factories.EventFactory(title="100 granted", case=event.case)
    prepared = Prepared(lambda: Event.objects.filter(case=Slot("case"), title__contains="0% g").values("title"))
    assert list(prepared.rows(case=event.case_id)) == [{"title": "100% granted"}]


@pytest.mark.django_db(transaction=True)
def test_statement_is_planned_once_for_a_connection() -> None:
    prepared = Prepared(of_case)
    for case in (1, 2, 70_000):
        list(prepared.rows(case=case))
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements")
        ((statement, generic, custom),) = [row for row in cursor.fetchall() if 'AS "two"' in row[0]]
    assert "$1" in statement
    assert "$2" not in statement
    assert (generic, custom) == (2, 0)


def test_log_of_queries_has_the_statement_each_time() -> None:
    prepared = Prepared(of_case)
    with CaptureQueriesContext(connection) as captured:
        for case in range(4):
            list(prepared.rows(case=case))
    first, *others = [query["sql"] for query in captured.captured_queries]
    assert '"casetracker_event"."case_id" = ($1)' in first
    assert others == [first] * 3


@pytest.mark.django_db(transaction=True)
def test_column_of_another_type_is_read_after_a_change_below_a_running_site() -> None:
    prepared = Prepared(lambda: ContentType.objects.filter(pk=Slot("key")).values("model"))
    key = ContentType.objects.get_for_model(Event).pk

    def alter(length: int) -> None:
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute(f"ALTER TABLE django_content_type ALTER COLUMN model TYPE varchar({length})")

    try:
        for _ in range(3):
            assert list(prepared.rows(key=key)) == [{"model": "event"}]
        alter(101)
        assert list(prepared.rows(key=key)) == [{"model": "event"}]
    finally:
        alter(100)


@pytest.mark.django_db(transaction=True)
def test_prepared_query_is_asked_by_several_threads_each_on_its_own_connection() -> None:
    events = [factories.EventFactory(title=f"Entry {number}") for number in range(4)]
    prepared = Prepared(of_case)

    def titles(event: Event) -> list[str]:
        try:
            return [row["title"] for row in prepared.rows(case=event.case_id)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(titles, events)) == [["Entry 0"], ["Entry 1"], ["Entry 2"], ["Entry 3"]]
