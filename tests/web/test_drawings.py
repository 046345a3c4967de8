"""The drawings of a case: where its entries stand by court and month, and how its proceedings came from one another."""

import datetime

import pytest
from django.test import Client
from factories import CaseFactory, CourtFactory, EventFactory, ProceedingFactory, RulingFactory, TransferFactory
from pages import fetch, words

from casetracker.models import Case, Event, TransferKind
from casetracker.overview import OUTSIDE, Cell, Lane, Month, Overview, overview
from casetracker.proceedings import proceedings_of
from casetracker.web.chain import chain
from casetracker.web.drawings import MOST_COLUMNS, Strip, strips
from casetracker.windows import Period


def shape(*days: datetime.date) -> Overview:
    months = [Month(day, {"mdd": Cell(1, 0)}) for day in days]
    return Overview([Lane("mdd", "D. Md.", "trial", len(days))], months, [("filing", "Filing", len(days))])


def strip(drawn: Overview, period: Period | None = None) -> Strip | None:
    """The only one of a case that is not long, if it has one."""
    found = strips(drawn, period)
    assert len(found) < 2
    return found[0] if found else None


def test_strip_has_a_column_for_each_month_and_a_break_where_months_are_missing() -> None:
    drawn = strip(shape(datetime.date(2025, 3, 1), datetime.date(2025, 4, 1), datetime.date(2025, 9, 1)))
    assert drawn is not None
    assert [column.title for column in drawn.columns] == [
        "March 2025: 1 entry",
        "April 2025: 1 entry",
        "September 2025: 1 entry",
    ]
    assert [column.at for column in drawn.columns] == ["2025-03", "2025-04", "2025-09"]
    assert len(drawn.breaks) == 1
    assert drawn.columns[1].x < drawn.breaks[0] < drawn.columns[2].x


def test_strip_marks_the_columns_of_the_part_that_is_shown() -> None:
    whole = shape(datetime.date(2025, 3, 1), datetime.date(2025, 4, 1), datetime.date(2025, 9, 1))
    drawn = strip(whole, Period(datetime.date(2025, 4, 3), datetime.date(2025, 9, 1), 2))
    assert drawn is not None
    assert [column.shown for column in drawn.columns] == [False, True, True]


def test_strip_of_one_month_is_not_drawn() -> None:
    assert strip(shape(datetime.date(2025, 3, 1))) is None


def long_case() -> Overview:
    return shape(*(datetime.date(1900 + place // 12, place % 12 + 1, 1) for place in range(MOST_COLUMNS + 12)))


def test_strip_of_many_months_is_drawn_by_the_year() -> None:
    (drawn,) = strips(long_case())
    assert drawn.by_year
    assert [column.title for column in drawn.columns][:2] == ["1900: 12 entries", "1901: 12 entries"]
    assert [column.at for column in drawn.columns][:2] == ["1900", "1901"]


def test_beneath_a_strip_of_years_are_the_months_of_the_years_that_are_shown() -> None:
    years, months = strips(long_case(), Period(datetime.date(1901, 11, 20), datetime.date(1902, 1, 3), 3))
    assert [column.at for column in years.columns if column.shown] == ["1901", "1902"]
    assert not months.by_year
    assert [column.at for column in months.columns] == [
        f"{year}-{month:02}" for year in (1901, 1902) for month in range(1, 13)
    ]
    assert [column.at for column in months.columns if column.shown] == ["1901-11", "1901-12", "1902-01"]


def test_the_months_beneath_a_strip_of_years_are_no_more_than_a_strip_holds() -> None:
    _, months = strips(long_case(), Period(datetime.date(1900, 1, 1), datetime.date(1905, 12, 31), 72))
    assert len(months.columns) == MOST_COLUMNS


@pytest.mark.django_db
def test_overview_counts_public_entries_by_court_and_month() -> None:
    case = CaseFactory(published=True)
    court = CourtFactory(short_name="D. Md.")
    EventFactory(case=case, court=court, kind="filing", date="2025-04-02", published=True)
    RulingFactory(case=case, court=court, date="2025-04-04", published=True)
    EventFactory(case=case, court=None, kind="event", date="2025-05-01", published=True)
    EventFactory(case=case, court=court, kind="filing", date="2025-06-01")
    found = overview(Event.objects.public().filter(case=case))
    assert [(lane.name, lane.count) for lane in found.lanes] == [("D. Md.", 2), ("Outside court", 1)]
    assert [(month.first_day.isoformat(), month.count) for month in found.months] == [
        ("2025-04-01", 2),
        ("2025-05-01", 1),
    ]
    assert found.months[0].cells[court.pk] == Cell(2, 1)
    assert (found.count, found.rulings, found.court_count) == (3, 1, 1)


@pytest.mark.django_db
def test_courts_are_named_in_their_order_with_their_entries_and_outside_court_last() -> None:
    case = CaseFactory(published=True)
    second, first = CourtFactory(short_name="B", display_order=2), CourtFactory(short_name="Z", display_order=1)
    for court in (second, first, second, None):
        EventFactory(case=case, court=court, kind="filing" if court else "event", published=True)
    EventFactory(case=case, court=CourtFactory(short_name="Hidden"))
    events = Event.objects.public().filter(case=case)
    assert [(lane.key, lane.name, lane.count) for lane in overview(events).lanes] == [
        (first.pk, "Z", 1),
        (second.pk, "B", 2),
        (OUTSIDE, "Outside court", 1),
    ]


@pytest.mark.django_db
def test_chain_joins_proceedings_and_draws_what_is_not_recorded_here() -> None:
    case: Case = CaseFactory(published=True)
    trial = ProceedingFactory(case=case, court=CourtFactory(level="trial"))
    above = ProceedingFactory(case=case, court=CourtFactory(level="appellate"))
    elsewhere = CourtFactory(level="supreme", short_name="Highest")
    TransferFactory(kind=TransferKind.APPEAL, origin=trial, destination=above)
    TransferFactory(
        kind=TransferKind.RELATED,
        origin=above,
        destination=None,
        destination_court=elsewhere,
        destination_number="24A1",
    )
    drawn = chain(proceedings_of(case))
    assert drawn is not None
    boxes = {box.court: box for box in drawn.boxes}
    assert boxes["Highest"].y < boxes[above.court.short_name].y < boxes[trial.court.short_name].y
    assert boxes["Highest"].anchor == ""
    assert boxes["Highest"].number == "24A1"
    assert boxes[trial.court.short_name].anchor == f"proceeding-{trial.pk}"
    assert [arrow.is_related for arrow in drawn.arrows] == [False, True]


@pytest.mark.django_db
def test_chain_of_one_proceeding_is_not_drawn() -> None:
    case = CaseFactory(published=True)
    ProceedingFactory(case=case)
    assert chain(proceedings_of(case)) is None


@pytest.mark.django_db
def test_chain_that_may_be_wider_than_the_page_says_that_it_goes_on(client: Client) -> None:
    case: Case = CaseFactory(published=True)
    trial = ProceedingFactory(case=case, court=CourtFactory(level="trial"))
    for _ in range(3):
        above = ProceedingFactory(case=case, court=CourtFactory(level="appellate"))
        TransferFactory(kind=TransferKind.APPEAL, origin=trial, destination=above)
    drawn = chain(proceedings_of(case))
    assert drawn is not None
    assert drawn.columns == 3
    page = fetch(client, case.get_absolute_url())
    assert "columns-3" in page.one("figure", cls="chain").attrib["class"]
    assert "scroll it sideways" in words(page.one("figcaption", cls="sideways"))
