"""The page of corrections."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from factories import STATES, CaseFactory, CorrectionFactory, Dispute, EventFactory
from pages import Page, fetch, words

from casetracker.web.views import pages as view

pytestmark = pytest.mark.django_db

HIDDEN = [state for state in STATES if state != "published"]


def told(page: Page) -> list[str]:
    return [words(item) for box in page.all("ol", cls="corrections") for item in box]


def test_each_correction_is_told_with_its_day_case_and_entry(client: Client, dispute: Dispute) -> None:
    CorrectionFactory(case=dispute.case, event=dispute.order, text="It said *3 April*; it was 4 April.")
    page = fetch(client, "/corrections/")
    assert (page.heading, page.title) == ("Corrections", "Corrections · Casetracker")
    (line,) = told(page)
    for part in ("2 November 2025", dispute.case.name, "Order to return the book, 4 April 2025", "It said 3 April;"):
        assert part in line
    assert page.links[dispute.case.name] == dispute.case.get_absolute_url()
    assert page.links["Order to return the book"] == dispute.order.get_absolute_url()
    assert words(page.one("p", cls="count")) == "1 correction"
    assert next(page.one("ol", cls="corrections").iter("time")).attrib["datetime"] == "2025-11-02"


def test_a_correction_of_the_case_as_a_whole_names_no_entry(client: Client, dispute: Dispute) -> None:
    CorrectionFactory(case=dispute.case)
    page = fetch(client, "/corrections/")
    assert "Entry:" not in page.main
    assert len(told(page)) == 1


def test_newest_stands_first_and_of_one_day_the_one_noted_last(client: Client, dispute: Dispute) -> None:
    for day, text in ((1, "first"), (3, "third"), (2, "second"), (3, "fourth")):
        CorrectionFactory(case=dispute.case, corrected_on=datetime.date(2025, 11, day), text=f"The {text} one.")
    lines = told(fetch(client, "/corrections/"))
    assert [next(word for word in ("first", "second", "third", "fourth") if word in line) for line in lines] == [
        "fourth",
        "third",
        "second",
        "first",
    ]


def test_pages_follow_one_another(client: Client, dispute: Dispute, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "CORRECTIONS_PER_PAGE", 2)
    for _ in range(3):
        CorrectionFactory(case=dispute.case)
    page = fetch(client, "/corrections/")
    assert len(told(page)) == 2
    assert page.links["Next"].startswith("?page=after~corrected~")
    assert len(told(fetch(client, f"/corrections/{page.links['Next']}"))) == 1
    assert len(told(fetch(client, "/corrections/?page=2"))) == 1


@pytest.mark.parametrize("page", ["0", "-1", "2", "abc", "1e5", "٣", "9" * 5000, "1 "])
def test_page_that_is_not_there_is_not_found(client: Client, dispute: Dispute, page: str) -> None:
    CorrectionFactory(case=dispute.case)
    assert client.get("/corrections/", {"page": page}).status_code == 404


def test_without_any_it_says_so(client: Client) -> None:
    assert "Nothing has been put right yet" in fetch(client, "/corrections/").main


@pytest.mark.parametrize("state", HIDDEN)
def test_corrections_of_hidden_cases_and_entries_are_neither_told_nor_counted(
    client: Client, dispute: Dispute, state: str
) -> None:
    CorrectionFactory(case=CaseFactory(name="Secret v. Hidden", **{state: True}), text="Of a hidden case.")
    CorrectionFactory(
        case=dispute.case, event=EventFactory(case=dispute.case, **{state: True}), text="Of a hidden entry."
    )
    CorrectionFactory(case=dispute.case, text="Of a public case.")
    page = fetch(client, "/corrections/")
    assert words(page.one("p", cls="count")) == "1 correction"
    assert "Of a public case." in page.main
    assert "hidden" not in page.response.content.decode().lower()


def test_number_of_queries_does_not_grow(client: Client, dispute: Dispute, count_queries: Callable[[str], int]) -> None:
    counts = []
    for number in range(1, 51):
        CorrectionFactory(case=dispute.case, event=dispute.order)
        if number in {1, 3, 50}:
            counts.append(count_queries("/corrections/"))
    assert counts == [3, 3, 3]


def test_every_page_and_the_page_about_the_site_lead_to_it(client: Client) -> None:
    page = fetch(client, "/about/")
    assert page.links["All corrections"] == "/corrections/"
    assert page.addresses.count("/corrections/") == 2
    assert fetch(client, "/corrections/").is_indexed
    assert "/corrections/" in client.get("/sitemap.xml").content.decode()
