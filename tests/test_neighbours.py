"""What stands before and after an entry."""

import datetime
import itertools
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import STATES, CaseFactory, EventFactory, publication_columns

from casetracker.dates import parse
from casetracker.models import Case, Event
from casetracker.neighbours import neighbours

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    row: Case = CaseFactory(published=True)
    return row


def made(case: Case, date: str, **fields: Any) -> Event:
    row: Event = EventFactory(case=case, date=parse(date), published=True, **fields)
    return Event.objects.select_related("case").get(pk=row.pk)


def beside(entry: Event) -> list[str]:
    return [link.url if link else "" for link in neighbours(entry)]


def test_neighbours_are_those_of_the_timeline_whatever_the_dates_are_like(case: Case) -> None:
    dates = ["2025", "April 2025", "before 4 April 2025", "between 4 and 6 April 2025", "after 4 April 2025"]
    places = itertools.cycle([2, 0, 1, 1])
    for date in [*dates, *["4 April 2025"] * 8, "3 April 2025", "9 May 2025"]:
        hours = [None, datetime.time(9), datetime.time(23, 59)]
        for hour in hours if date == "4 April 2025" else hours[:1]:
            made(case, date, time=hour, day_order=next(places))
    EventFactory(published=True)
    ordered = list(Event.objects.public().filter(case=case).in_order())
    assert len(ordered) == 31
    addresses = ["", *(entry.get_absolute_url() for entry in ordered), ""]
    assert [beside(entry) for entry in ordered] == [[a, b] for a, b in zip(addresses, addresses[2:], strict=False)]


def test_entry_alone_has_none(case: Case) -> None:
    assert neighbours(made(case, "4 April 2025")) == (None, None)


def test_neighbour_is_named_with_its_court_and_date(case: Case) -> None:
    made(case, "April 2025", title="Complaint")
    before, after = neighbours(made(case, "4 April 2025"))
    assert before is not None
    assert (before.title, before.date, before.court, before.accent) == ("Complaint", "April 2025", "", "outside")
    assert after is None


@pytest.mark.parametrize("state", [state for state in STATES if state != "published"])
def test_hidden_entries_are_passed_over_and_have_none_themselves(case: Case, state: str) -> None:
    first, last = made(case, "3 April 2025"), made(case, "5 April 2025")
    for date in ("2 April 2025", "3 April 2025", "4 April 2025", "5 April 2025"):
        hidden = EventFactory(case=case, date=parse(date), **{state: True})
        assert neighbours(Event.objects.get(pk=hidden.pk)) == (None, None)
    assert beside(first) == ["", last.get_absolute_url()]
    assert beside(last) == [first.get_absolute_url(), ""]


def test_it_reads_one_entry_on_either_side_however_many_there_are(case: Case) -> None:
    entry = made(case, "4 April 2025")
    for date in ("2 April 2025", "6 April 2025"):
        Event.objects.bulk_create(
            EventFactory.build(case=case, date=parse(date), **publication_columns()) for _ in range(100)
        )
    with CaptureQueriesContext(connection) as captured:
        assert all(beside(entry))
    assert len(captured) == 2
    with connection.cursor() as cursor:
        cursor.execute(captured[0]["sql"])
        assert len(cursor.fetchall()) == 3
