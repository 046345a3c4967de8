"""The range that the database keeps beside a date answers the filters as Python would."""

import datetime

import pytest
from date_strategies import days, nearly_edtf, uncertain_dates
from django.db import connection
from factories import EventFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casetracker import search
from casetracker.dates import UncertainDate
from casetracker.models import Event

shares_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
bounds = st.none() | days(1790, 1830)


def overlaps(texts: list[str], after: datetime.date | None, before: datetime.date | None) -> list[bool | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT casetracker_date_span(t) && daterange(%s::date, %s::date, '[]')"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS given (t, n) ORDER BY n",
            [after, before, texts],
        )
        return [answer for (answer,) in cursor.fetchall()]


@given(st.lists(uncertain_dates(1795, 1825), min_size=20, max_size=100), bounds, bounds)
@shares_database
def test_the_range_of_a_date_meets_a_range_exactly_if_the_date_may_lie_in_it(
    db: None, values: list[UncertainDate], after: datetime.date | None, before: datetime.date | None
) -> None:
    if after is not None and before is not None and after > before:
        after, before = before, after
    expected = [value.may_lie_in(after, before) for value in values]
    assert overlaps([value.edtf for value in values], after, before) == expected


@given(st.lists(nearly_edtf(), min_size=20, max_size=100))
@shares_database
def test_text_that_is_no_date_has_no_range_and_raises_no_error(db: None, texts: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t, casetracker_date_span(t) IS NOT NULL, casetracker_date_valid(t)"
            " FROM unnest(%s::text[]) AS given (t)",
            [texts],
        )
        assert not [text for text, has_range, valid in cursor.fetchall() if valid and not has_range]
        # Ends that are out of order would make an empty range, which PostgreSQL refuses with an error of its own.
        cursor.execute("SELECT casetracker_date_span('2025-04-10/2025-04-01'), casetracker_date_span('[2026..2025]')")
        assert cursor.fetchone() == (None, None)


@pytest.mark.parametrize(
    ("after", "before", "found"),
    [
        ("1801-03-04", "1801-03-04", {"1801-03-04", "1801-03", "1801~", "[..1801-04]", "1801-03-03/1801-03-05"}),
        ("1802-01-01", None, {"[1801-12-31..]", "1802-01-01"}),
        (None, "1801-01-31", {"1801~", "[..1801-04]"}),
        ("1803-01-01", "1802-01-01", set()),
        (None, None, None),
    ],
)
def test_the_filter_finds_what_may_lie_in_the_range(
    db: None, after: str | None, before: str | None, found: set[str] | None
) -> None:
    dates = {
        "1801-03-04", "1801-03", "1801~", "[..1801-04]", "1801-03-03/1801-03-05", "[1801-12-31..]", "1802-01-01",
    }  # fmt: skip
    for date in dates:
        EventFactory(date=UncertainDate.from_edtf(date))
    ends = [datetime.date.fromisoformat(end) if end else None for end in (after, before)]
    answer = Event.objects.filter(search.in_range(*ends)).values_list("date", flat=True)
    assert {date.edtf for date in answer if date} == (dates if found is None else found)
