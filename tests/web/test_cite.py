"""How the page of an entry says that it is cited, where it stays, and which documents there are."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone
from factories import CaseFactory, Dispute, DocumentFactory, EventFactory
from pages import Page, fetch, words

pytestmark = pytest.mark.django_db


def cite(page: Page) -> dict[str, str]:
    box = page.by_id("cite")
    return {words(line.find("dt")): words(line.find("dd")) for line in box.iter("div")}


def today() -> str:
    day: datetime.date = timezone.localdate()
    return f"{day.day} {day:%B} {day.year}"


def test_entry_says_how_it_is_cited(client: Client, dispute: Dispute) -> None:
    address = f"http://testserver{dispute.motion.get_absolute_url()}"
    assert cite(fetch(client, dispute.motion.get_absolute_url())) == {
        "Plain": f"“Motion for the return of the book”, 1 April 2025, in {dispute.case.name}, Casetracker, {address} "
        f"(read on {today()}).",
        "Bluebook style": "Motion for the return of the book, Smith v. Jones, No. 8:25-cv-00951 "
        "(D. Md. Apr. 1, 2025), ECF No. 1.",
        "Permanent address": address,
    }


def test_reported_ruling_is_cited_by_its_report(client: Client, dispute: Dispute) -> None:
    page = fetch(client, dispute.order.get_absolute_url())
    assert cite(page)["Bluebook style"] == "Smith v. Jones, 777 F. Supp. 3d 1 (D. Md. 2025)."
    assert "Smith v. Jones" in [words(name) for name in page.by_id("cite").iter("i")]


def test_what_happened_outside_court_is_cited_plainly_alone(client: Client, dispute: Dispute) -> None:
    assert list(cite(fetch(client, dispute.agreement.get_absolute_url()))) == ["Plain", "Permanent address"]


def test_address_to_cite_is_the_same_whatever_way_led_there(client: Client, dispute: Dispute) -> None:
    path = dispute.order.get_absolute_url()
    assert cite(fetch(client, f"{path}?from=letter")) == cite(fetch(client, path))
    assert cite(fetch(client, path))["Permanent address"] == fetch(client, path).canonical


def test_signs_in_a_title_or_name_are_shown_as_they_were_typed(client: Client) -> None:
    row = EventFactory(case=CaseFactory(name="A & B <v.> C", published=True), title="Motion <1> & more", published=True)
    assert cite(fetch(client, row.get_absolute_url()))["Plain"].startswith(
        "“Motion <1> & more”, 4 April 2025, in A & B <v.> C"
    )


def test_documents_are_named_with_their_pages_and_size(client: Client, dispute: Dispute) -> None:
    DocumentFactory(event=dispute.motion, title="The motion", pages=1, size=None)
    DocumentFactory(event=dispute.motion, title="Exhibit A", pages=12, size=20_480)
    DocumentFactory(event=dispute.motion, title="Exhibit B", address="", pages=None, size=None)
    DocumentFactory(event=dispute.motion, title="Exhibit C", sealed=True)
    page = fetch(client, dispute.motion.get_absolute_url())
    (box,) = [section for section in page.all("section") if words(section.find("h2")) == "Documents"]
    assert [words(item).replace("\xa0", " ") for item in box.iter("li")] == [
        "The motion, 1 page",
        "Exhibit A, 12 pages, 20.0 KB",
        "Exhibit B",
    ]
