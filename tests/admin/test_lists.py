"""Lists: the same number of queries for one row and for two hundred, searches and filters that find the right rows."""

import datetime
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casetracker.admin import searching
from casetracker.dates import UncertainDate
from casetracker.models import (
    Attorney,
    Case,
    Correction,
    Court,
    Document,
    Event,
    Judge,
    Kind,
    Party,
    Proceeding,
    Provision,
    Ruling,
    Source,
    Statement,
    Topic,
    Transfer,
)

pytestmark = pytest.mark.django_db

Address = Callable[..., str]


def _proceedings(count: int) -> None:
    case = make.CaseFactory()
    for proceeding in make.ProceedingFactory.create_batch(count, case=case, court=make.CourtFactory()):
        make.DocketNumberFactory(proceeding=proceeding)


def _transfers(count: int) -> None:
    make.TransferFactory.create_batch(count, origin=make.ProceedingFactory(), destination=make.ProceedingFactory())


# How to make so many rows of a model, with as much shared as the list does not care for.
MAKERS: dict[type[Any], Callable[[int], Any]] = {
    Case: make.CaseFactory.create_batch,
    Ruling: lambda n: make.RulingFactory.create_batch(n, case=make.CaseFactory(), court=make.CourtFactory()),
    Event: lambda n: make.EventFactory.create_batch(n, case=make.CaseFactory(), court=make.CourtFactory()),
    Proceeding: _proceedings,
    Transfer: _transfers,
    Statement: lambda n: make.StatementFactory.create_batch(n, event=make.EventFactory()),
    Source: make.SourceFactory.create_batch,
    Document: lambda n: make.DocumentFactory.create_batch(n, event=make.EventFactory()),
    Correction: lambda n: make.CorrectionFactory.create_batch(n, case=make.CaseFactory()),
    Court: make.CourtFactory.create_batch,
    Judge: make.JudgeFactory.create_batch,
    Party: make.PartyFactory.create_batch,
    Attorney: make.AttorneyFactory.create_batch,
    Topic: make.TopicFactory.create_batch,
    Provision: lambda n: make.ProvisionFactory.create_batch(n, ruling=make.RulingFactory()),
    User: make.UserFactory.create_batch,
    Group: lambda n: [Group.objects.create(name=f"Group {Group.objects.count()}") for _ in range(n)],
}


def test_every_registered_model_has_a_maker_here() -> None:
    assert set(admin.site._registry) == set(MAKERS)


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_list_asks_as_many_queries_for_two_hundred_rows_as_for_one(superuser_client: Client, model: type[Any]) -> None:
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    counts = []
    for more in (1, 2, 197):
        MAKERS[model](more)
        superuser_client.get(path)  # what is asked once in the life of a process
        with CaptureQueriesContext(connection) as queries:
            response = superuser_client.get(f"{path}?all=")
        assert response.status_code == 200
        assert len(response.context["cl"].result_list) >= min(more, 50)
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 8


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_list_can_be_searched_and_filtered_and_has_a_total_order(superuser_client: Client, model: type[Any]) -> None:
    MAKERS[model](2)
    screen = admin.site._registry[model]
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    response = superuser_client.get(path, {"q": "a search that finds nothing"})
    assert len(response.context["cl"].result_list) == 0
    assert screen.list_filter or model is Group
    order = [str(name) for name in screen.ordering or []]
    assert order, "the order is stated"
    assert order[-1].lstrip("-") in {"pk", "id"}


def found(client: Client, path: str, **query: Any) -> list[Any]:
    response = client.get(path, query)
    assert response.status_code == 200, response.headers
    return list(response.context["cl"].result_list)


@pytest.fixture
def dispute() -> make.Dispute:
    return make.two_court_dispute()


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("return of the book motion", ["Motion for the return of the book"]),
        ("returned books", ["Opinion on appeal", "Order to return the book", "Motion for the return of the book"]),
        ("retur ord", ["Order to return the book"]),
        (
            "8:25-cv-00951",
            [
                "Order to return the book",
                "Hearing on the motion",
                "Opposition to the motion",
                "Motion for the return of the book",
            ],
        ),
        (
            "25-CV-951-PX",
            [
                "Order to return the book",
                "Hearing on the motion",
                "Opposition to the motion",
                "Motion for the return of the book",
            ],
        ),
        ("No. 25-1345", ["Opinion on appeal"]),
        ("4 April 2025", ["Order to return the book"]),
        ("2025-04-10", ["The parties agree"]),
        ("4th opinion", ["Opinion on appeal"]),
        ("appeal motion", []),
    ],
)
def test_entries_are_found_by_words_docket_number_and_date(
    superuser_client: Client, address: Address, dispute: make.Dispute, words: str, titles: list[str]
) -> None:
    assert [entry.title for entry in found(superuser_client, address("event"), q=words)] == titles


def test_entry_is_found_by_its_permanent_address(
    superuser_client: Client, address: Address, dispute: make.Dispute
) -> None:
    assert found(superuser_client, address("event"), q=dispute.motion.public_id) == [dispute.motion]


def test_days_in_lists_are_told_as_the_dates_of_entries_are(superuser_client: Client, address: Address) -> None:
    case = make.CaseFactory(checked_on=datetime.date(2026, 11, 4))
    make.CorrectionFactory(case=case, corrected_on=datetime.date(2026, 6, 1))
    for model, day in (("case", "4 November 2026"), ("correction", "1 June 2026")):
        assert f">{day}<" in superuser_client.get(address(model, "changelist")).content.decode()


def test_correction_is_named_by_its_day_in_words_and_the_beginning_of_its_text() -> None:
    correction = make.CorrectionFactory.build(corrected_on=datetime.date(2026, 6, 1), text="It said " + "so " * 30)
    assert str(correction).startswith("1 June 2026: It said so so")
    assert str(correction).endswith("…")
    correction.corrected_on = None
    assert str(correction).startswith("It said")


def test_proceedings_and_cases_are_found_by_number_in_any_spelling(
    superuser_client: Client, address: Address, dispute: make.Dispute
) -> None:
    make.DocketNumberFactory(proceeding__case__name="Another v. Case", number="1:25-cv-00951")
    make.DocketNumberFactory(number="9:99-cr-00001")
    assert dispute.trial in found(superuser_client, address("proceeding"), q="25-cv-951")
    assert {case.name for case in found(superuser_client, address("case"), q="8:25-cv-00951-PX")} == {
        dispute.case.name,
        "Another v. Case",
    }
    assert found(superuser_client, address("proceeding"), q="smith d. md.") == [dispute.trial]


def test_transfers_proceedings_and_corrections_are_found_by_what_stands_at_their_ends(
    superuser_client: Client, address: Address, dispute: make.Dispute
) -> None:
    other = make.TransferFactory(
        origin=make.ProceedingFactory(caption="In re Other"),
        destination=None,
        destination_number="7",
        destination_court=make.CourtFactory(short_name="Far away"),
    )
    correction = make.CorrectionFactory(case=dispute.case, text="The date was wrong.")
    make.CorrectionFactory(text="The name was wrong.")
    assert [row.destination for row in found(superuser_client, address("transfer"), q=dispute.appeal.caption)] == [
        dispute.appeal
    ]
    assert found(superuser_client, address("transfer"), q="far other 7") == [other]
    assert found(superuser_client, address("correction"), q=f"date {dispute.case.name.split()[0]}") == [correction]
    # A part of a docket number too.
    assert found(superuser_client, address("proceeding"), q="cv-0095") == [dispute.trial]


def test_word_that_many_names_have_finds_the_same_rows_as_one_that_few_have(
    superuser_client: Client, address: Address, dispute: make.Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.CorrectionFactory(case=dispute.case)
    word = dispute.case.name.split()[0]
    searches = [("event", word), ("event", "md."), ("proceeding", word), ("proceeding", "cv-009")]
    searches += [("proceeding", "md."), ("correction", word), ("transfer", dispute.trial.caption.split()[0])]

    def answers() -> list[list[int]]:
        return [[row.pk for row in found(superuser_client, address(name), q=words)] for name, words in searches]

    few = answers()
    assert all(few)
    monkeypatch.setattr("casetracker.admin.searching.MOST_NAMED", 0)
    assert answers() == few


def test_list_is_counted_no_further_than_anybody_pages(
    superuser_client: Client, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casetracker.admin.paging.MOST_COUNTED", 60)
    make.JudgeFactory.create_batch(60)
    path = address("judge")
    page = superuser_client.get(path)
    assert "60 judges" in page.content.decode()
    assert "Select all 60" in page.content.decode()
    make.JudgeFactory()
    page = superuser_client.get(path)
    assert "More than 60 judges" in page.content.decode()
    assert page.context["cl"].paginator.num_pages == 2
    # What would be chosen is not what is counted, so that it is not offered.
    assert "Select all 60" not in page.content.decode()
    assert len(superuser_client.get(path, {"p": "2"}).context["cl"].result_list) == 10
    assert "this is the whole list" in superuser_client.get(path, {"p": "3"}, follow=True).content.decode()


@pytest.mark.parametrize("words", ["mdd", "D. Md.", "D.Md.", "d md", "district maryland", "Md.", "MDD"])
def test_court_is_found_by_any_of_its_names(superuser_client: Client, address: Address, words: str) -> None:
    court = make.CourtFactory(id="mdd", name="District of Maryland (District Court)", short_name="D. Md.")
    make.CourtFactory(id="scotus", name="Supreme Court of the United States", short_name="Supreme Court")
    assert found(superuser_client, address("court"), q=words) == [court]


@pytest.mark.parametrize(
    ("words", "names"), [("li", {"Li Wei", "Wei Li"}), ("ei li", set()), ("wei", {"Li Wei", "Wei Li"})]
)
def test_very_short_word_is_looked_for_where_a_word_begins(
    superuser_client: Client, address: Address, words: str, names: set[str]
) -> None:
    """An index knows no more of it; “li” would be in half of all names."""
    for name in ("Li Wei", "Wei Li", "Julian Talia"):
        make.PartyFactory(name=name)
    assert {row.name for row in found(superuser_client, address("party"), q=words)} == names


@pytest.mark.parametrize(
    ("words", "expected"),
    [("garcia", 2), ("md", 1), ("25-cv", 1), ("garcia md", 1), ("garcia zorp", 0)],
)
def test_proceeding_is_found_by_caption_case_court_and_number_however_common_the_word(
    superuser_client: Client, address: Address, monkeypatch: pytest.MonkeyPatch, words: str, expected: int
) -> None:
    case = make.CaseFactory(name="Garcia v. Noem")
    court = make.CourtFactory(id="mdd", name="District of Maryland", short_name="D. Md.")
    make.DocketNumberFactory(
        proceeding=make.ProceedingFactory(case=case, court=court, caption="In re X"), number="25-cv-9"
    )
    make.ProceedingFactory(caption="Garcia v. Bondi")
    for most in (2_000, 0):
        monkeypatch.setattr(searching, "MOST_NAMED", most)
        rows = found(superuser_client, address("proceeding"), q=words)
        if most or len(words.split()) > 1:
            assert len(rows) == expected
        else:
            # Where captions alone fill the list, a single word is looked for in these.
            assert len(rows) == {"garcia": 1}.get(words, expected)


def test_names_are_found_without_their_accents(superuser_client: Client, address: Address) -> None:
    party = make.PartyFactory(name="José Guzmán")
    make.PartyFactory(name="Jane Roe")
    assert found(superuser_client, address("party"), q="guzman") == [party]
    assert found(superuser_client, address("party"), q="Guzmán") == [party]


def test_court_filter_offers_only_courts_in_use(
    superuser_client: Client, address: Address, dispute: make.Dispute
) -> None:
    make.CourtFactory.create_batch(5, short_name="Never used")
    response = superuser_client.get(address("event"))
    body = response.content.decode()
    assert f'href="?court={dispute.trial_court.pk}"' in body
    assert "Never used" not in body
    assert found(superuser_client, address("event"), court=dispute.appeals_court.pk) == [dispute.appeal_order]
    assert found(superuser_client, address("case"), court=dispute.appeals_court.pk) == [dispute.case]
    assert found(superuser_client, address("judge"), court=dispute.trial_court.pk) == [dispute.judge]
    assert found(superuser_client, address("judge"), court=dispute.appeals_court.pk) == []


def test_filters_of_entries_hold_together(superuser_client: Client, address: Address, dispute: make.Dispute) -> None:
    bare = make.EventFactory(case=dispute.case, kind=Kind.HEARING, date=UncertainDate.on(2025, 5, 1))
    make.EventFactory(kind=Kind.HEARING)
    path = address("event")
    assert found(superuser_client, path, case=dispute.case.pk, sources="none") == [bare]
    assert found(superuser_client, path, case=dispute.case.pk, kind__exact="hearing", sources="some") == [
        dispute.hearing
    ]
    assert found(superuser_client, path, case=10**17) == []
    response = superuser_client.get(path, {"case": dispute.case.pk})
    assert dispute.case.short_name in response.content.decode()


def test_lookup_offers_entries_of_the_same_case_first(superuser_client: Client, dispute: make.Dispute) -> None:
    elsewhere = make.RulingFactory(title="Order to return the book", date=UncertainDate.on(2026, 1, 1))
    query = {"app_label": "casetracker", "model_name": "treatment", "field_name": "target", "term": "order to return"}
    path = reverse("admin:autocomplete")
    texts = [item["text"] for item in superuser_client.get(path, query).json()["results"]]
    assert texts == [
        f"1 January 2026 · {elsewhere.court.short_name} · Order to return the book ({elsewhere.case.short_name})",
        f"4 April 2025 · D. Md. · Order to return the book ({dispute.case.short_name})",
    ]
    near = superuser_client.get(path, query | {"case": dispute.case.pk}).json()["results"]
    assert [item["id"] for item in near] == [str(dispute.order.pk), str(elsewhere.pk)]


def test_lookup_offers_only_the_provisions_of_the_ruling_beside_it(
    superuser_client: Client, dispute: make.Dispute
) -> None:
    make.ProvisionFactory(text="return the dog")
    query = {"app_label": "casetracker", "model_name": "treatment", "field_name": "provision", "term": "return"}
    path = reverse("admin:autocomplete")
    assert len(superuser_client.get(path, query).json()["results"]) == 2
    own = superuser_client.get(path, query | {"ruling": dispute.order.pk}).json()["results"]
    assert [item["id"] for item in own] == [str(dispute.returned.pk)]


def test_lookup_of_courts_puts_the_exact_name_first(superuser_client: Client) -> None:
    make.CourtFactory(id="aaa", name="A court of ca4 matters", short_name="A", display_order=1)
    make.CourtFactory(id="ca4", name="Court of Appeals for the Fourth Circuit", short_name="4th Cir.")
    query = {"app_label": "casetracker", "model_name": "event", "field_name": "court", "term": "ca4"}
    results = superuser_client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [item["id"] for item in results] == ["ca4", "aaa"]
    assert results[0]["text"] == "4th Cir. · Court of Appeals for the Fourth Circuit"


def test_lookup_asks_as_many_queries_for_twenty_rows_as_for_one(superuser_client: Client) -> None:
    query = {"app_label": "casetracker", "model_name": "docketentry", "field_name": "proceeding", "term": ""}
    counts = []
    for more in (1, 19):
        _proceedings(more)
        with CaptureQueriesContext(connection) as queries:
            assert superuser_client.get(reverse("admin:autocomplete"), query).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
