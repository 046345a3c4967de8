"""Courts by level; one court, a party and a judge, each with its own timeline and filters."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from factories import (
    STATES,
    CaseFactory,
    CourtFactory,
    Dispute,
    DocketEntryFactory,
    DocketNumberFactory,
    EventFactory,
    JudgeFactory,
    PartyFactory,
    PartyRoleFactory,
    ProceedingFactory,
    ProceedingJudgeFactory,
    RepresentationFactory,
    RulingFactory,
    RulingJudgeFactory,
)
from pages import Page, fetch, query_of, words

from casetracker import appearances
from casetracker.dates import UncertainDate, parse
from casetracker.models import Court, Event, Level, PartyKind, Role
from casetracker.web.views import courts as courts_view
from casetracker.web.views import people as people_view

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld"]


def titles(page: Page) -> list[str]:
    """The titles of the entries of the timeline, in order."""
    return [words(entry.find(".//h4")) for entry in page.entries]


def cases_of(page: Page) -> dict[str, str]:
    """What stands beside each case that a court's page names."""
    return {words(item.find("a")): words(item.find("small")) for item in page.all("li", cls="case-here")}


def parts(page: Page) -> dict[str, str]:
    """Under each title of the timeline, the case and what the judge or the party was in it."""
    return {words(entry.find(".//h4")): words(entry.find(".//p[@class='in-case']")) for entry in page.entries}


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
    assert cases_of(page) == {"Filed v. Only": "0 entries here"}
    assert "0 entries, 0 rulings" in page.main
    assert "No entry is recorded yet" in page.main
    assert page.all("form", cls="timeline-filter") == []
    filtered = fetch(client, f"{proceeding.court.get_absolute_url()}?kind=ruling")
    assert filtered.chips == {"Kind: Ruling": "?"}


def test_a_court_visited_by_one_entry_has_its_case(client: Client) -> None:
    event = EventFactory(case=CaseFactory(name="Visited v. Once", published=True), court=CourtFactory(), published=True)
    page = fetch(client, event.court.get_absolute_url())
    assert cases_of(page) == {"Visited v. Once": "1 entry here, latest 4 April 2025"}


@pytest.mark.parametrize("level", Level.values)
def test_every_level_is_listed(client: Client, level: str) -> None:
    court: Court = CourtFactory(level=level)
    ProceedingFactory(case=CaseFactory(published=True), court=court)
    page = fetch(client, "/courts/")
    assert court.name in page.links
    assert fetch(client, court.get_absolute_url()).heading == court.name


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


def test_a_judge_is_told_once_for_two_roles_in_a_ruling(client: Client) -> None:
    judge, ruling = JudgeFactory(), RulingFactory(published=True)
    for role in ("author", "presided"):
        RulingJudgeFactory(ruling=ruling, judge=judge, role=role)
    assert len(fetch(client, judge.get_absolute_url()).all("li", cls="entry")) == 1


# --- their timelines ------------------------------------------------------------------------------------------------


def address_of(who: str, dispute: Dispute) -> str:
    owners: dict[str, Any] = {"court": dispute.trial_court, "judge": dispute.judge, "party": dispute.plaintiff}
    return str(owners[who].get_absolute_url())


def test_the_timeline_of_a_court_has_what_stands_there_newest_first(client: Client, dispute: Dispute) -> None:
    undocketed = EventFactory(case=dispute.case, court=dispute.trial_court, title="Undocketed", published=True)
    page = fetch(client, dispute.trial_court.get_absolute_url())
    assert titles(page)[-1] == "Motion for the return of the book"
    assert set(titles(page)) == {
        "Order to return the book", "Undocketed", "Hearing on the motion", "Opposition to the motion",
        "Motion for the return of the book",
    }  # fmt: skip
    assert {(entry.get("data-court"), entry.get("id")) for entry in page.entries} >= {
        (dispute.trial_court.pk, undocketed.public_id)
    }
    assert {entry.get("data-court") for entry in page.entries} == {dispute.trial_court.pk}
    assert [entry.get("data-kind") for entry in page.entries if entry.get("id") == dispute.hearing.public_id] == [
        "hearing"
    ]
    assert [next(entry.iter("time")).get("datetime") for entry in page.entries] == [
        "2025-04-04", "2025-04-04", "2025-04-03", "2025-04-02", "2025-04-01",
    ]  # fmt: skip
    assert [words(item) for item in page.all("li", cls="month")] == ["April 2025"]
    assert parts(page)["Hearing on the motion"] == f"In {dispute.case.name}"
    assert words(page.one("p", cls="count")) == "5 entries"


def test_the_timeline_of_a_judge_has_the_rulings_and_what_the_judge_did_in_each(
    client: Client, dispute: Dispute
) -> None:
    RulingJudgeFactory(ruling=dispute.appeal_order, judge=dispute.judge, role="dissented")
    # Alone that it was docketed in a proceeding of the judge does not bring an entry there.
    page = fetch(client, dispute.judge.get_absolute_url())
    assert parts(page) == {
        "Opinion on appeal": f"In {dispute.case.name} · Dissented",
        "Order to return the book": f"In {dispute.case.name} · Author",
    }
    assert words(page.one("p", cls="count")) == "2 rulings"
    assert "Proceedings" in [words(heading) for heading in page.all("h2")]


def test_a_judge_who_took_no_part_is_said_to_have_taken_none(client: Client, dispute: Dispute) -> None:
    judge = JudgeFactory()
    RulingJudgeFactory(ruling=dispute.appeal_order, judge=judge, role="not_participating")
    page = fetch(client, judge.get_absolute_url())
    assert parts(page) == {"Opinion on appeal": f"In {dispute.case.name} · Did not take part"}


def test_the_timeline_of_a_party_has_what_is_docketed_in_its_proceedings(client: Client, dispute: Dispute) -> None:
    EventFactory(case=dispute.case, court=dispute.trial_court, title="Undocketed", published=True)
    appellant = PartyFactory(name="Only Above")
    PartyRoleFactory(
        proceeding=dispute.appeal, party=appellant, role=Role.INTERVENOR, terminated=UncertainDate.on(2025, 4, 6)
    )
    page = fetch(client, dispute.plaintiff.get_absolute_url())
    assert list(parts(page).items()) == [
        ("Opinion on appeal", f"In {dispute.case.name} · Appellee"),
        *(
            (title, f"In {dispute.case.name} · Plaintiff")
            for title in (
                "Order to return the book", "Hearing on the motion", "Opposition to the motion",
                "Motion for the return of the book",
            )
        ),
    ]  # fmt: skip
    # A party above alone has nothing of what happened below; that its role has ended takes nothing away.
    above = fetch(client, appellant.get_absolute_url())
    assert titles(above) == ["Opinion on appeal"]
    assert "Intervenor until 6 April 2025" in above.main


def test_an_entry_on_two_dockets_of_a_party_stands_there_once_with_both_roles(client: Client, dispute: Dispute) -> None:
    second = ProceedingFactory(case=dispute.case, court=dispute.trial_court, display_order=3)
    DocketEntryFactory(event=dispute.motion, proceeding=second)
    PartyRoleFactory(proceeding=second, party=dispute.plaintiff, role=Role.MOVANT)
    page = fetch(client, dispute.plaintiff.get_absolute_url())
    assert titles(page).count("Motion for the return of the book") == 1
    assert parts(page)["Motion for the return of the book"] == f"In {dispute.case.name} · Plaintiff, Movant"
    assert words(page.one("p", cls="count")) == "5 entries"


@pytest.mark.parametrize("who", ["court", "judge", "party"])
def test_oldest_first_turns_a_timeline_round(client: Client, dispute: Dispute, who: str) -> None:
    RulingJudgeFactory(ruling=dispute.appeal_order, judge=dispute.judge)
    newest, oldest = (
        titles(fetch(client, address_of(who, dispute) + order)) for order in ("?order=newest", "?order=oldest")
    )
    assert oldest == newest[::-1]
    assert len(oldest) > 1
    assert titles(fetch(client, address_of(who, dispute))) == newest
    page = fetch(client, address_of(who, dispute) + "?order=oldest&after=2025-02-30")
    assert titles(page) == oldest
    assert page.chips == {}


FILTERED = [
    ("court", "kind=filing", ["Opposition to the motion", "Motion for the return of the book"]),
    (
        "court",
        "kind=hearing&kind=filing&after=2025-04-02",
        ["Hearing on the motion", "Opposition to the motion"],
    ),
    ("court", "before=2025-04-01", ["Motion for the return of the book"]),
    ("court", "outcome=granted", ["Order to return the book"]),
    ("court", "q=opposition", ["Opposition to the motion"]),
    ("judge", "outcome=granted", ["Order to return the book"]),
    ("judge", "outcome=affirmed&outcome=moot", ["Opinion on appeal"]),
    ("judge", "court={appeals}", ["Opinion on appeal"]),
    ("judge", "court={appeals}&court={trial}&before=2025-04-05", ["Order to return the book"]),
    ("judge", "after=2025-04-05", ["Opinion on appeal"]),
    ("judge", "q=appeal", ["Opinion on appeal"]),
    ("judge", "kind=filing", []),
    ("party", "kind=ruling", ["Opinion on appeal", "Order to return the book"]),
    ("party", "kind=ruling&court={trial}", ["Order to return the book"]),
    ("party", "court={appeals}", ["Opinion on appeal"]),
    ("party", "outcome=vacated", ["Opinion on appeal"]),
    ("party", "after=2025-04-03&before=2025-04-03", ["Hearing on the motion"]),
    ("party", "q=%22no+such+words%22", []),
]


@pytest.mark.parametrize(("who", "query", "wanted"), FILTERED)
def test_a_filter_narrows_a_timeline(client: Client, dispute: Dispute, who: str, query: str, wanted: list[str]) -> None:
    RulingJudgeFactory(ruling=dispute.appeal_order, judge=dispute.judge)
    query = query.format(trial=dispute.trial_court.pk, appeals=dispute.appeals_court.pk)
    everything = fetch(client, address_of(who, dispute))
    page = fetch(client, f"{address_of(who, dispute)}?{query}")
    noun = "rulings" if who == "judge" else "entries"
    assert words(page.one("p", role="status")) == f"{len(wanted)} of {len(everything.entries)} {noun}"
    assert (titles(page) if wanted else []) == wanted
    assert (page.maybe(id="timeline") is None) == (not wanted)
    assert ("No entry matches all of these" in page.main) == (not wanted)
    assert everything.is_indexed
    assert not page.is_indexed
    assert "open" in page.one("details", cls="narrow").attrib
    assert "open" not in everything.one("details", cls="narrow").attrib
    asked = [(name, value) for name, values in query_of(f"?{query}").items() for value in values]
    assert len(page.chips) == len(asked)
    # What stands beside the timeline is the same.
    assert words(page.one("aside")) == words(everything.one("aside"))
    # Each chip takes itself away and leaves the others.
    for without in page.chips.values():
        rest = [(name, value) for name, values in query_of(without).items() for value in values]
        assert len(rest) == len(asked) - 1
        assert set(rest) < set(asked)
        fetch(client, address_of(who, dispute) + without)


@pytest.mark.parametrize("who", ["court", "judge", "party"])
@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("after=2024-02-30", "id_after"),
        ("before=soon", "id_before"),
        ("after=2025-04&before=2025-03", "id_before"),
        ("kind=nothing", "id_kind"),
        ("outcome=nothing", "id_outcome"),
        ("order=nothing", "id_order"),
        (f"q={'a' * 201}", "id_q"),
        ("court=nowhere", "id_court"),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field_and_narrows_nothing(
    client: Client, dispute: Dispute, who: str, query: str, key: str
) -> None:
    everything = titles(fetch(client, address_of(who, dispute)))
    page = fetch(client, f"{address_of(who, dispute)}?{query}")
    if who == "court" and key == "id_court":
        # A court's page does not know this parameter.
        assert page.problems == {}
    else:
        assert len(page.field_errors(key)) == 1
        assert list(page.problems.values()) == [f"#{key}"]
        page.by_id(key)
        assert not page.is_indexed
    assert titles(page) == everything


def test_the_courts_on_a_timeline_are_offered_and_no_others(client: Client, dispute: Dispute) -> None:
    RulingFactory(court=CourtFactory(id="elsewhere"), published=True)
    hidden = RulingFactory(case=dispute.case, court=CourtFactory(id="hidden"))
    RulingJudgeFactory(ruling=hidden, judge=dispute.judge)
    trial, appeals = dispute.trial_court.pk, dispute.appeals_court.pk
    assert fetch(client, dispute.plaintiff.get_absolute_url()).boxes("court") == {trial: False, appeals: False}
    page = fetch(client, f"{dispute.plaintiff.get_absolute_url()}?court={trial}")
    assert page.boxes("court") == {trial: True, appeals: False}
    assert fetch(client, dispute.judge.get_absolute_url()).boxes("court") == {}
    assert fetch(client, dispute.trial_court.get_absolute_url()).boxes("court") == {}
    for court in ("elsewhere", "hidden", appeals):
        refused = fetch(client, f"{dispute.judge.get_absolute_url()}?court={court}")
        assert len(refused.field_errors("id_court")) == 1
        assert titles(refused) == ["Order to return the book"]


def test_the_kinds_on_a_timeline_lead_to_it_narrowed(client: Client, dispute: Dispute) -> None:
    page = fetch(client, f"{dispute.trial_court.get_absolute_url()}?q=motion&page=1")
    assert query_of(page.links["Filings 2"]) == {"q": ["motion"], "kind": ["filing"]}
    assert query_of(page.links["Hearings 1"]) == {"q": ["motion"], "kind": ["hearing"]}
    assert "Events 0" not in page.main
    # Where all are of one kind, there is nothing to choose.
    assert not any(
        words(link).startswith("Rulings ") for link in fetch(client, dispute.judge.get_absolute_url()).all("a")
    )


@pytest.mark.parametrize("who", ["court", "judge", "party"])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_nothing_hidden_changes_a_timeline_its_counts_or_its_filters(
    client: Client, dispute: Dispute, who: str, hidden: str
) -> None:
    queries = ["", "?kind=ruling", "?outcome=moot", "?q=order", "?order=oldest&after=2025-04-03"]
    before = [client.get(address_of(who, dispute) + query).content for query in queries]
    court = CourtFactory(name="Secret Court")
    docket = ProceedingFactory(case=dispute.case, court=court)
    # Hidden entries on a docket of the party, one in a court that has nothing public.
    PartyRoleFactory(proceeding=docket, party=PartyFactory())
    for proceeding in (dispute.trial, ProceedingFactory(case=CaseFactory(), court=dispute.trial_court)):
        own = proceeding == dispute.trial
        ruling = RulingFactory(
            case=proceeding.case, court=proceeding.court, outcome="moot", **{hidden if own else "published": True}
        )
        RulingJudgeFactory(ruling=ruling, judge=dispute.judge)
        DocketEntryFactory(event=ruling, proceeding=proceeding)
        if not own:
            PartyRoleFactory(proceeding=proceeding, party=dispute.plaintiff)
            STATES[hidden](proceeding.case)
    elsewhere = RulingFactory(case=dispute.case, court=court, **{hidden: True})
    RulingJudgeFactory(ruling=elsewhere, judge=dispute.judge)
    DocketEntryFactory(event=elsewhere, proceeding=docket)
    assert [client.get(address_of(who, dispute) + query).content for query in queries] == before


def test_a_filtered_page_of_a_private_person_and_a_plain_one_are_not_for_search_engines(
    client: Client, dispute: Dispute
) -> None:
    party = PartyFactory(kind=PartyKind.PRIVATE_PERSON)
    PartyRoleFactory(proceeding=dispute.trial, party=party)
    for query in ("", "?kind=ruling", "?order=oldest"):
        assert not fetch(client, party.get_absolute_url() + query).is_indexed


# --- many -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["court", "judge", "party"])
def test_a_long_timeline_is_in_pages_that_keep_the_filter(
    client: Client, dispute: Dispute, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courts_view, "ENTRIES_PER_PAGE", 2)
    monkeypatch.setattr(people_view, "ENTRIES_PER_PAGE", 2)
    for day in ("1 March 2025", "2 March 2025", "3 February 2025"):
        ruling = RulingFactory(
            case=dispute.case, court=dispute.trial_court, title=f"Of {day}", date=parse(day), published=True
        )
        RulingJudgeFactory(ruling=ruling, judge=dispute.judge)
        DocketEntryFactory(event=ruling, proceeding=dispute.trial)
    query = "?kind=ruling&before=2025-04-05"
    first = fetch(client, address_of(who, dispute) + query)
    assert titles(first) == ["Order to return the book", "Of 2 March 2025"]
    assert [words(item) for item in first.all("li", cls="month")] == ["April 2025", "March 2025"]
    following = first.one("a", rel="next").attrib["href"]
    asked = query_of(following)
    assert asked.pop("page")[0].startswith("after~newest~2025-03-02~")
    assert asked == {"kind": ["ruling"], "before": ["2025-04-05"]}
    second = fetch(client, address_of(who, dispute) + following)
    assert titles(second) == ["Of 1 March 2025", "Of 3 February 2025"]
    assert [words(item) for item in second.all("li", cls="month")] == ["March 2025", "February 2025"]
    back = second.one("a", rel="prev").attrib["href"]
    assert titles(fetch(client, address_of(who, dispute) + back)) == titles(first)
    assert second.maybe("a", rel="next") is None
    for page in ("3", "0", "x"):
        fetch(client, f"{address_of(who, dispute)}{query}&page={page}", status=404)


def test_a_court_names_the_cases_with_the_latest_entries(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    court: Court = CourtFactory()
    for name, day in (("A", "1 April 2025"), ("B", "3 April 2025"), ("C", "2 April 2025")):
        case = CaseFactory(name=name, published=True)
        EventFactory(case=case, court=court, date=parse(day), published=True)
    docketed = ProceedingFactory(case=CaseFactory(name="D", published=True), court=court)
    DocketNumberFactory(proceeding=docketed, number="1:25-cv-00001")
    invented = CaseFactory(name="E", published=True, is_invented=True)
    EventFactory(case=invented, court=court, date=parse("9 April 2025"), published=True)
    page = fetch(client, court.get_absolute_url())
    assert list(cases_of(page)) == ["B", "C", "A", "D", "E"]
    assert cases_of(page)["D"] == "1:25-cv-00001 · 0 entries here"
    assert "Invented example" in words(page.all("li", cls="case-here")[-1])
    assert page.links["Search the cases of this court"] == f"/cases/?court={court.pk}"
    monkeypatch.setattr(appearances, "MOST_CASES", 2)
    page = fetch(client, court.get_absolute_url())
    assert list(cases_of(page)) == ["B", "C"]
    assert page.links["All cases of this court"] == f"/cases/?court={court.pk}"
    monkeypatch.setattr(appearances, "LATEST_ENTRIES", 2)
    assert list(cases_of(fetch(client, court.get_absolute_url()))) == ["B", "E"]


def test_a_person_of_many_proceedings_has_the_first_named(
    client: Client, dispute: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appearances, "MOST_PROCEEDINGS", 1)
    ProceedingJudgeFactory(proceeding=dispute.appeal, judge=dispute.judge)
    party = fetch(client, dispute.plaintiff.get_absolute_url())
    assert words(party.one("section", cls="seats")).endswith(
        "D. Md. 8:25-cv-00951 Plaintiff Smith v. Jones "
        f"Counsel: {dispute.trial.representations.get().attorney.name}, Counsel & Counsel"
    )
    assert party.links["All cases of this party"] == f"/cases/?party={dispute.plaintiff.slug}"
    assert "The first 1 by case; there are more." in fetch(client, dispute.judge.get_absolute_url()).main


def test_pages_take_the_same_queries_for_1_3_and_200_rows(
    client: Client, count_queries: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (courts_view, people_view):
        monkeypatch.setattr(module, "ENTRIES_PER_PAGE", 200)
    for name in ("MOST_CASES", "MOST_PROCEEDINGS"):
        monkeypatch.setattr(appearances, name, 200)
    court, judge, party = CourtFactory(), JudgeFactory(), PartyFactory()
    counts: dict[str, list[int]] = {
        owner.get_absolute_url() + query: []
        for owner in (court, judge, party)
        for query in ("", "?kind=ruling&after=2025&outcome=granted&q=court")
    }
    made = 0
    for wanted in (1, 3, 200):
        for number in range(made, wanted):
            ruling = RulingFactory(court=court, published=True)
            proceeding = ProceedingFactory(case=ruling.case, court=court)
            DocketNumberFactory(proceeding=proceeding)
            DocketEntryFactory(event=ruling, proceeding=proceeding)
            RulingJudgeFactory(ruling=ruling, judge=judge)
            ProceedingJudgeFactory(proceeding=proceeding, judge=judge)
            PartyRoleFactory(proceeding=proceeding, party=party)
            RepresentationFactory(proceeding=proceeding, party=party)
            if number < 20:
                court.appeals_to.add(ruling.court if ruling.court != court else dispute_court(ruling))
        made = wanted
        for address, found in counts.items():
            found.append(count_queries(address))
            assert len(fetch(client, address).entries) == wanted
    for address, found in counts.items():
        assert len(set(found)) == 1, (address, found)
        # What words mean, how common they are and where they stand takes three more.
        assert found[0] <= (13 if "q=" in address else 10)


def dispute_court(ruling: Event) -> Court:
    """A court above with something public in it."""
    above: Court = CourtFactory(appellate=True)
    RulingFactory(case=ruling.case, court=above, published=True)
    return above
