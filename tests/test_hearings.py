"""Which entries stand in which month of the calendar, and under which day."""

import datetime
from typing import Any

import pytest
from factories import STATES, CaseFactory, CourtFactory, EventFactory

from casetracker import hearings, timeline
from casetracker.dates import parse
from casetracker.models import Event, Happening, Kind

pytestmark = pytest.mark.django_db

APRIL, MAY = datetime.date(2025, 4, 1), datetime.date(2025, 5, 1)


def hearing(date: str, **fields: Any) -> Event:
    row: Event = EventFactory(**{"kind": Kind.HEARING, "date": parse(date), "title": date, "published": True, **fields})
    return row


def titles(events: Any) -> list[str]:
    return [event.title for event in events]


def test_month_holds_the_hearings_of_its_days_in_order() -> None:
    for date in ("30 April 2025", "1 April 2025", "31 March 2025", "1 May 2025", "April 2025", "April 2024"):
        hearing(date)
    assert titles(hearings.of_month(APRIL)) == ["April 2025", "1 April 2025", "30 April 2025"]


def test_whatever_is_or_was_set_for_a_day_is_on_the_calendar_and_what_happened_otherwise_is_not() -> None:
    for happening in (Happening.SCHEDULED, Happening.CANCELLED, Happening.POSTPONED):
        hearing("2 April 2025", kind=Kind.FILING, happening=happening, title=happening)
    hearing("3 April 2025", kind=Kind.FILING, title="filed")
    hearing("4 April 2025", title="heard")
    assert titles(hearings.of_month(APRIL)) == ["scheduled", "cancelled", "postponed", "heard"]


def test_sitting_of_several_days_stands_in_each_month_that_it_reaches() -> None:
    hearing("30 April 2025 – 2 June 2025")
    for month, count in (("2025-03", 0), ("2025-04", 1), ("2025-05", 1), ("2025-06", 1), ("2025-07", 0)):
        assert hearings.of_month(datetime.date.fromisoformat(f"{month}-01")).count() == count


@pytest.mark.parametrize(
    "date", ["2025", "April 2025", "between 15 April and 20 May 2025", "after 30 April 2025", "before 1 April 2025"]
)
def test_vaguer_date_stands_in_the_month_of_its_beginning_alone(date: str) -> None:
    hearing(date)
    months = [datetime.date(year, month, 1) for year in (2024, 2025, 2026) for month in range(1, 13)]
    found = [month for month in months if hearings.of_month(month).exists()]
    assert found == [parse(date).sort_date.replace(day=1)]


@pytest.mark.parametrize("state", [state for state in STATES if state != "published"])
def test_what_is_not_public_is_on_no_calendar(state: str) -> None:
    hearing("4 April 2025", published=False, **{state: True})
    hearing(
        "4 March 2025", published=False, happening=Happening.POSTPONED, postponed_to=parse("5 April 2025"), **{state: 1}
    )
    assert not hearings.of_month(APRIL).exists()
    assert not hearings.postponed_into(APRIL).exists()
    assert hearings.months_beside(MAY) == (None, None)


def test_months_beside_are_the_nearest_with_something() -> None:
    for date in ("1803", "4 April 2025", "30 April 2025", "2 September 2026"):
        hearing(date)
    january = datetime.date(1803, 1, 1)
    assert hearings.months_beside(MAY) == (APRIL, datetime.date(2026, 9, 1))
    assert hearings.months_beside(APRIL) == (january, datetime.date(2026, 9, 1))
    assert hearings.months_beside(january) == (None, APRIL)


# --- what was postponed ---------------------------------------------------------------------------------------------


def postponed(to: str, **fields: Any) -> Event:
    return hearing(
        "4 April 2025", happening=Happening.POSTPONED, postponed_to=parse(to), title=f"postponed to {to}", **fields
    )


def test_postponed_hearing_is_told_of_in_its_new_month_while_that_has_no_entry_for_it() -> None:
    case, court = CaseFactory(published=True), CourtFactory()
    postponed("20 May 2025", case=case, court=court)
    postponed("May 2025")
    assert titles(hearings.of_month(APRIL)) == ["postponed to 20 May 2025", "postponed to May 2025"]
    assert titles(hearings.postponed_into(MAY)) == ["postponed to May 2025", "postponed to 20 May 2025"]
    hearing("20 May 2025", case=case, court=court, happening=Happening.SCHEDULED)
    assert titles(hearings.postponed_into(MAY)) == ["postponed to May 2025"]


def test_an_entry_of_another_case_court_or_day_does_not_stand_for_the_new_day() -> None:
    case, court = CaseFactory(published=True), CourtFactory()
    postponed("20 May 2025", case=case, court=court)
    hearing("20 May 2025", case=case, court=CourtFactory())
    hearing("20 May 2025", court=court)
    hearing("21 May 2025", case=case, court=court)
    hearing("20 May 2025", case=case, court=court, happening=Happening.CANCELLED)
    hearing("20 May 2025", case=case, court=court, published=False, in_review=True)
    assert titles(hearings.postponed_into(MAY)) == ["postponed to 20 May 2025"]


# --- under which day ------------------------------------------------------------------------------------------------


def days(month: datetime.date, today: datetime.date = APRIL) -> list[hearings.Day]:
    return hearings.by_day(timeline.entries(hearings.of_month(month)), today)


def test_hearings_stand_under_their_day_with_its_weekday_or_under_what_is_known_of_it() -> None:
    for date in ("April 2025", "4 April 2025", "4 April 2025", "9–11 April 2025", "about 20 April 2025"):
        hearing(date)
    assert [(day.words, day.iso, len(day.sittings)) for day in days(APRIL)] == [
        ("April 2025", "2025-04", 1),
        ("Friday 4 April 2025", "2025-04-04", 2),
        ("9–11 April 2025", "2025-04-09", 1),
        ("about 20 April 2025", "2025-04-20", 1),
    ]


@pytest.mark.parametrize(
    ("date", "happening", "today", "is_overdue"),
    [
        ("4 April 2025", Happening.SCHEDULED, "2025-04-05", False),  # somewhere it is still the 4th
        ("4 April 2025", Happening.SCHEDULED, "2025-04-06", True),
        ("4–8 April 2025", Happening.SCHEDULED, "2025-04-08", False),
        ("April 2025", Happening.SCHEDULED, "2025-04-30", False),
        ("after 3 April 2025", Happening.SCHEDULED, "2025-06-30", False),
        ("4 April 2025", Happening.HELD, "2025-05-01", False),
        ("4 April 2025", Happening.CANCELLED, "2025-05-01", False),
    ],
)
def test_what_was_set_for_a_day_that_has_passed_is_overdue(
    date: str, happening: str, today: str, is_overdue: bool
) -> None:
    hearing(date, happening=happening)
    ((sitting,),) = [day.sittings for day in days(APRIL, datetime.date.fromisoformat(today))]
    assert sitting.is_overdue is is_overdue
