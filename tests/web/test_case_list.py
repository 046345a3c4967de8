"""The list of cases and its filters."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from factories import (
    CaseFactory,
    CourtFactory,
    Dispute,
    DocketNumberFactory,
    EventFactory,
    JudgeFactory,
    PartyFactory,
    PartyRoleFactory,
    ProceedingFactory,
    RulingFactory,
    RulingJudgeFactory,
    TopicFactory,
    TreatmentFactory,
    publication_columns,
)
from pages import fetch, query_of, words

from casetracker.dates import parse
from casetracker.models import Case, Level, Outcome, PartyKind, Status, Verb
from casetracker.web.views import cases as view

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld"]


@pytest.fixture
def other(dispute: Dispute) -> Case:
    """A concluded case of a court of its own, in 1952."""
    case: Case = CaseFactory(
        name="Brown v. Board", short_name="Brown", status=Status.CONCLUDED, summary="Schools.", published=True
    )
    court = CourtFactory(id="kansas", name="District Court of Kansas", supreme=True)
    DocketNumberFactory(proceeding=ProceedingFactory(case=case, court=court), number="No. 8")
    RulingFactory(
        case=case,
        court=court,
        title="Decree",
        summary="Schools are opened to all.",
        date=parse("17 May 1954"),
        outcome=Outcome.DENIED,
        published=True,
    )
    return case


# --- what it shows --------------------------------------------------------------------------------------------------


def test_it_tells_of_each_case_its_courts_numbers_topics_and_latest_entry(client: Client, dispute: Dispute) -> None:
    dispute.case.topics.add(TopicFactory(name="Loans"))
    page = fetch(client, "/cases/")
    assert (page.heading, page.title) == ("Cases", "Cases · Casetracker")
    assert words(page.one("p", cls="count")) == "1 case"
    (item,) = page.all("li", cls="case")
    assert words(item.find("h2")) == dispute.case.name
    text = words(item)
    for told in ("Ongoing", "Loans", "D. Md. 8:25-cv-00951", "4th Cir. 25-1345", "Smith asks the court"):
        assert told in text
    assert page.links["The parties agree"] == dispute.agreement.get_absolute_url()
    assert page.links[dispute.case.name] == dispute.case.get_absolute_url()


@pytest.mark.parametrize("summary", ["Smith & Jones say <b>nothing</b>.", 'He said "no" to A < B.'])
def test_signs_in_a_summary_are_shown_as_they_were_typed(client: Client, summary: str) -> None:
    CaseFactory(summary=summary, published=True)
    (item,) = fetch(client, "/cases/").all("li", cls="case")
    assert words(item).replace("“", '"').replace("”", '"').count(summary) == 1


@pytest.mark.parametrize("hidden", HIDDEN)
def test_it_knows_nothing_of_hidden_cases(client: Client, hidden: str) -> None:
    CaseFactory(name="Secret v. Hidden", **{hidden: True})
    page = fetch(client, "/cases/")
    assert page.cases == []
    assert "Secret" not in page.response.content.decode()
    assert words(page.one("p", cls="count")) == "0 cases"
    assert "No case matches" in page.main


def test_an_invented_case_says_so(client: Client) -> None:
    CaseFactory(is_invented=True, published=True)
    assert "Invented example" in words(fetch(client, "/cases/").one("li", cls="case"))


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def thirty() -> list[str]:
    """The names of thirty cases in their order."""
    names = [f"Case {number:02}" for number in range(30)]
    Case.objects.bulk_create(CaseFactory.build(name=name, **publication_columns()) for name in names)
    return names


def test_a_long_list_is_in_pages_that_lead_to_one_another(client: Client, thirty: list[str]) -> None:
    first = fetch(client, "/cases/?sort=name")
    assert first.cases == thirty[: view.CASES_PER_PAGE]
    assert words(first.one("p", cls="count")) == "30 cases"
    assert "Page 1 of 2" in first.main
    assert first.maybe("a", rel="prev") is None
    address = first.one("a", rel="next").attrib["href"]
    assert query_of(address) == {"sort": ["name"], "page": [f"after~name~0~case 24~{slug_of('Case 24')}"]}
    second = fetch(client, f"/cases/{address}")
    assert second.cases == thirty[view.CASES_PER_PAGE :]
    assert second.maybe("a", rel="next") is None
    assert "Last page" in second.main
    back = second.one("a", rel="prev").attrib["href"]
    assert query_of(back) == {"sort": ["name"], "page": [f"before~name~0~case 25~{slug_of('Case 25')}"]}
    assert fetch(client, f"/cases/{back}").cases == first.cases
    assert fetch(client, f"/cases/{first.links['Last']}").cases == second.cases
    assert fetch(client, f"/cases/{second.links['First']}").cases == first.cases


def slug_of(name: str) -> str:
    return str(Case.objects.get(name=name).slug)


def test_an_old_address_with_the_number_of_a_page_leads_where_it_led(client: Client, thirty: list[str]) -> None:
    page = fetch(client, "/cases/?sort=name&page=2")
    assert page.cases == thirty[view.CASES_PER_PAGE :]
    assert "Page 2 of 2" in page.main


@pytest.mark.parametrize("page", ["after~name", "before~recent~0~~a", "from~name~1", "from~"])
def test_an_address_that_is_cut_off_says_so(client: Client, thirty: list[str], page: str) -> None:
    shown = fetch(client, "/cases/", {"page": page, "sort": "name"}, status=400)
    assert "cut off or mistyped" in shown.main


def test_a_long_list_leads_to_its_letters_or_years(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "CASES_PER_PAGE", 2)
    for number, name in enumerate(["Adam", "Bell", "Cole", "Dorn", "Eddy", "Ford", "Gale", "Hale", "Iles", "Judd"]):
        EventFactory(case=CaseFactory(name=name, published=True), date=parse(f"1 May {1990 + number}"), published=True)
    by_name = fetch(client, "/cases/?status=ongoing")
    at = by_name.links["G"]
    assert query_of(at) == {"status": ["ongoing"], "page": ["from~name~g"]}
    assert fetch(client, f"/cases/{at}").cases == ["Gale", "Hale"]
    by_day = fetch(client, "/cases/?sort=recent")
    assert fetch(client, f"/cases/{by_day.links['1995']}").cases == ["Ford", "Eddy"]
    assert [words(item) for item in by_day.all("a", **{"aria-current": "true"}) if words(item).isdigit()] == ["1999"]
    monkeypatch.setattr(view, "CASES_PER_PAGE", 25)
    assert fetch(client, "/cases/").maybe("nav", cls="jumps") is None


@pytest.mark.parametrize(
    "page", ["0", "-5", "3", "999999999", "9999999999", "abc", "1e5", "1.5", "٢", "２", " 1", "+1", "01", "9" * 5000]
)
def test_a_page_that_is_not_there_is_not_found(client: Client, thirty: list[str], page: str) -> None:
    assert fetch(client, "/cases/", {"page": page}, status=404).heading == "There is no such page"


def test_an_empty_page_number_is_the_first_page(client: Client, thirty: list[str]) -> None:
    assert fetch(client, "/cases/?page=").cases == thirty[: view.CASES_PER_PAGE]


@pytest.mark.parametrize(
    "address",
    [
        "/cases/",
        "/cases/?sort=recent",
        "/cases/?q=%22smith%22&court=court0&after=2025&outcome=granted&judge=bench&party=smith&topic=t",
    ],
)
def test_it_takes_the_same_few_queries_for_1_3_and_200_cases(
    client: Client, count_queries: Callable[[str], int], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(view, "CASES_PER_PAGE", 200)
    court, topic = CourtFactory(id="court0"), TopicFactory(slug="t")
    counts = []
    for wanted in (1, 3, 200):
        for _ in range(min(3, wanted - Case.objects.count())):
            case = CaseFactory(published=True)
            case.topics.add(topic)
            proceeding = ProceedingFactory(case=case, court=court)
            DocketNumberFactory(proceeding=proceeding)
            PartyRoleFactory(proceeding=proceeding)
            RulingJudgeFactory(ruling=RulingFactory(case=case, court=court, published=True))
        Case.objects.bulk_create(
            CaseFactory.build(**publication_columns()) for _ in range(wanted - Case.objects.count())
        )
        counts.append(count_queries(address))
    assert len(set(counts)) == 1, counts
    # A search asks what the words mean and how common they are, and tells where they stand.
    assert counts[0] <= (18 if "q=" in address else 8)


# --- each filter ----------------------------------------------------------------------------------------------------


def names(client: Client, **asked: Any) -> set[str]:
    page = fetch(client, "/cases/", asked)
    assert page.problems == {}
    return set(page.cases)


def test_court_level_status_and_topic_narrow(client: Client, dispute: Dispute, other: Case) -> None:
    dispute.case.topics.add(TopicFactory(slug="loans"))
    ours, both = {dispute.case.name}, {dispute.case.name, other.name}
    assert names(client) == both
    assert names(client, court=dispute.trial_court.pk) == ours
    assert names(client, court="kansas") == {other.name}
    assert names(client, court=["kansas", dispute.appeals_court.pk]) == both
    assert names(client, level=Level.APPELLATE) == ours
    assert names(client, level=[Level.APPELLATE, Level.SUPREME]) == both
    assert names(client, court="kansas", level=Level.TRIAL) == set()
    assert names(client, status=Status.CONCLUDED) == {other.name}
    assert names(client, status=Status.ONGOING) == ours
    assert names(client, topic="loans") == ours
    assert names(client, topic="loans", status=Status.CONCLUDED) == set()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"after": "2025-04-10"}, "ours"),
        ({"after": "2025-04-11"}, ""),
        ({"after": "2025-04"}, "ours"),
        ({"after": "2026"}, ""),
        ({"before": "1954"}, "other"),
        ({"before": "1954-05"}, "other"),
        ({"before": "1954-05-16"}, ""),
        ({"before": "2025-04-01"}, "both"),
        ({"after": "1954", "before": "1954"}, "other"),
        ({"decided_after": "2025-04-07"}, "ours"),
        ({"decided_after": "2025-04-08"}, ""),
        ({"decided_before": "2025-04-03"}, "other"),
        ({"decided_after": "1954-05-17", "decided_before": "1954-05-17"}, "other"),
        ({"after": "17 May 1954", "before": "May 1954"}, "other"),
    ],
)
def test_dates_narrow_to_cases_with_an_entry_in_the_range(
    client: Client, dispute: Dispute, other: Case, asked: dict[str, str], found: str
) -> None:
    wanted = {"ours": {dispute.case.name}, "other": {other.name}, "both": {dispute.case.name, other.name}, "": set()}
    assert names(client, **asked) == wanted[found]


def test_an_uncertain_date_is_in_every_range_in_which_it_may_lie(client: Client) -> None:
    case = CaseFactory(name="Marbury v. Madison", published=True)
    EventFactory(case=case, date=parse("between 15 and 24 March 1801"), published=True)
    for asked, is_found in (
        ({"after": "1801-03-24"}, True),
        ({"after": "1801-03-25"}, False),
        ({"before": "1801-03-15"}, True),
        ({"before": "1801-03-14"}, False),
        ({"after": "1801-03-20", "before": "1801-03-20"}, True),
        ({"after": "1801", "before": "1801"}, True),
    ):
        assert bool(names(client, **asked)) == is_found, asked


@pytest.mark.parametrize(
    ("outcome", "found"),
    [
        ("granted", "ours"),
        ("denied", "other"),
        ("dismissed", ""),
        ("affirmed", "ours"),
        ("vacated", "ours"),
        ("reversed", ""),
        ("remanded", ""),
    ],
)
def test_outcomes_are_found_whether_given_or_derived(
    client: Client, dispute: Dispute, other: Case, outcome: str, found: str
) -> None:
    wanted = {"ours": {dispute.case.name}, "other": {other.name}, "": set()}[found]
    assert names(client, outcome=outcome) == wanted


def test_several_outcomes_mean_any_of_them(client: Client, dispute: Dispute, other: Case) -> None:
    TreatmentFactory(act=other.events.get(), target=None, target_court=dispute.trial_court, verb=Verb.REVERSES)
    assert names(client, outcome=["granted", "reversed"]) == {dispute.case.name, other.name}
    assert names(client, outcome="reversed") == {other.name}


def test_several_topics_statuses_and_kinds_of_party_mean_any_of_them(
    client: Client, dispute: Dispute, other: Case
) -> None:
    dispute.case.topics.add(TopicFactory(slug="loans"))
    other.topics.add(TopicFactory(slug="schools"))
    PartyRoleFactory(proceeding=other.proceedings.get(), party=PartyFactory(kind=PartyKind.GOVERNMENT))
    ours, both = {dispute.case.name}, {dispute.case.name, other.name}
    assert names(client, topic=["loans", "schools"]) == names(client, status=["ongoing", "concluded"]) == both
    assert names(client, party_kind="government") == {other.name}
    assert names(client, party_kind=["government", "private_person", "person"]) == both
    assert names(client, party_kind="organization") == set()
    assert names(client, topic=["loans", "schools"], status="ongoing") == ours


def test_party_and_judge_narrow_by_name_or_slug(client: Client, dispute: Dispute, other: Case) -> None:
    ruling = other.events.get()
    RulingJudgeFactory(ruling=ruling, judge=JudgeFactory(name="Earl Warren", slug="earl-warren"))
    PartyRoleFactory(proceeding=other.proceedings.get(), party=PartyFactory(name="Oliver Brown", slug="oliver-brown"))
    assert names(client, party="oliver brown") == names(client, party="oliver-brown") == {other.name}
    assert names(client, party="Jo Sm") == {dispute.case.name}
    assert names(client, judge="warren") == names(client, judge="earl-warren") == {other.name}
    assert names(client, judge="warren", decided_after="2000") == set()
    assert names(client, party="nobody") == names(client, judge="nobody") == set()


@pytest.mark.parametrize(
    "asked", ["8:25-cv-00951", "25-cv-951", "No. 25-1345", "25-1345", "Smith", "returns book", "Jo Smith"]
)
def test_words_find_by_name_entry_party_and_docket_number_in_any_spelling(
    client: Client, dispute: Dispute, other: Case, asked: str
) -> None:
    # A number alone would lead straight to its case.
    assert names(client, q=asked, sort="name") == {dispute.case.name}


def test_the_words_that_were_asked_stand_in_the_search_box(client: Client, dispute: Dispute) -> None:
    page = fetch(client, "/cases/", {"q": '<b>"smith" & jones'})
    assert page.by_id("id_q").attrib["value"] == '<b>"smith" & jones'


# --- one and the same entry -----------------------------------------------------------------------------------------


def test_court_date_outcome_and_judge_hold_for_one_and_the_same_entry(client: Client, dispute: Dispute) -> None:
    """The order is of D. Md., 4 April, granted; the opinion of the 4th Circuit, 7 April, with no judge."""
    trial, appeal = dispute.trial_court.pk, dispute.appeals_court.pk
    judge = dispute.judge.slug
    ours = {dispute.case.name}
    assert names(client, court=trial, outcome="granted", judge=judge, after="2025-04-04", before="2025-04-04") == ours
    # Each of these is true of the case, not of one entry.
    assert names(client, court=appeal) == names(client, outcome="granted") == ours
    assert names(client, court=appeal, outcome="granted") == set()
    assert names(client, court=appeal, judge=judge) == set()
    assert names(client, court=trial, decided_after="2025-04-05") == set()
    assert names(client, outcome="affirmed", judge=judge) == set()
    assert names(client, outcome="affirmed", before="2025-04-06") == set()
    assert names(client, level=Level.TRIAL, outcome="affirmed") == set()
    assert names(client, judge=judge, after="2025-04-05") == set()


# --- order ----------------------------------------------------------------------------------------------------------


def test_it_can_be_ordered_by_name_by_latest_and_by_oldest_entry(client: Client, dispute: Dispute, other: Case) -> None:
    ours = dispute.case.name
    assert fetch(client, "/cases/").cases == [other.name, ours]
    assert fetch(client, "/cases/?sort=name").cases == [other.name, ours]
    assert fetch(client, "/cases/?sort=recent").cases == [ours, other.name]
    assert fetch(client, "/cases/?sort=first").cases == [other.name, ours]


# --- chips ----------------------------------------------------------------------------------------------------------


def test_each_filter_that_is_on_is_a_chip_that_removes_exactly_that(
    client: Client, dispute: Dispute, other: Case
) -> None:
    asked = {
        "q": ["smith"],
        "court": [dispute.trial_court.pk, "kansas"],
        "level": ["trial"],
        "after": ["2025-04"],
        "outcome": ["granted", "denied"],
        "status": ["ongoing"],
        "party": ["jo"],
        "sort": ["recent"],
    }
    page = fetch(client, "/cases/", asked)
    labels = {
        "Words or docket number: smith": ("q", "smith"),
        f"Court: {dispute.trial_court.name}": ("court", dispute.trial_court.pk),
        "Court: District Court of Kansas": ("court", "kansas"),
        "Level: Trial court": ("level", "trial"),
        "Entry on or after: 2025-04": ("after", "2025-04"),
        "Outcome of a ruling: Granted": ("outcome", "granted"),
        "Outcome of a ruling: Denied": ("outcome", "denied"),
        "Status: Ongoing": ("status", "ongoing"),
        "Party: jo": ("party", "jo"),
    }
    assert list(page.chips) == list(labels)
    for label, (name, value) in labels.items():
        rest = {key: [other for other in values if (key, other) != (name, value)] for key, values in asked.items()}
        assert query_of(page.chips[label]) == {key: values for key, values in rest.items() if values}, label


def test_a_chip_leads_back_to_the_first_page(client: Client, thirty: list[str]) -> None:
    page = fetch(client, "/cases/?status=ongoing&q=case&page=2")
    for address in page.chips.values():
        assert "page" not in query_of(address)


def test_taking_all_chips_away_one_by_one_ends_at_the_whole_list(client: Client, dispute: Dispute, other: Case) -> None:
    address = f"/cases/?q=smith&court={dispute.trial_court.pk}&outcome=granted&decided_after=2025"
    for left in (4, 3, 2, 1):
        page = fetch(client, address)
        assert len(page.chips) == left
        address = f"/cases/{next(iter(page.chips.values()))}"
    page = fetch(client, address)
    assert page.chips == {}
    assert page.cases == [other.name, dispute.case.name]


def test_no_filter_is_no_chip(client: Client, dispute: Dispute) -> None:
    for address in ("/cases/", "/cases/?q=&court=&after=+&sort=name", "/cases/?unknown=1"):
        assert fetch(client, address).chips == {}


def test_the_form_keeps_what_was_chosen(client: Client, dispute: Dispute) -> None:
    asked = {"court": dispute.trial_court.pk, "outcome": "granted", "after": "2025-04", "status": "ongoing"}
    page = fetch(client, "/cases/", asked)
    # The other court has no such ruling, and is not offered.
    assert page.boxes("court") == {dispute.trial_court.pk: True}
    assert [value for value, ticked in page.boxes("outcome").items() if ticked] == ["granted"]
    assert page.by_id("id_after").attrib["value"] == "2025-04"
    assert page.boxes("status") == {"ongoing": True, "concluded": False}


# --- mistakes -------------------------------------------------------------------------------------------------------

MISTAKES = {
    "q": "x" * 201,
    "court": "nowhere",
    "level": "nothing",
    "after": "2024-02-30",
    "before": "soon",
    "decided_after": "10/04/2025",
    "decided_before": "99999-01-01",
    "outcome": "won",
    "topic": "nothing",
    "status": "draft",
    "party": "x" * 121,
    "party_kind": "somebody",
    "judge": "x" * 121,
    "sort": "random()",
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_beside_its_field_and_in_a_list_and_does_not_narrow(
    client: Client, dispute: Dispute, other: Case, name: str
) -> None:
    page = fetch(client, "/cases/", {name: MISTAKES[name]})
    beside = page.field_errors(f"id_{name}")
    assert len(beside) == 1
    assert len(beside[0]) > 15
    ((line, target),) = page.problems.items()
    assert beside[0] in line
    assert page.by_id(target.removeprefix("#")) is not None
    assert "A filter could not be read" in page.main
    assert page.cases == [other.name, dispute.case.name]
    assert page.chips == {}


def test_a_mistake_in_one_filter_leaves_the_others_on(client: Client, dispute: Dispute, other: Case) -> None:
    page = fetch(client, "/cases/", {"after": "soon", "court": "kansas", "sort": "recent"})
    assert page.cases == [other.name]
    assert list(page.chips) == ["Court: District Court of Kansas"]


def test_a_range_that_ends_before_it_begins_is_a_mistake(client: Client, dispute: Dispute) -> None:
    for prefix in ("", "decided_"):
        page = fetch(client, "/cases/", {f"{prefix}after": "2025-04-11", f"{prefix}before": "2025-04-10"})
        assert page.field_errors(f"id_{prefix}before") == ["This is before the first day of the range."]
        assert fetch(client, "/cases/", {f"{prefix}after": "2025-04", f"{prefix}before": "2025-04-10"}).problems == {}


def test_two_mistakes_are_told_both(client: Client, dispute: Dispute) -> None:
    page = fetch(client, "/cases/", {"after": "soon", "before": "later"})
    assert len(page.problems) == 2
    assert page.field_errors("id_after")
    assert page.field_errors("id_before")


# --- which courts and topics are offered ----------------------------------------------------------------------------


def test_only_courts_and_topics_of_public_cases_are_offered(client: Client, dispute: Dispute) -> None:
    CourtFactory(id="empty")
    shown, hidden = TopicFactory(slug="shown"), TopicFactory(slug="hidden")
    dispute.case.topics.add(shown)
    for state in HIDDEN:
        case = CaseFactory(**{state: True})
        case.topics.add(hidden)
        ProceedingFactory(case=case, court=CourtFactory(id=f"of-{state.replace('_', '-')}"))
        EventFactory(case=dispute.case, court=CourtFactory(id=f"in-{state.replace('_', '-')}"), **{state: True})
    page = fetch(client, "/cases/")
    assert set(page.boxes("court")) == {dispute.trial_court.pk, dispute.appeals_court.pk}
    assert set(page.boxes("topic")) == {"shown"}


def test_a_court_with_a_public_entry_but_no_proceeding_is_offered(client: Client, dispute: Dispute) -> None:
    EventFactory(case=dispute.case, court=CourtFactory(id="visited"), published=True)
    assert "visited" in fetch(client, "/cases/").boxes("court")


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_hidden_court_or_topic_is_answered_as_an_unknown_one(client: Client, dispute: Dispute, hidden: str) -> None:
    case = CaseFactory(**{hidden: True})
    ProceedingFactory(case=case, court=CourtFactory(id="hidden-court"))
    case.topics.add(TopicFactory(slug="hidden-topic"))
    for name in ("court", "topic"):
        secret = fetch(client, "/cases/", {name: f"hidden-{name}"}).response.content.decode()
        unknown = fetch(client, "/cases/", {name: f"absent-{name}"}).response.content.decode()
        assert secret.replace("hidden", "absent") == unknown


# --- what search engines see ----------------------------------------------------------------------------------------


def test_a_filtered_list_is_not_for_search_engines_and_names_the_whole_list(client: Client, dispute: Dispute) -> None:
    plain = fetch(client, "/cases/")
    assert plain.is_indexed
    for query in ("q=smith", f"court={dispute.trial_court.pk}", "after=2025", "sort=recent", "outcome=won", "judge=x"):
        page = fetch(client, f"/cases/?{query}")
        assert not page.is_indexed, query
        assert page.canonical == plain.canonical == "http://testserver/cases/"


def test_the_filter_form_works_without_script(client: Client, dispute: Dispute) -> None:
    """All fields are in one form that asks by address, and each has a label."""
    dispute.case.topics.add(TopicFactory())
    page = fetch(client, "/cases/")
    form = page.by_id("filters")
    assert form.tag == "form"
    assert form.attrib["action"] == "/cases/"
    assert form.attrib.get("method", "get") == "get"
    fields = [element for element in form.iter() if element.tag in {"input", "select"}] + [page.by_id("id_q")]
    assert {field.attrib["name"] for field in fields} == set(MISTAKES)
    labels = {label.attrib["for"] for label in page.all("label")}
    assert {field.attrib["id"] for field in fields} <= labels
