"""The choices beside the lists, with how many each would list."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import (
    CaseFactory,
    CourtFactory,
    Dispute,
    DocketEntryFactory,
    EventFactory,
    JudgeFactory,
    PartyFactory,
    PartyRoleFactory,
    ProceedingFactory,
    RulingFactory,
    RulingJudgeFactory,
    TopicFactory,
)
from pages import Page, fetch, query_of, words

from casetracker.dates import parse
from casetracker.facets import Counts, Number, counting
from casetracker.models import Case, Court, Level, Outcome, PartyKind, System
from casetracker.patience import TakesTooLongError, noticing
from casetracker.web.facets import counted

pytestmark = pytest.mark.django_db


def choices(page: Page, name: str) -> dict[str, str]:
    """Each choice of a facet as a screen reader reads it, by its value."""
    labels = {label.attrib["for"]: words(label) for label in page.all("label")}
    boxes = page.all("input", type="checkbox", name=name)
    return {box.attrib["value"]: labels[box.attrib["id"]] for box in boxes}


def years(page: Page) -> dict[str, dict[str, list[str]]]:
    """The columns of the strip as they are read, each with what its address asks for."""
    return {
        words(link): query_of(link.attrib["href"]) for item in page.all("ol", cls="columns") for link in item.iter("a")
    }


@pytest.fixture
def many() -> None:
    """Three cases of two courts, over three years."""
    one = CourtFactory(id="one", name="First Court")
    two = CourtFactory(id="two", name="Court of Appeals", level=Level.APPELLATE)
    topic = TopicFactory(name="Loans", slug="loans")
    judge = JudgeFactory(name="Ada Bench", slug="ada-bench")
    for name, court, year, outcome in (
        ("A", one, 2023, "granted"),
        ("B", one, 2024, "denied"),
        ("C", two, 2024, "denied"),
    ):
        case = CaseFactory(name=name, published=True)
        case.topics.add(topic)
        ruling = RulingFactory(case=case, court=court, date=parse(str(year)), outcome=Outcome(outcome), published=True)
        RulingJudgeFactory(ruling=ruling, judge=judge)
        party = PartyFactory(kind=PartyKind.GOVERNMENT)
        PartyRoleFactory(proceeding=ProceedingFactory(case=case, court=court), party=party)


def test_each_choice_of_a_case_list_says_how_many_cases_it_has(client: Client, many: None) -> None:
    page = fetch(client, "/cases/")
    assert choices(page, "court") == {"two": "Court of Appeals, 1 case", "one": "First Court, 2 cases"}
    assert choices(page, "level")["trial"] == "Trial court, 2 cases"
    assert choices(page, "outcome")["denied"] == "Denied, 2 cases"
    assert choices(page, "outcome")["moot"] == "Moot, 0 cases"
    assert choices(page, "topic") == {"loans": "Loans, 3 cases"}
    assert choices(page, "status") == {"ongoing": "Ongoing, 3 cases", "concluded": "Concluded, 0 cases"}
    assert choices(page, "party_kind")["government"] == "Government, 3 cases"
    assert choices(page, "judge") == {"ada-bench": "Ada Bench, 3 cases"}
    assert years(page) == {
        "2023, 1 case": {"after": ["2023"], "before": ["2023"]},
        "2024, 2 cases": {"after": ["2024"], "before": ["2024"]},
    }


def test_each_choice_of_the_rulings_says_how_many_entries_it_has(client: Client, many: None) -> None:
    page = fetch(client, "/rulings/?court=one")
    assert words(page.one("p", cls="count")) == "2 rulings match these filters"
    assert choices(page, "court") == {"one": "First Court, 2 entries", "two": "Court of Appeals, 1 entry"}
    assert choices(page, "outcome")["granted"] == "Granted, 1 entry"
    assert choices(page, "judge") == {"ada-bench": "Ada Bench, 2 entries"}
    assert list(years(page)) == ["2023, 1 entry", "2024, 1 entry"]


def test_the_numbers_are_those_of_what_the_other_filters_leave(client: Client, many: None) -> None:
    page = fetch(client, "/cases/?court=one&outcome=denied")
    assert page.cases == ["B"]
    assert choices(page, "court") == {"one": "First Court, 1 case", "two": "Court of Appeals, 1 case"}
    assert choices(page, "outcome")["granted"] == "Granted, 1 case"
    assert choices(page, "topic") == {"loans": "Loans, 1 case"}


def test_a_choice_that_lists_what_its_number_says(client: Client, many: None) -> None:
    page = fetch(client, "/cases/?status=ongoing")
    for name in ("court", "level", "outcome", "topic", "status", "party_kind", "judge"):
        for value, told in choices(page, name).items():
            found = fetch(client, "/cases/", {"status": "ongoing", name: value}).cases
            assert told.endswith(f", {len(found)} case{'s' if len(found) != 1 else ''}"), (name, value)
    for told, asked in years(page).items():
        assert f", {len(fetch(client, '/cases/', {**asked, 'status': 'ongoing'}).cases)} case" in told


def test_a_year_repeats_nothing_that_could_not_be_read(client: Client, many: None) -> None:
    """There may be hundreds of years, and each would repeat an address of some thousand letters."""
    page = fetch(client, "/cases/?court=one&sort=recent&unknown=y&q=" + "z" * 900)
    assert page.problems
    assert [asked["after"] for asked in years(page).values()] == [["2023"], ["2024"]]
    for asked in years(page).values():
        assert set(asked) == {"court", "sort", "after", "before"}


def test_a_year_keeps_the_other_filters_and_the_strip_leads_back(client: Client, many: None) -> None:
    page = fetch(client, "/cases/?court=one&sort=recent&page=1")
    asked = years(page)["2024, 1 case"]
    assert asked == {"court": ["one"], "sort": ["recent"], "after": ["2024"], "before": ["2024"]}
    chosen = fetch(client, "/cases/", asked)
    columns = chosen.one("ol", cls="columns")
    assert [words(link) for link in columns.iter("a") if "aria-current" in link.attrib] == ["2024, 1 case"]
    assert query_of(chosen.links["All years"]) == {"court": ["one"], "sort": ["recent"]}


def test_many_years_are_drawn_as_decades_and_listed_each(client: Client) -> None:
    for year in (*range(1954, 1966), 1999, 2003, 2024):
        EventFactory(case=CaseFactory(published=True), date=parse(str(year)), published=True)
    page = fetch(client, "/cases/")
    drawn = years(page)
    assert list(drawn) == [
        "1950–59, 6 cases", "1960–69, 6 cases", "1970–79, 0 cases", "1980–89, 0 cases", "1990–99, 1 case",
        "2000–09, 1 case", "2010–19, 0 cases", "2020–29, 1 case",
    ]  # fmt: skip
    assert drawn["1950–59, 6 cases"] == {"after": ["1950"], "before": ["1959"]}
    each = [words(item) for item in page.one("ul", cls="each")]
    assert (len(each), each[0], each[-1]) == (15, "1954, 1 case", "2024, 1 case")
    closer = fetch(client, "/cases/?after=1950&before=1959")
    assert list(years(closer))[8:] == [f"{year}, 1 case" for year in range(1954, 1960)]


def test_courts_stand_under_their_systems_where_there_are_several(client: Client, many: None) -> None:
    assert [words(item) for item in fetch(client, "/cases/").all("p", cls="group-name")] == [
        "Courts of appeal", "Trial courts",
    ]  # fmt: skip
    Court.objects.filter(pk="two").update(system=System.STATE)
    assert [words(item) for item in fetch(client, "/cases/").all("p", cls="group-name")] == [
        "Federal (United States)", "Trial courts", "State (United States)", "Courts of appeal",
    ]  # fmt: skip


def test_of_many_courts_those_with_the_most_are_offered_and_all_where_they_are_asked_for(
    client: Client, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("far", "near"):
        court = CourtFactory(id=name, name=f"Court {name}")
        RulingFactory(case=CaseFactory(published=True), court=court, date=parse("2021"), published=True)
    monkeypatch.setattr("casetracker.web.facets.MOST_COURTS", 2)
    page = fetch(client, "/cases/?decided_after=2021&sort=recent")
    assert list(choices(page, "court")) == ["two", "one"]
    link = page.links["Show all 4 courts"]
    assert query_of(link) == {"decided_after": ["2021"], "sort": ["recent"], "all": ["court"]}
    whole = fetch(client, f"/cases/{link}")
    assert list(choices(whole, "court")) == ["two", "far", "near", "one"]
    assert "Show all 4 courts" not in whole.links
    assert whole.cases == page.cases
    # What is chosen is offered always, and who chooses among all goes on among all.
    chosen = fetch(client, "/cases/?court=near")
    assert "near" in choices(chosen, "court")
    assert len(choices(chosen, "court")) == 3
    assert [box.attrib["value"] for box in whole.all("input") if box.attrib.get("name") == "all"] == ["court"]


def test_a_judge_is_chosen_by_a_box_or_by_a_part_of_the_name(client: Client, many: None) -> None:
    page = fetch(client, "/cases/?judge=ada-bench")
    assert page.boxes("judge") == {"ada-bench": True}
    assert list(page.chips) == ["Judge: Ada Bench"]
    typed = fetch(client, "/cases/?judge=bench&judge=")
    assert typed.cases == ["A", "B", "C"]
    assert typed.by_id("id_judge").attrib["value"] == "bench"
    assert list(typed.chips) == ["Judge: bench"]


def test_facets_are_folded_unless_something_is_chosen_in_them(client: Client, many: None) -> None:
    page = fetch(client, "/cases/?court=one&after=2023")
    folded = {words(item.find("summary")): "open" not in item.attrib for item in page.all("details", cls="facet")}
    assert folded == {
        "Court": False, "Level": True, "Outcome of a ruling": True, "Topic": True, "Status": True,
        "Kind of party": True, "Dates": False, "Judge": True,
    }  # fmt: skip


# --- on the timelines of courts, judges and parties -----------------------------------------------------------------


@pytest.fixture
def appearing(many: None) -> dict[str, str]:
    """The pages of a court with three entries, of its judge, who also sits above, and of a party before both."""
    one, two = Court.objects.get(pk="one"), Court.objects.get(pk="two")
    first, second, third = Case.objects.order_by("name")
    EventFactory(case=second, court=one, date=parse("2024-05"), published=True)
    party = PartyFactory(name="The Lender", slug="the-lender", kind=PartyKind.ORGANIZATION)
    for case, court in ((first, one), (second, one), (third, two)):
        docket = case.proceedings.get(court=court)
        PartyRoleFactory(proceeding=docket, party=party)
        for event in case.events.all():
            DocketEntryFactory(event=event, proceeding=docket)
    return {"court": "/courts/one/", "judge": "/judges/ada-bench/", "party": "/parties/the-lender/"}


def test_on_the_timeline_of_a_court_each_choice_says_how_many_of_its_entries_it_has(
    client: Client, appearing: dict[str, str]
) -> None:
    page = fetch(client, appearing["court"])
    told = choices(page, "kind")
    assert (told["ruling"], told["filing"], told["hearing"]) == (
        "Ruling, 2 entries", "Filing, 1 entry", "Hearing, 0 entries",
    )  # fmt: skip
    assert choices(page, "outcome")["denied"] == "Denied, 1 entry"
    assert choices(page, "judge") == {"ada-bench": "Ada Bench, 2 entries"}
    assert years(page) == {
        "2023, 1 entry": {"after": ["2023"], "before": ["2023"]},
        "2024, 2 entries": {"after": ["2024"], "before": ["2024"]},
    }
    assert choices(page, "court") == {}
    page = fetch(client, appearing["court"] + "?outcome=denied&outcome=moot")
    assert words(page.one("p", cls="count")) == "1 of 3 entries"
    assert choices(page, "outcome")["granted"] == "Granted, 1 entry"
    assert choices(page, "kind")["filing"] == "Filing, 0 entries"
    assert choices(page, "judge") == {"ada-bench": "Ada Bench, 1 entry"}


def test_on_the_timeline_of_a_person_courts_and_levels_are_counted_too(
    client: Client, appearing: dict[str, str]
) -> None:
    for who, here, judges in (("judge", 2, {}), ("party", 3, {"ada-bench": "Ada Bench, 3 entries"})):
        page = fetch(client, appearing[who])
        first = f"First Court, {here} entries"
        assert choices(page, "court") == {"two": "Court of Appeals, 1 entry", "one": first}
        assert choices(page, "level")["trial"] == f"Trial court, {here} entries"
        assert choices(page, "judge") == judges
        assert list(years(page)) == ["2023, 1 entry", f"2024, {here} entries"]


@pytest.mark.parametrize("who", ["court", "judge", "party"])
def test_on_a_timeline_a_choice_lists_what_its_number_says(client: Client, appearing: dict[str, str], who: str) -> None:
    for rest in ({}, {"after": ["2024"]}, {"q": ["order OR motion"], "kind": ["ruling"]}):
        page = fetch(client, appearing[who], rest)
        for name in ("court", "level", "kind", "outcome", "judge"):
            chosen = rest.get(name, [])
            for value, told in choices(page, name).items():
                if value not in chosen:
                    listed = fetch(client, appearing[who], {**rest, name: [value]}).all("li", cls="entry")
                    assert told.endswith(f", {len(listed)} entr{'y' if len(listed) == 1 else 'ies'}"), (rest, value)
        for told, asked in years(page).items():
            listed = fetch(client, appearing[who], asked).all("li", cls="entry")
            assert f", {len(listed)} entr" in told, (rest, told)


def test_of_a_court_alone_the_numbers_that_are_kept_are_told(client: Client, appearing: dict[str, str]) -> None:
    with CaptureQueriesContext(connection) as captured:
        fetch(client, appearing["court"])
    (counting_them,) = [row["sql"] for row in captured.captured_queries if "casetracker_tally" in row["sql"]]
    assert "casetracker_event" not in counting_them


def test_a_timeline_is_shown_without_numbers_where_counting_takes_too_long(
    client: Client, appearing: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*args: Any) -> None:
        raise TakesTooLongError

    monkeypatch.setattr(counting, "rows_within", too_long)
    for who, address in appearing.items():
        page = fetch(client, address + "?kind=ruling")
        assert "Counting took too long" in page.main
        assert len(page.all("li", cls="entry")) == (3 if who == "party" else 2 if who == "court" else 3)
        assert choices(page, "outcome")["granted"] == "Granted"


# --- of all of them -------------------------------------------------------------------------------------------------


def test_where_counting_takes_too_long_the_list_says_so_and_comes_without(
    client: Client, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*args: Any) -> None:
        raise TakesTooLongError

    monkeypatch.setattr(counting, "rows_within", too_long)
    for address, listed in (("/cases/?court=one", "2 cases match these filters"), ("/rulings/", "3 rulings")):
        page = fetch(client, address)
        assert words(page.one("p", cls="count")) == listed
        assert "Counting took too long" in page.main
        assert set(choices(page, "court").values()) == {"First Court", "Court of Appeals"}
        assert years(page) == {}


def test_in_spanish_the_numbers_are_read_in_spanish(client: Client, many: None) -> None:
    page = fetch(client, "/es/cases/")
    assert choices(page, "status")["ongoing"].endswith(", 3 casos")
    assert choices(page, "court")["two"] == "Court of Appeals, 1 caso"


@pytest.mark.parametrize("path", ["/cases/", "/rulings/"])
def test_two_hundred_values_of_a_facet_are_answered(client: Client, dispute: Dispute, path: str) -> None:
    for number in range(200):
        RulingFactory(case=dispute.case, court=CourtFactory(id=f"of-{number}"), published=True)
    asked = {"court": [f"of-{number}" for number in range(200)] * 2}
    page = fetch(client, path, asked)
    assert page.problems == {}
    assert len(page.chips) == 200
    unknown = fetch(client, path, {"court": [*asked["court"], "nowhere"]})
    assert len(unknown.problems) == 1
    judges = fetch(client, path, {"judge": [f"somebody-{number}" for number in range(200)]})
    assert "Name at most 20 of them at once." in judges.main
    assert judges.chips == {}


def test_values_that_are_not_offered_are_refused_and_the_same_twice_is_one(client: Client, dispute: Dispute) -> None:
    for name in ("court", "level", "outcome", "status", "party_kind", "topic"):
        page = fetch(client, "/cases/", {name: ["nothing", "nothing"]})
        assert len(page.problems) == 1, name
        assert page.cases == [dispute.case.name]
    assert list(fetch(client, "/cases/?status=ongoing&status=ongoing").chips) == ["Status: Ongoing"]


def test_what_is_counted_of_a_part_for_want_of_time_is_not_remembered() -> None:
    counts = iter([Counts(found=Number(1)), Counts(found=Number(2, False)), Counts(found=Number(3, False))])

    def ask() -> int:
        found = counted("of a part", "a state", lambda: next(counts))
        assert found is not None
        return found.found.n

    with noticing():
        TakesTooLongError()
        assert ask() == 1
    with noticing():
        assert [ask(), ask()] == [2, 2]
