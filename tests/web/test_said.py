"""What was said about an entry: beside its own words, and where it was said."""

from collections.abc import Callable

import pytest
from django.test import Client
from factories import (
    STATES,
    CaseFactory,
    Dispute,
    EventFactory,
    ReferenceFactory,
    SourceFactory,
    StatementFactory,
    publication_columns,
)
from pages import Page, fetch, words

from casetracker import publication
from casetracker.dates import UncertainDate
from casetracker.models import Event, Kind, Statement

pytestmark = pytest.mark.django_db

HIDDEN = [state for state in STATES if state != "published"]


def said_at(entry: Event) -> str:
    return f"{entry.get_absolute_url()}said/"


@pytest.fixture
def claims(dispute: Dispute) -> list[Statement]:
    """Three about the order, of both sides and of the court above, one of them made where the parties agreed."""
    rows: list[Statement] = [
        StatementFactory(event=dispute.order, speaker="Jo Smith", quote="It is my book", position=1),
        StatementFactory(
            event=dispute.order,
            speaker="Sam Jones",
            office="Defendant",
            forum="On the steps of the court",
            date=UncertainDate.on(2025, 4, 10),
            quote="I won",
            paraphrase="Said that he had won.",
            said_at=dispute.agreement,
            position=2,
        ),
        StatementFactory(
            event=dispute.order, speaker="Court of Appeals", quote="", paraphrase="Said it was right.", position=3
        ),
    ]
    ReferenceFactory(event=None, statement=rows[1], source=SourceFactory(title="A broadcast"), pinpoint="minute 3")
    return rows


# --- the page -------------------------------------------------------------------------------------------------------


def test_words_of_the_order_stand_beside_what_was_said_of_it(
    client: Client, dispute: Dispute, claims: list[Statement]
) -> None:
    dispute.order.holding = "A loan ends with its term."
    dispute.order.save()
    page = fetch(client, said_at(dispute.order))
    assert page.heading == "Said and held: Order to return the book"
    held, said = words(page.one("section", cls="held")), words(page.one("section", cls="said"))
    for told in (
        "Granted",
        "return the book by Friday",
        "Held A loan ends with its term.",
        "Source: 1 Docket of Smith v. Jones",
    ):
        assert told in held, told
    assert [words(quote) for quote in page.one("section", cls="held").iter("q")] == ["return the book", "by Friday"]
    assert "won" not in held
    assert "What was said about it: 3" in said
    items = page.one("ol", cls="statements")
    assert [words(item).split(",")[0].split(".")[0] for item in items] == [
        "“It is my book” Jo Smith",
        "“I won” Said that he had won",
        "Said it was right",
    ]
    told = words(items[1])
    source = "A broadcast, District Court, minute 3"
    for part in ("Sam Jones", "Defendant", "On the steps of the court", "10 April 2025", source):
        assert part in told
    assert page.links["The parties agree"] == dispute.agreement.get_absolute_url()


def test_every_speaker_is_shown_in_the_same_form(client: Client, dispute: Dispute, claims: list[Statement]) -> None:
    items = list(fetch(client, said_at(dispute.order)).one("ol", cls="statements"))
    assert {item.attrib["class"] for item in items} == {"statement"}
    assert [[words(name) for name in item.iter("strong")] for item in items] == [
        ["Jo Smith"],
        ["Sam Jones"],
        ["Court of Appeals"],
    ]


def test_entry_that_is_no_ruling_has_the_page_too(client: Client, dispute: Dispute) -> None:
    StatementFactory(event=dispute.agreement, quote="We agree")
    page = fetch(client, said_at(dispute.agreement))
    assert page.heading == "What was said: The parties agree"
    assert "What happened" in page.main
    assert "“We agree”" in page.main


def test_entry_about_which_nothing_was_said_has_no_such_page(client: Client, dispute: Dispute) -> None:
    assert client.get(said_at(dispute.motion)).status_code == 404


def test_the_entry_and_its_place_on_the_timeline_lead_to_it(
    client: Client, dispute: Dispute, claims: list[Statement]
) -> None:
    link = "All of it beside what the court ruled"
    assert fetch(client, dispute.order.get_absolute_url()).links[link] == said_at(dispute.order)
    item = fetch(client, dispute.case.get_absolute_url()).by_id(dispute.order.public_id)
    fold = next(fold for fold in item.iter("details") if "Said about this: 3" in words(fold))
    assert [words(mark) for mark in fold.iter("summary")] == ["Said about this: 3"]
    assert link in [words(anchor) for anchor in fold.iter("a")]


def test_it_is_found_under_whatever_its_case_was_called(client: Client, dispute: Dispute) -> None:
    former = said_at(dispute.appeal_order)
    dispute.case.slug = "a-better-name"
    dispute.case.save()
    present = f"/cases/a-better-name/{dispute.appeal_order.public_id}/said/"
    for path in (former, f"/cases/nothing/{dispute.appeal_order.public_id}/said/"):
        response = client.get(f"{path}?q=1")
        assert (response.status_code, response["Location"]) == (301, f"{present}?q=1")


@pytest.mark.parametrize("state", HIDDEN)
def test_hidden_entry_answers_as_its_own_page_does(client: Client, state: str) -> None:
    entry = EventFactory(case=CaseFactory(published=True), **{state: True})
    StatementFactory(event=entry, speaker="Secret Speaker")
    response = client.get(said_at(entry))
    assert response.status_code == client.get(entry.get_absolute_url()).status_code
    assert response.status_code in {404, 410}
    assert b"Secret" not in response.content


@pytest.mark.parametrize("tail", ["said/x/", "said/said/", "SAID/", "said/%00"])
def test_what_is_no_such_address_is_not_found(client: Client, dispute: Dispute, tail: str) -> None:
    assert client.get(f"{dispute.appeal_order.get_absolute_url()}{tail}").status_code in {400, 404}


def test_number_of_queries_does_not_grow(client: Client, dispute: Dispute, count_queries: Callable[[str], int]) -> None:
    counts = []
    for number in range(1, 51):
        ReferenceFactory(event=None, statement=StatementFactory(event=dispute.order, said_at=dispute.agreement))
        if number in {1, 3, 50}:
            counts.append(count_queries(said_at(dispute.order)))
    assert counts == [6, 6, 6]


# --- where it was said ----------------------------------------------------------------------------------------------


def told_there(page: Page, entry: Event) -> list[str]:
    return [words(line) for line in page.by_id(entry.public_id).iter("p") if line.get("class") == "said-here"]


def test_timeline_tells_at_the_entry_where_something_was_said_who_spoke_about_what(
    client: Client, dispute: Dispute, claims: list[Statement]
) -> None:
    page = fetch(client, dispute.case.get_absolute_url())
    assert told_there(page, dispute.agreement) == ["Said here about Order to return the book: Sam Jones"]
    links = {words(a): a.attrib["href"] for a in page.by_id(dispute.agreement.public_id).iter("a")}
    assert links["Sam Jones"] == said_at(dispute.order)
    assert links["Order to return the book"] == f"#{dispute.order.public_id}"
    assert [entry for entry in dispute.entries if told_there(page, entry)] == [dispute.agreement]


def test_speakers_about_one_entry_are_told_together_and_each_once(client: Client, dispute: Dispute) -> None:
    for about, speaker in (
        (dispute.order, "Jo Smith"),
        (dispute.order, "Sam Jones"),
        (dispute.order, "Jo Smith"),
        (dispute.motion, "Jo Smith"),
    ):
        StatementFactory(event=about, speaker=speaker, said_at=dispute.agreement)
    page = fetch(client, dispute.case.get_absolute_url())
    assert told_there(page, dispute.agreement) == [
        "Said here about Order to return the book: Jo Smith; Sam Jones",
        "Said here about Motion for the return of the book: Jo Smith",
    ]
    main = fetch(client, dispute.agreement.get_absolute_url()).main
    assert "What was said here About Order to return the book (D. Md., 4 April 2025): Jo Smith; Sam Jones" in main


def test_words_about_an_entry_that_stands_elsewhere_lead_to_its_page(client: Client, dispute: Dispute) -> None:
    elsewhere = EventFactory(title="Elsewhere", published=True)
    StatementFactory(event=elsewhere, said_at=dispute.agreement)
    page = fetch(client, dispute.case.get_absolute_url())
    assert page.links["Elsewhere"] == elsewhere.get_absolute_url()


@pytest.mark.parametrize("state", HIDDEN)
def test_words_about_a_hidden_entry_are_told_nowhere(client: Client, dispute: Dispute, state: str) -> None:
    addresses = (dispute.case.get_absolute_url(), dispute.agreement.get_absolute_url())
    before = [client.get(address).content for address in addresses]
    hidden = EventFactory(case=dispute.case, kind=Kind.EVENT, title="Secret", **{state: True})
    StatementFactory(event=hidden, speaker="Secret Speaker", said_at=dispute.agreement)
    assert [client.get(address).content for address in addresses] == before


def test_where_something_was_said_is_left_out_once_that_is_withdrawn(
    client: Client, dispute: Dispute, claims: list[Statement]
) -> None:
    publication.withdraw(dispute.agreement, actor=None)
    main = fetch(client, said_at(dispute.order)).main
    assert "Sam Jones" in main
    assert "The parties agree" not in main


def test_what_was_said_costs_the_timeline_no_query(
    client: Client, dispute: Dispute, count_queries: Callable[[str], int]
) -> None:
    before = count_queries(dispute.case.get_absolute_url())
    Event.objects.bulk_create(EventFactory.build(case=dispute.case, **publication_columns()) for _ in range(30))
    for event in Event.objects.filter(case=dispute.case):
        StatementFactory(event=event, said_at=dispute.agreement)
    assert count_queries(dispute.case.get_absolute_url()) == before
