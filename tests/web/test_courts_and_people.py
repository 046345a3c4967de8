"""Courts by level, one court, and what is public about a party and a judge."""

from collections.abc import Callable

import pytest
from django.test import Client
from factories import (
    STATES,
    CaseFactory,
    CourtFactory,
    Dispute,
    EventFactory,
    JudgeFactory,
    PartyFactory,
    PartyRoleFactory,
    ProceedingFactory,
    ProceedingJudgeFactory,
    RepresentationFactory,
    RulingFactory,
    RulingJudgeFactory,
    two_court_dispute,
)
from pages import fetch, query_of, words

from casetracker.dates import UncertainDate, parse
from casetracker.models import Court, Level, PartyKind, Role
from casetracker.web.views import courts as courts_view
from casetracker.web.views import people as people_view

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld"]


# --- courts ---------------------------------------------------------------------------------------------------------


def test_courts_stand_under_their_levels_with_how_much_is_told_of_them(client: Client, dispute: Dispute) -> None:
    page = fetch(client, "/courts/")
    assert page.heading == "Courts"
    levels = [words(section.find("h2")) for section in page.all("section", cls="court-level")]
    assert levels == ["Courts of appeal", "Trial courts"]
    assert page.links[dispute.trial_court.name] == dispute.trial_court.get_absolute_url()
    lines = [words(item) for section in page.all("section", cls="court-level") for item in section.iter("li")]
    assert f"{dispute.appeals_court.name}Federal (United States) · 4th Cir. · 1 entry" in lines
    assert any(line.endswith("4 entries") for line in lines)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_court_of_hidden_things_alone_is_not_there(client: Client, dispute: Dispute, hidden: str) -> None:
    plain = client.get("/courts/").content
    one, two = CourtFactory(name="Secret Court"), CourtFactory(name="Hidden Court")
    one.appeals_to.add(dispute.appeals_court)
    dispute.appeals_court.appeals_to.add(two)
    case = CaseFactory()
    ProceedingFactory(case=case, court=one)
    EventFactory(case=case, court=one, published=True)
    STATES[hidden](case)
    EventFactory(case=dispute.case, court=two, **{hidden: True})
    assert client.get("/courts/").content == plain
    unknown = client.get("/courts/nowhere/")
    for court in (one, two):
        response = client.get(court.get_absolute_url())
        assert (response.status_code, response.content) == (404, unknown.content)
    main = fetch(client, dispute.appeals_court.get_absolute_url()).main
    assert "Secret Court" not in main
    assert "Hidden Court" not in main


def test_no_courts_say_so(client: Client) -> None:
    CourtFactory()
    assert "No court has anything public yet" in fetch(client, "/courts/").main


def test_a_court_tells_of_its_cases_rulings_and_the_way_of_appeal(client: Client, dispute: Dispute) -> None:
    dispute.trial_court.website = "https://court.example/"
    dispute.trial_court.save()
    page = fetch(client, dispute.trial_court.get_absolute_url())
    assert page.heading == dispute.trial_court.name
    for told in ("Trial court", "Federal (United States)", "cited as D. Md.", "4 entries, 1 ruling", dispute.case.name):
        assert told in page.main, told
    assert page.links[dispute.appeals_court.name] == dispute.appeals_court.get_absolute_url()
    assert page.links["Website of the court"] == "https://court.example/"
    assert page.links["Order to return the book"] == dispute.order.get_absolute_url()
    assert page.links["All rulings of this court"] == f"/rulings/?court={dispute.trial_court.pk}"
    assert "Opinion on appeal" not in [words(heading) for heading in page.all("h3")]
    above = fetch(client, dispute.appeals_court.get_absolute_url())
    assert "Hears appeals from" in above.main
    assert above.links[dispute.trial_court.name] == dispute.trial_court.get_absolute_url()


def test_a_court_with_a_proceeding_alone_has_a_page(client: Client) -> None:
    proceeding = ProceedingFactory(case=CaseFactory(name="Filed v. Only", published=True))
    page = fetch(client, proceeding.court.get_absolute_url())
    assert page.cases == ["Filed v. Only"]
    assert "0 entries, 0 rulings" in page.main


def test_a_court_visited_by_one_entry_has_its_case(client: Client) -> None:
    event = EventFactory(case=CaseFactory(name="Visited v. Once", published=True), court=CourtFactory(), published=True)
    assert fetch(client, event.court.get_absolute_url()).cases == ["Visited v. Once"]


def test_the_cases_of_a_court_are_in_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courts_view, "CASES_PER_PAGE", 2)
    court = CourtFactory()
    for name in ("A", "B", "C"):
        ProceedingFactory(case=CaseFactory(name=name, published=True), court=court)
    first = fetch(client, court.get_absolute_url())
    assert first.cases == ["A", "B"]
    assert query_of(first.one("a", rel="next").attrib["href"]) == {"page": ["2"]}
    assert fetch(client, f"{court.get_absolute_url()}?page=2").cases == ["C"]
    fetch(client, f"{court.get_absolute_url()}?page=3", status=404)


@pytest.mark.parametrize("level", Level.values)
def test_every_level_is_listed(client: Client, level: str) -> None:
    court: Court = CourtFactory(level=level)
    ProceedingFactory(case=CaseFactory(published=True), court=court)
    page = fetch(client, "/courts/")
    assert court.name in page.links
    assert fetch(client, court.get_absolute_url()).heading == court.name


def test_courts_take_the_same_queries_for_1_3_and_200(
    count_queries: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courts_view, "CASES_PER_PAGE", 200)
    monkeypatch.setattr(courts_view, "LATEST_RULINGS", 200)
    busy = CourtFactory()
    counts = []
    made = 0
    for wanted in (1, 3, 200):
        for number in range(made, wanted):
            case = CaseFactory(published=True)
            court = CourtFactory() if number < 20 else busy
            court.appeals_to.add(busy) if court != busy else None
            ProceedingFactory(case=case, court=court)
            ProceedingFactory(case=case, court=busy)
            if number < 20:
                RulingFactory(case=case, court=busy, published=True)
        made = wanted
        counts.append((count_queries("/courts/"), count_queries(busy.get_absolute_url())))
    assert len(set(counts)) == 1, counts
    assert max(counts[0]) <= 12


# --- parties --------------------------------------------------------------------------------------------------------


def test_a_party_tells_of_its_cases_roles_and_counsel(client: Client, dispute: Dispute) -> None:
    dispute.plaintiff.description = "A reader"
    dispute.plaintiff.save()
    page = fetch(client, dispute.plaintiff.get_absolute_url())
    assert page.heading == "Jo Smith"
    assert page.title == "Jo Smith · Casetracker"
    counsel = dispute.trial.representations.get().attorney
    for told in (
        "Person in public life", "A reader", dispute.case.name, "D. Md.", "8:25-cv-00951", "Plaintiff", "25-1345",
        "Appellee", f"Counsel: {counsel.name}, {counsel.firm}",
    ):  # fmt: skip
        assert told in page.main, told
    assert page.links[dispute.case.name] == dispute.case.get_absolute_url()
    assert page.is_indexed
    assert "Defendant" not in page.main


@pytest.mark.parametrize(
    ("fields", "indexed"),
    [
        ({"kind": PartyKind.PERSON}, True),
        ({"kind": PartyKind.GOVERNMENT}, True),
        ({"kind": PartyKind.ORGANIZATION}, True),
        ({"kind": PartyKind.PRIVATE_PERSON}, False),
        ({"kind": PartyKind.PERSON, "is_minor": True, "name": "A.B."}, False),
    ],
)
def test_pages_of_private_persons_and_minors_are_not_for_search_engines(
    client: Client, dispute: Dispute, fields: dict[str, str], indexed: bool
) -> None:
    party = PartyFactory(**fields)
    PartyRoleFactory(proceeding=dispute.trial, party=party)
    page = fetch(client, party.get_absolute_url())
    assert page.is_indexed == indexed
    assert ("only initials are kept" in page.main) == bool(fields.get("is_minor"))
    assert (party.get_absolute_url() in client.get("/sitemap.xml").content.decode()) == indexed


@pytest.mark.parametrize("hidden", HIDDEN)
def test_of_a_party_nothing_hidden_is_told(client: Client, dispute: Dispute, hidden: str) -> None:
    before = client.get(dispute.plaintiff.get_absolute_url()).content
    proceeding = ProceedingFactory(case=CaseFactory(name="Secret v. Hidden"))
    stranger = PartyFactory(name="Secret Person")
    for party in (dispute.plaintiff, stranger):
        PartyRoleFactory(proceeding=proceeding, party=party)
        RepresentationFactory(proceeding=proceeding, party=party)
    STATES[hidden](proceeding.case)
    assert client.get(dispute.plaintiff.get_absolute_url()).content == before
    response = client.get(stranger.get_absolute_url())
    assert (response.status_code, response.content) == (404, client.get("/parties/nobody/").content)


def test_two_roles_in_one_proceeding_are_one_line(client: Client, dispute: Dispute) -> None:
    PartyRoleFactory(
        proceeding=dispute.trial, party=dispute.plaintiff, role=Role.MOVANT, terminated=UncertainDate.on(2025, 5)
    )
    main = fetch(client, dispute.plaintiff.get_absolute_url()).main
    assert "Plaintiff, Movant until May 2025" in main


def test_a_party_takes_the_same_queries_in_1_3_and_50_cases(count_queries: Callable[[str], int]) -> None:
    party = PartyFactory()
    counts = []
    made = 0
    for wanted in (1, 3, 50):
        for _ in range(made, wanted):
            proceeding = ProceedingFactory(case=CaseFactory(published=True))
            PartyRoleFactory(proceeding=proceeding, party=party)
            RepresentationFactory(proceeding=proceeding, party=party)
        made = wanted
        counts.append(count_queries(party.get_absolute_url()))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 6


# --- judges ---------------------------------------------------------------------------------------------------------


def test_a_judge_tells_of_proceedings_and_rulings(client: Client, dispute: Dispute) -> None:
    page = fetch(client, dispute.judge.get_absolute_url())
    assert page.heading == dispute.judge.name
    for told in ("District Judge", "8:25-cv-00951", "Assigned", "Order to return the book", dispute.case.name):
        assert told in page.main, told
    assert "Opinion on appeal" not in [words(heading) for heading in page.all("h3")]
    assert page.links["Order to return the book"] == dispute.order.get_absolute_url()


def test_a_judge_of_one_ruling_or_one_proceeding_alone_has_a_page(client: Client, dispute: Dispute) -> None:
    ruled, assigned = JudgeFactory(), JudgeFactory()
    RulingJudgeFactory(ruling=dispute.appeal_order, judge=ruled)
    ProceedingJudgeFactory(proceeding=dispute.appeal, judge=assigned)
    assert "Opinion on appeal" in fetch(client, ruled.get_absolute_url()).main
    assert "25-1345" in fetch(client, assigned.get_absolute_url()).main


@pytest.mark.parametrize("hidden", HIDDEN)
def test_of_a_judge_nothing_hidden_is_told(client: Client, dispute: Dispute, hidden: str) -> None:
    before = client.get(dispute.judge.get_absolute_url()).content
    stranger = JudgeFactory(name="Secret Judge")
    proceeding = ProceedingFactory(case=CaseFactory())
    for judge in (dispute.judge, stranger):
        ProceedingJudgeFactory(proceeding=proceeding, judge=judge)
        RulingJudgeFactory(ruling=RulingFactory(case=proceeding.case, published=True), judge=judge)
        RulingJudgeFactory(ruling=RulingFactory(case=dispute.case, **{hidden: True}), judge=judge)
    STATES[hidden](proceeding.case)
    assert client.get(dispute.judge.get_absolute_url()).content == before
    response = client.get(stranger.get_absolute_url())
    assert (response.status_code, response.content) == (404, client.get("/judges/nobody/").content)


def test_the_rulings_of_a_judge_are_in_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_view, "RULINGS_PER_PAGE", 2)
    judge = JudgeFactory()
    for day in ("1 April 2025", "2 April 2025", "3 April 2025"):
        RulingJudgeFactory(ruling=RulingFactory(title=f"Of {day}", date=parse(day), published=True), judge=judge)
    first = fetch(client, judge.get_absolute_url())
    assert [words(heading) for heading in first.all("h3")] == ["Of 3 April 2025", "Of 2 April 2025"]
    second = fetch(client, f"{judge.get_absolute_url()}?page=2")
    assert [words(heading) for heading in second.all("h3")] == ["Of 1 April 2025"]


def test_a_judge_is_told_once_for_two_roles_in_a_ruling(client: Client) -> None:
    judge, ruling = JudgeFactory(), RulingFactory(published=True)
    for role in ("author", "presided"):
        RulingJudgeFactory(ruling=ruling, judge=judge, role=role)
    assert len(fetch(client, judge.get_absolute_url()).all("li", cls="entry")) == 1


def test_a_judge_takes_the_same_queries_for_1_3_and_50_rulings(
    count_queries: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_view, "RULINGS_PER_PAGE", 50)
    judge = two_court_dispute().judge
    counts = []
    made = 0
    for wanted in (1, 3, 50):
        for _ in range(made, wanted):
            ruling = RulingFactory(published=True)
            RulingJudgeFactory(ruling=ruling, judge=judge)
            ProceedingJudgeFactory(proceeding=ProceedingFactory(case=ruling.case, court=ruling.court), judge=judge)
        made = wanted
        counts.append(count_queries(judge.get_absolute_url()))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 10
