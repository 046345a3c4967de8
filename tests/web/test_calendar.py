"""The calendar of hearings."""

import datetime
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from django.utils import timezone
from factories import CaseFactory, CourtFactory, EventFactory
from pages import Page, fetch, has_class, words

from casetracker.dates import UncertainDate, parse
from casetracker.models import Event, Happening, Kind
from casetracker.web.views import hearings as view

pytestmark = pytest.mark.django_db


def hearing(date: str, **fields: Any) -> Event:
    row: Event = EventFactory(
        **{"kind": Kind.HEARING, "date": parse(date), "title": f"Hearing of {date}", "published": True, **fields}
    )
    return row


def listed(page: Page) -> dict[str, list[str]]:
    """What stands under each day."""
    return {
        words(day.find("h3")): [words(item) for item in day.iter("li") if has_class(item, "sitting")]
        for box in page.all("ol", cls="days")
        for day in box
    }


def months(page: Page) -> dict[str, str]:
    (bar,) = page.all("nav", aria_label="Months")
    return {link.get("rel", "this"): link.attrib["href"] for link in bar.iter("a")}


def test_month_is_a_list_of_days_each_with_hour_court_case_and_what_became_of_it(client: Client) -> None:
    court = CourtFactory(short_name="D. Md.")
    row = hearing("4 April 2025", court=court, time=datetime.time(14, 30), title="Hearing on the motion")
    hearing("4 April 2025", happening=Happening.CANCELLED, title="Conference", day_order=-1)
    hearing("8 April 2025", happening=Happening.POSTPONED, postponed_to=parse("9 May 2025"), title="Argument")
    page = fetch(client, "/calendar/?month=2025-04")
    assert page.title == "Hearings in April 2025 · Casetracker"
    assert words(page.by_id("month-title")) == "April 2025"
    found = listed(page)
    assert list(found) == ["Friday 4 April 2025", "Tuesday 8 April 2025"]
    conference, motion = found["Friday 4 April 2025"]
    for told in ("2:30 pm EDT", "D. Md.", "Took place", "Hearing on the motion", f"In {row.case.name}"):
        assert told in motion
    assert "Cancelled" in conference
    assert "Postponed to 9 May 2025" in found["Tuesday 8 April 2025"][0]
    assert page.links["Hearing on the motion"] == row.get_absolute_url()
    assert page.links[row.case.name] == row.case.get_absolute_url()


def test_it_begins_with_the_present_month(client: Client) -> None:
    today = timezone.localdate()
    EventFactory(
        happening=Happening.SCHEDULED, date=UncertainDate.on(today.year, today.month, 28), title="Soon", published=True
    )
    page = fetch(client, "/calendar/")
    assert words(page.by_id("month-title")) == f"{today:%B} {today.year}"
    assert "Soon" in page.links
    assert page.is_indexed
    assert "this" not in months(page)


def test_months_lead_to_the_nearest_with_something_and_nowhere_else(client: Client) -> None:
    for date in ("4 December 1952", "4 April 2025"):
        hearing(date)
    hearing("4 May 2031", happening=Happening.SCHEDULED)
    hearing("4 June 2025", published=False, in_review=True)
    page = fetch(client, "/calendar/?month=2025-04")
    assert months(page) == {"prev": "?month=1952-12", "this": "/calendar/", "next": "?month=2031-05"}
    assert months(fetch(client, "/calendar/?month=1952-12")) == {"this": "/calendar/", "next": "?month=2025-04"}
    assert not page.is_indexed


def test_month_without_anything_says_so_and_names_the_nearest(client: Client) -> None:
    hearing("4 April 2025")
    page = fetch(client, "/calendar/?month=2025-06")
    assert "Nothing is recorded for June 2025" in page.main
    assert page.links["April 2025"] == "?month=2025-04"
    assert listed(page) == {}


@pytest.mark.parametrize("month", ["2025-04", "2025-4", "April 2025", "2025-04-10", " 2025-04 "])
def test_month_is_read_as_people_write_it(client: Client, month: str) -> None:
    page = fetch(client, "/calendar/", {"month": month})
    assert words(page.by_id("month-title")) == "April 2025"
    assert page.problems == {}


@pytest.mark.parametrize(
    ("month", "problem"),
    [
        ("2025-13", "There is no month 13"),
        ("2025-00", "There is no month 0"),
        ("2025", "Name the month too"),
        ("0999-04", "Write a year from 1000 to 2199"),
        ("9999-12", "Write a year from 1000 to 2199"),
        ("2025-02-30", "February 2025 has 28 days"),
        ("about April 2025", "Write one day, month or year"),
        ("soon", ""),
        ("9" * 5000, ""),
        ("２０２５-０４-xx", ""),
        ("٢٠٢٥-٠٤-٣٣", ""),
        ("\ud7ff\u202e", ""),
        ("' OR 1=1 --", ""),
    ],
)
def test_month_that_cannot_be_read_is_refused_in_words_and_the_present_one_shown(
    client: Client, month: str, problem: str
) -> None:
    page = fetch(client, "/calendar/", {"month": month})
    ((told, place),) = page.problems.items()
    assert problem in told
    assert place == f"#{page.one('input', name='month').attrib['id']}"
    today = timezone.localdate()
    assert words(page.by_id("month-title")) == f"{today:%B} {today.year}"
    assert not page.is_indexed


@pytest.mark.parametrize("month", ["1000-01", "2199-12"])
def test_first_and_last_month_of_all_can_be_asked_for(client: Client, month: str) -> None:
    assert fetch(client, "/calendar/", {"month": month}).problems == {}


def test_text_that_no_column_could_hold_is_refused(client: Client) -> None:
    assert client.get("/calendar/?month=%00").status_code == 400


def test_what_was_set_for_a_day_that_has_passed_is_said_to_be_so(client: Client) -> None:
    hearing("4 April 2025", happening=Happening.SCHEDULED)
    ((told,),) = listed(fetch(client, "/calendar/?month=2025-04")).values()
    assert "what came of it is not recorded yet" in told


def test_postponed_hearing_is_told_of_in_its_new_month(client: Client) -> None:
    row = hearing("4 April 2025", happening=Happening.POSTPONED, postponed_to=parse("9 May 2025"), title="Argument")
    page = fetch(client, "/calendar/?month=2025-05")
    (moved,) = page.all("ul", cls="moved")
    assert "Postponed from 4 April 2025" in words(moved)
    assert next(moved.iter("time")).attrib["datetime"] == "2025-05-09"
    assert page.links["Argument"] == row.get_absolute_url()
    assert "Nothing is recorded" not in page.main


def test_long_month_has_pages_that_keep_the_month(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "HEARINGS_PER_PAGE", 2)
    for day in (1, 2, 3):
        hearing(f"{day} April 2025")
    page = fetch(client, "/calendar/?month=2025-04")
    assert list(listed(page)) == ["Tuesday 1 April 2025", "Wednesday 2 April 2025"]
    assert page.links["Next"] == "?month=2025-04&page=2"
    assert list(listed(fetch(client, "/calendar/?month=2025-04&page=2"))) == ["Thursday 3 April 2025"]
    for number in ("0", "3", "abc"):
        assert client.get(f"/calendar/?month=2025-04&page={number}").status_code == 404


@pytest.mark.parametrize("hidden", ["draft", "in_review", "embargoed", "withdrawn", "withheld"])
def test_it_knows_nothing_of_hidden_entries(client: Client, hidden: str) -> None:
    hearing("4 April 2025", title="Secret", published=False, **{hidden: True})
    page = fetch(client, "/calendar/?month=2025-04")
    assert "Secret" not in page.response.content.decode()
    assert "Nothing is recorded" in page.main


def test_number_of_queries_does_not_grow_with_the_hearings(client: Client, count_queries: Callable[[str], int]) -> None:
    case, court = CaseFactory(published=True), CourtFactory()
    counts = []
    for day in range(1, 30):
        hearing(f"{day} April 2025", case=case, court=court)
        if day in {1, 3, 29}:
            counts.append(count_queries("/calendar/?month=2025-04"))
    assert counts == [8, 8, 8]


def test_home_and_every_page_lead_to_it(client: Client) -> None:
    assert fetch(client, "/").links["Calendar of hearings"] == "/calendar/"
    (menu,) = fetch(client, "/calendar/").all("nav", aria_label="Site")
    (current,) = [link for link in menu.iter("a") if "aria-current" in link.attrib]
    assert current.attrib["href"] == "/calendar/"
    assert "/calendar/" in client.get("/sitemap.xml").content.decode()


def of_month(page: Page) -> list[Element]:
    return page.all("li", cls="sitting")


def test_cancelled_hearing_is_marked_by_words_and_not_by_looks_alone(client: Client) -> None:
    hearing("4 April 2025", happening=Happening.CANCELLED)
    (item,) = of_month(fetch(client, "/calendar/?month=2025-04"))
    assert has_class(item, "cancelled")
    assert "Cancelled" in words(item)
