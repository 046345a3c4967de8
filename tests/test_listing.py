"""What a list tells of cases, and in which order."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import (
    CaseFactory,
    CourtFactory,
    Dispute,
    DocketNumberFactory,
    EventFactory,
    ProceedingFactory,
    RulingFactory,
    TopicFactory,
    two_court_dispute,
)

from casetracker import listing
from casetracker.dates import parse
from casetracker.models import Case, Happening, Kind, Status

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld"]


def line_of(case: Case) -> listing.CaseLine:
    (line,) = listing.lines(Case.objects.public().filter(pk=case.pk))
    return line


def in_order(order: str = listing.BY_NAME) -> list[str]:
    return [line.name for line in listing.lines(listing.in_order(Case.objects.public(), order))]


def test_a_line_tells_of_the_case_its_courts_and_numbers_and_its_latest_entry() -> None:
    dispute: Dispute = two_court_dispute()
    dispute.case.topics.add(TopicFactory(name="Loans"), TopicFactory(name="Books"))
    line = line_of(dispute.case)
    assert (line.name, line.url) == (dispute.case.name, f"/cases/{dispute.case.slug}/")
    assert (line.summary, line.status, line.is_invented) == (dispute.case.summary, "Ongoing", False)
    assert line.topics == ["Books", "Loans"]
    assert line.proceedings == [
        listing.ProceedingLabel("D. Md.", "trial", "8:25-cv-00951"),
        listing.ProceedingLabel("4th Cir.", "appellate", "25-1345"),
    ]
    assert line.latest is not None
    assert (line.latest.title, line.latest.date, line.latest.court, line.latest.accent) == (
        "The parties agree",
        "10 April 2025",
        "",
        "outside",
    )
    assert line.latest.url == dispute.agreement.get_absolute_url()


def test_a_case_without_anything_is_a_line_too() -> None:
    case = CaseFactory(published=True, summary="", status=Status.CONCLUDED, is_invented=True)
    assert line_of(case) == listing.CaseLine(
        case.pk,
        case.name,
        case.get_absolute_url(),
        "",
        "Concluded",
        is_invented=True,
        topics=[],
        proceedings=[],
        latest=None,
    )


def test_a_proceeding_without_a_number_stands_with_its_court_and_one_with_several_by_its_main_one() -> None:
    case = CaseFactory(published=True)
    ProceedingFactory(case=case, court=CourtFactory(short_name="Imm. Ct."), display_order=1)
    second = ProceedingFactory(case=case, court=CourtFactory(short_name="D. Md."), display_order=2)
    DocketNumberFactory(proceeding=second, number="1")
    DocketNumberFactory(proceeding=second, number="2", is_main=True)
    assert [(label.court, label.number) for label in line_of(case).proceedings] == [("Imm. Ct.", ""), ("D. Md.", "2")]


@pytest.mark.parametrize("happening", [Happening.SCHEDULED, Happening.CANCELLED, Happening.POSTPONED])
def test_what_has_not_taken_place_is_not_the_latest(happening: str) -> None:
    case = CaseFactory(published=True)
    EventFactory(case=case, title="filed", date=parse("1 April 2025"), published=True)
    EventFactory(
        case=case, title="to come", kind=Kind.HEARING, date=parse("1 May 2199"), happening=happening, published=True
    )
    latest = line_of(case).latest
    assert latest is not None
    assert latest.title == "filed"


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_hidden_is_neither_the_latest_nor_changes_the_order(hidden: str) -> None:
    for name, seen, secret in (("a", "2 April 2025", "1 April 1900"), ("b", "1 April 2025", "3 April 2025")):
        case = CaseFactory(name=name, published=True)
        EventFactory(case=case, title=f"seen {name}", date=parse(seen), published=True)
        EventFactory(case=case, title="secret", date=parse(secret), **{hidden: True})
        latest = line_of(case).latest
        assert latest is not None
        assert latest.title == f"seen {name}"
    assert in_order(listing.RECENT_FIRST) == ["a", "b"]
    assert in_order(listing.OLDEST_FIRST) == ["b", "a"]


def test_the_latest_of_one_day_is_the_last_of_the_timeline() -> None:
    case = CaseFactory(published=True)
    for title, place in (("last", 3), ("first", 1), ("second", 2)):
        RulingFactory(case=case, title=title, day_order=place, published=True)
    latest = line_of(case).latest
    assert latest is not None
    assert latest.title == "last"


def test_names_are_ordered_without_regard_to_accents_and_capitals() -> None:
    for name in ("zebra", "Émile", "eagle", "Zoo", "Ábrego", "abacus"):
        CaseFactory(name=name, published=True)
    assert in_order() == ["abacus", "Ábrego", "eagle", "Émile", "zebra", "Zoo"]


def test_the_three_orders_differ_and_each_ends_in_a_unique_key() -> None:
    for name, days in {"b": ["1 April 2025", "3 April 2025"], "a": ["2 April 2025"], "c": []}.items():
        case = CaseFactory(name=name, published=True)
        for date in days:
            EventFactory(case=case, date=parse(date), published=True)
    assert in_order() == ["a", "b", "c"]
    assert in_order(listing.RECENT_FIRST) == ["b", "a", "c"]
    assert in_order(listing.OLDEST_FIRST) == ["b", "a", "c"]
    for order in (listing.BY_NAME, listing.RECENT_FIRST, listing.OLDEST_FIRST):
        assert listing.in_order(Case.objects.public(), order).query.order_by[-1] in {"pk", "place__case_id"}


def test_cases_of_one_name_keep_their_order() -> None:
    cases = [CaseFactory(name="Same", published=True) for _ in range(5)]
    for order in (listing.BY_NAME, listing.RECENT_FIRST, listing.OLDEST_FIRST):
        assert list(listing.in_order(Case.objects.public(), order)) == cases


@pytest.mark.parametrize("order", [listing.BY_NAME, listing.RECENT_FIRST, listing.OLDEST_FIRST])
def test_an_invented_case_stands_last(order: str) -> None:
    for name, invented in (("A v. B", True), ("Zoe v. Yak", False)):
        EventFactory(case=CaseFactory(name=name, is_invented=invented, published=True), published=True)
    assert in_order(order) == ["Zoe v. Yak", "A v. B"]


def test_lines_take_two_queries_however_many_they_are_and_their_order_by_day_one() -> None:
    counts = []
    for wanted in (1, 3, 200):
        for _ in range(min(3, wanted - Case.objects.count())):
            case = CaseFactory(published=True)
            case.topics.add(TopicFactory())
            DocketNumberFactory(proceeding=ProceedingFactory(case=case))
            EventFactory(case=case, published=True)
        Case.objects.bulk_create(
            CaseFactory.build(
                state="published", published_from="2025-01-01T00:00Z", first_public_at="2025-01-01T00:00Z"
            )
            for _ in range(wanted - Case.objects.count())
        )
        with CaptureQueriesContext(connection) as captured:
            assert len(in_order(listing.RECENT_FIRST)) == wanted
        counts.append(len(captured))
    assert counts == [3, 3, 3]
