"""Where the parts of a long timeline begin and end, and how one leads to the next."""

import datetime
import itertools
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import CaseFactory, EventFactory, RulingFactory, TreatmentFactory
from hypothesis import given
from hypothesis import strategies as st

from casetracker import windows
from casetracker.dates import parse
from casetracker.models import Case, Event
from casetracker.windows import Period, Target, Window

DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(1994, 12, 31))


def shown(window: Window) -> list[str]:
    return [entry.id for entry in window.entries]


def part(*, at: str = "", **asked: Any) -> Window:
    """A part of the timeline of everything public, in parts of three unless told otherwise."""
    events = Event.objects.public()
    day = datetime.date.fromisoformat(at) if at else None
    return windows.window(events, windows.by_month(events), at=day, **{"whole": 3, "size": 3, **asked})


def follow(target: Target, **asked: Any) -> Window:
    return part(at=target.at, around=target.around, **asked)


def made(case: Case, *dates: str) -> list[str]:
    """The identifiers of entries of these dates."""
    return [EventFactory(case=case, date=parse(date), published=True).public_id for date in dates]


@pytest.fixture
def case(db: None) -> Case:
    row: Case = CaseFactory(published=True)
    return row


@pytest.fixture
def seven(case: Case) -> list[str]:
    """The identifiers of an entry on each of the first seven days of April 2025."""
    return made(case, *(f"2025-04-{day:02}" for day in range(1, 8)))


# --- where the cuts lie ---------------------------------------------------------------------------------------------


@given(st.lists(DAYS, max_size=40), st.integers(1, 12))
def test_parts_are_as_many_months_as_fit_and_leave_nothing_out(days: list[datetime.date], size: int) -> None:
    counts = Counter(day.replace(day=1) for day in days)
    months = [windows.month(first, counts[first]) for first in sorted(counts)]
    found = windows.parts(months, size)
    assert sum(period.count for period in found) == len(days)
    for period in found:
        inside = [month for month in months if period.first <= month.first and month.last <= period.last]
        assert period.count == sum(month.count for month in inside)
        assert period.count <= size or len(inside) == 1
    for before, after in itertools.pairwise(found):
        assert before.last < after.first
        # Otherwise the first month of the second would have stood in the first.
        assert before.count + counts[after.first] > size


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2025-04-01", "2025-04-30", "April 2025"),
        ("2025-04-01", "2025-05-31", "April–May 2025"),
        ("2024-02-01", "2024-02-29", "February 2024"),
        ("2024-12-01", "2025-01-31", "December 2024 – January 2025"),
        ("2025-04-03", "2025-04-05", "3–5 April 2025"),
        ("2025-04-30", "2025-04-30", "30 April 2025"),
        ("2025-04-01", "2025-04-29", "1–29 April 2025"),
    ],
)
def test_a_period_says_its_months_or_its_days(first: str, last: str, says: str) -> None:
    assert Period(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last), 1).words == says


def test_months_are_counted_by_the_place_of_an_entry_on_the_timeline(case: Case) -> None:
    made(case, "2025-04-30", "before 1 May 2025", "April 2025", "2024", "after 30 April 2025")
    found = windows.by_month(Event.objects.public())
    assert [(period.first.isoformat(), period.last.isoformat(), period.count) for period in found] == [
        ("2024-01-01", "2024-01-31", 1),
        ("2025-04-01", "2025-04-30", 3),
        ("2025-05-01", "2025-05-31", 1),
    ]


# --- one part -------------------------------------------------------------------------------------------------------


def test_a_timeline_that_fits_stands_whole(seven: list[str]) -> None:
    window = part(whole=7, size=1)
    assert (shown(window), window.count, window.is_whole) == (seven, 7, True)
    assert part(whole=6).is_whole is False


def test_whole_months_stand_together_as_long_as_they_fit(case: Case) -> None:
    ids = made(case, "2025-01-05", "2025-03-01", "2025-03-31", "2025-04-01", "2025-06-30", "2025-08")
    first = part()
    assert (shown(first), first.count, first.previous) == (ids[:3], 6, None)
    assert first.period is not None
    assert first.period.words == "January–March 2025"
    assert first.next is not None
    assert (first.next.at, first.next.period.words) == ("2025-04-01", "April–August 2025")
    assert shown(follow(first.next)) == ids[3:]


def test_a_month_that_is_too_long_is_cut_by_days_and_a_day_is_not_cut_while_it_fits_a_page(case: Case) -> None:
    made(case, "2025-03-01")
    ids = made(case, "2025-04-01", *["2025-04-02"] * 5, "2025-04-03", "2025-04-04")
    made(case, "2025-05-01")
    first = part(at="2025-04-01", whole=5)
    assert shown(first) == ids[:1]
    assert first.next is not None
    day = follow(first.next, whole=5)
    assert shown(day) == ids[1:6]
    assert day.period is not None
    assert day.period.words == "2 April 2025"
    assert day.next is not None
    assert shown(follow(day.next, whole=5)) == ids[6:]


def test_a_day_that_is_too_long_for_a_page_is_cut_by_entries(case: Case) -> None:
    ids = made(case, "2025-04-01", *["2025-04-02"] * 8, "2025-04-03")
    assert shown(part(at="2025-04-02")) == ids[1:4]
    assert shown(part(at="2025-04-02", around=ids[8])) == ids[7:9]
    assert shown(part(at="2025-04-02", around="nowhere")) == ids[1:4]


@pytest.mark.parametrize(
    ("at", "first"),
    [("2025-01-01", 0), ("2025-02-01", 0), ("2025-02-02", 1), ("2025-05-05", 2), ("2025-07-01", 3), ("2031-01-01", 3)],
)
def test_a_day_lands_on_what_stands_there_or_next(case: Case, at: str, first: int) -> None:
    ids = made(case, "2025-02-01", "2025-02-07", "2025-05-07", "2025-06-02")
    for whole, size in ((10, 10), (1, 2), (1, 1)):
        window = part(at=at, whole=whole, size=size)
        assert window.landing == ids[first]
        assert ids[first] in shown(window)


def test_with_the_newest_first_it_begins_with_the_last_part_and_lands_on_what_stands_there_or_before(
    case: Case,
) -> None:
    ids = made(case, "2025-02-01", "2025-02-07", "2025-05-07", "2025-06-02")
    assert shown(part(newest_first=True, whole=1, size=2)) == [ids[3], ids[2]]
    assert part(newest_first=True, at="2025-02-06").landing == ids[0]
    assert part(newest_first=True, at="2025-02-28").landing == ids[1]


@pytest.mark.django_db
def test_nothing_is_an_empty_part() -> None:
    window = part()
    assert (window.entries, window.count, window.is_whole, window.period) == ([], 0, True, None)


# --- from part to part ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 9])
@pytest.mark.parametrize(
    "dates",
    [
        [f"2025-04-{day:02}" for day in range(1, 8)],
        ["2025-04-02"] * 9,
        ["2024-12-31", *["2025-04-02"] * 5, "2025-04-03", *["2025-04-04"] * 4, "2025-05", "2026", "2026-01-01"],
        ["1954", "1954-05-17", "before 1955", "between 2 and 9 January 1955", *["about 1956"] * 5, "after 1957"],
    ],
)
def test_walking_on_and_back_shows_every_entry_once(
    case: Case, dates: list[str], size: int, newest_first: bool
) -> None:
    made(case, *dates)
    wanted = list(Event.objects.public().in_order().values_list("public_id", flat=True))
    if newest_first:
        wanted.reverse()
    asked: dict[str, Any] = {"size": size, "whole": size, "newest_first": newest_first}
    window = part(**asked)
    assert window.previous is None
    walked = shown(window)
    while window.next:
        window = follow(window.next, **asked)
        assert len(window.entries) <= size
        walked += shown(window)
    assert walked == wanted
    back = shown(window)
    while window.previous:
        window = follow(window.previous, **asked)
        back = shown(window) + back
    assert back == wanted


def test_a_link_to_an_entry_of_another_part_leads_to_its_own_page(case: Case) -> None:
    order = RulingFactory(case=case, date=parse("2025-04-01"), published=True)
    act = RulingFactory(case=case, date=parse("2025-05-01"), published=True)
    TreatmentFactory(act=act, target=order)
    (line,) = part(whole=1, size=1).entries[0].later
    assert (line.other.title, line.other.same_page) == (act.title, "")


@pytest.mark.parametrize(("whole", "size", "most"), [(7, 7, 6), (6, 8, 6), (3, 3, 7), (1, 1, 7)])
def test_a_part_takes_the_same_few_queries_wherever_it_lies(seven: list[str], whole: int, size: int, most: int) -> None:
    for at in ("2025-04-01", "2025-04-05", "2030-01-01"):
        with CaptureQueriesContext(connection) as captured:
            part(at=at, whole=whole, size=size)
        assert len(captured) == most


def test_the_sizes_are_the_modules_unless_told(seven: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "WHOLE", 6)
    monkeypatch.setattr(windows, "SIZE", 2)
    events = Event.objects.public()
    assert shown(windows.window(events, windows.by_month(events))) == seven[:2]
    monkeypatch.setattr(windows, "WHOLE", 7)
    assert shown(windows.window(events, windows.by_month(events))) == seven
