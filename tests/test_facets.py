"""What stands beside a choice is how many would be listed if it were made."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from factories import (
    CaseFactory,
    CourtFactory,
    EventFactory,
    JudgeFactory,
    PartyFactory,
    PartyRoleFactory,
    ProceedingFactory,
    RulingFactory,
    RulingJudgeFactory,
    TopicFactory,
    TreatmentFactory,
)

from casetracker import facets, search
from casetracker.dates import parse
from casetracker.facets import Asked, Counts, Facet, counting
from casetracker.models import Case, Event, Kind, Level, Outcome, PartyKind, Ruling, Status, Verb
from casetracker.search import EntryCriteria

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld"]
DATES = [
    "10 April 2025", "April 2025", "2024", "before 4 March 2024", "after 26 February 2025", "between 2023 and 2025",
    "30 December 2024", "1999", "before 1999", "after 2025",
]  # fmt: skip


def build(seed: int) -> None:
    """Some cases with courts, dates, outcomes, judges, topics and parties by chance, hidden ones among them."""
    chance = Random(seed)  # noqa: S311 - repeatable on purpose
    courts = [CourtFactory(id="one"), CourtFactory(id="two", appellate=True), CourtFactory(id="three")]
    judges = [JudgeFactory(name=name, slug=name.lower()) for name in ("Ada", "Bea")]
    topics = [TopicFactory(slug=slug) for slug in ("loans", "schools")]
    parties = [PartyFactory(kind=kind) for kind in PartyKind.values]
    rulings: list[Any] = []
    states = [{"published": True}] * 6 + [{state: True} for state in HIDDEN]
    for _ in range(9):
        case = CaseFactory(status=chance.choice(Status.values), **chance.choice(states))
        case.topics.add(*chance.sample(topics, chance.randint(0, 2)))
        for court in chance.sample(courts, chance.randint(0, 2)):
            proceeding = ProceedingFactory(case=case, court=court)
            for party in chance.sample(parties, chance.randint(0, 2)):
                PartyRoleFactory(proceeding=proceeding, party=party)
        for _ in range(chance.randint(0, 4)):
            fields = {"case": case, "date": parse(chance.choice(DATES)), **chance.choice(states)}
            court = chance.choice(courts)
            if chance.random() < 0.4:
                EventFactory(court=chance.choice([court, None]), kind=Kind.FILING, **fields)
                continue
            ruling = RulingFactory(court=court, outcome=chance.choice(["", *Outcome.values[:3]]), **fields)
            for judge in chance.sample(judges, chance.randint(0, 2)):
                RulingJudgeFactory(ruling=ruling, judge=judge)
            if rulings and chance.random() < 0.5:
                TreatmentFactory(act=ruling, target=chance.choice(rulings), verb=chance.choice(Verb.values[:3]))
            rulings.append(ruling)


def year(first: int, last: int | None = None) -> dict[str, Any]:
    return {"after": datetime.date(first, 1, 1), "before": datetime.date(last or first, 12, 31)}


ASKED = [
    Asked(),
    Asked(EntryCriteria(courts=("one",))),
    Asked(EntryCriteria(courts=("one", "two"), outcomes=("granted", "affirmed"))),
    Asked(EntryCriteria(levels=(Level.TRIAL,), judges=("ada",))),
    Asked(EntryCriteria(courts=("one",), **year(2024, 2025))),
    Asked(EntryCriteria(**year(2024)), topics=("loans",)),
    Asked(EntryCriteria(decided_after=datetime.date(2025, 1, 1)), statuses=("ongoing",)),
    Asked(topics=("loans", "schools"), party_kinds=("government", "organization")),
    Asked(EntryCriteria(outcomes=("denied",), judges=("ada", "Bea")), statuses=("ongoing", "concluded")),
]
VALUES: dict[Facet, list[str]] = {
    Facet.COURT: ["one", "two", "three", "nowhere"],
    Facet.LEVEL: list(Level.values),
    Facet.KIND: list(Kind.values),
    Facet.OUTCOME: [value for value, _ in search.OUTCOME_CHOICES],
    Facet.JUDGE: ["ada", "bea", "nobody"],
    Facet.TOPIC: ["loans", "schools"],
    Facet.STATUS: list(Status.values),
    Facet.PARTY_KIND: list(PartyKind.values),
}
CHOOSE: dict[Facet, Callable[[EntryCriteria, str], dict[str, Any]]] = {
    Facet.COURT: lambda entry, value: {"courts": (value,)},
    Facet.LEVEL: lambda entry, value: {"levels": (value,)},
    Facet.KIND: lambda entry, value: {"kinds": (value,)},
    Facet.OUTCOME: lambda entry, value: {"outcomes": (value,)},
    Facet.JUDGE: lambda entry, value: {"judges": (value,)},
}
OF_CASE = {Facet.TOPIC: "topics", Facet.STATUS: "statuses", Facet.PARTY_KIND: "party_kinds"}


def chosen(asked: Asked, facet: Facet, value: str) -> Asked:
    """The same question with one value of a facet in place of what is chosen there."""
    if facet in OF_CASE:
        of_case: dict[str, Any] = {OF_CASE[facet]: (value,)}
        return replace(asked, **of_case)
    return replace(asked, entry=replace(asked.entry, **CHOOSE[facet](asked.entry, value)))


def in_years(asked: Asked, first: int, last: int) -> Asked:
    return replace(asked, entry=replace(asked.entry, **year(first, last)))


def listed(asked: Asked) -> int:
    """How many cases the list has: as the filter narrows it, not as the counting does."""
    cases = search.cases_with(Case.objects.public(), asked.entry)
    if asked.topics:
        cases = cases.filter(topics__slug__in=asked.topics)
    if asked.statuses:
        cases = cases.filter(status__in=asked.statuses)
    if asked.party_kinds:
        cases = cases.filter(proceedings__party_roles__party__kind__in=asked.party_kinds)
    return len(set(cases.values_list("pk", flat=True)))


def listed_rulings(asked: Asked) -> int:
    return len(set(search.entries_that(asked.entry, Ruling.objects.public()).values_list("pk", flat=True)))


def assert_counts_are(counts: Counts, asked: Asked, how_many: Callable[[Asked], int], of: tuple[Facet, ...]) -> None:
    assert counts.found == (how_many(asked), False)
    for facet in of:
        if facet == Facet.YEAR:
            # From the first year that a date names to the last; an open date lies in others too.
            for first in range(min(counts.years, default=0), max(counts.years, default=-1) + 1):
                assert counts.years.get(first, 0) == how_many(in_years(asked, first, first)), first
            for first in range(min(counts.decades, default=0), max(counts.decades, default=-1) + 1, 10):
                assert counts.decades.get(first, 0) == how_many(in_years(asked, first, first + 9)), first
            continue
        for value in VALUES[facet]:
            assert counts.of(facet, value).n == how_many(chosen(asked, facet, value)), (facet, value)


@pytest.mark.parametrize("seed", range(4))
def test_each_number_is_how_many_would_be_listed(seed: int) -> None:
    build(seed)
    for asked in ASKED:
        counts = facets.count_cases(asked, Case.objects.public())
        assert_counts_are(counts, asked, listed, facets.CASE_FACETS)
        counts = facets.count_entries(asked, Ruling.objects.public(), only_rulings=True)
        assert_counts_are(counts, asked, listed_rulings, facets.ENTRY_FACETS)
    assert listed(Asked()) > 1
    assert Event.objects.count() > Event.objects.public().count()


def test_court_year_outcome_and_judge_are_counted_for_one_and_the_same_entry() -> None:
    one, two = CourtFactory(id="one"), CourtFactory(id="two")
    case = CaseFactory(published=True)
    ruling = RulingFactory(case=case, court=one, date=parse("2024"), outcome=Outcome.GRANTED, published=True)
    RulingJudgeFactory(ruling=ruling, judge=JudgeFactory(name="Ada", slug="ada"))
    RulingFactory(case=case, court=two, date=parse("2025"), outcome=Outcome.DENIED, published=True)
    counts = facets.count_cases(Asked(EntryCriteria(courts=("two",))), Case.objects.public())
    assert counts.years == {2025: 1}
    assert counts.values[Facet.OUTCOME] == {"denied": 1}
    assert Facet.JUDGE not in counts.values
    # Of the courts themselves both are counted: the choice of one is left out there.
    assert counts.values[Facet.COURT] == {"one": 1, "two": 1}


@pytest.mark.parametrize("hidden", HIDDEN)
def test_nothing_hidden_is_counted_anywhere(hidden: str) -> None:
    def fill(case: Any, entry: Any, court: Any) -> None:
        topic, judge = TopicFactory(), JudgeFactory()
        case.topics.add(topic)
        PartyRoleFactory(proceeding=ProceedingFactory(case=case, court=court), party=PartyFactory(kind="government"))
        RulingJudgeFactory(ruling=entry, judge=judge)
        TreatmentFactory(act=entry, target=None, target_court=court, verb=Verb.REVERSES)

    case = CaseFactory(status=Status.CONCLUDED, **{hidden: True})
    court = CourtFactory()
    fill(case, RulingFactory(case=case, court=court, outcome=Outcome.MOOT, published=True), court)
    public = CaseFactory(published=True)
    entry = RulingFactory(case=public, outcome=Outcome.MOOT, date=parse("1871"), **{hidden: True})
    RulingJudgeFactory(ruling=entry)
    TreatmentFactory(act=entry, target=None, target_court=court, verb=Verb.REVERSES)
    shown = RulingFactory(case=public, outcome=Outcome.GRANTED, date=parse("2025"), published=True)
    TreatmentFactory(act=shown, target=entry, verb=Verb.AFFIRMS)
    counts = facets.count_cases(Asked(), Case.objects.public())
    assert counts.found == (1, False)
    assert counts.years == {2025: 1}
    assert counts.values == {
        Facet.COURT: {shown.court_id: 1},
        Facet.LEVEL: {shown.court.level: 1},
        Facet.OUTCOME: {"granted": 1},
        Facet.STATUS: {"ongoing": 1},
    }
    assert counts.names == {}
    assert facets.count_entries(Asked(), Ruling.objects.public(), only_rulings=True).values == {
        Facet.COURT: {shown.court_id: 1},
        Facet.LEVEL: {shown.court.level: 1},
        Facet.KIND: {"ruling": 1},
        Facet.OUTCOME: {"granted": 1},
    }


@pytest.mark.parametrize(
    "entry",
    [
        EntryCriteria(judges=("\u202e",)),
        EntryCriteria(after=datetime.date(2025, 1, 2), before=datetime.date(2025, 1, 1)),
    ],
)
def test_what_can_find_nothing_is_counted_as_nothing(entry: EntryCriteria) -> None:
    RulingFactory(published=True)
    for counts in (
        facets.count_cases(Asked(entry), Case.objects.public()),
        facets.count_entries(Asked(entry), Ruling.objects.public(), only_rulings=True),
    ):
        assert counts.found == (0, False)


def test_beyond_the_bound_a_number_says_that_it_is_at_least_that(monkeypatch: pytest.MonkeyPatch) -> None:
    court = CourtFactory(id="one")
    for _ in range(4):
        RulingFactory(case=CaseFactory(published=True), court=court, outcome=Outcome.GRANTED, published=True)
    other = CourtFactory(id="two")
    ProceedingFactory(case=CaseFactory(published=True), court=other)
    monkeypatch.setattr(counting, "BOUND", 3)
    counts = facets.count_cases(Asked(EntryCriteria(courts=("two",))), Case.objects.public())
    assert counts.found == (1, False)
    # What is asked for is few; the courts are counted among all five.
    assert counts.of(Facet.STATUS, "ongoing") == (1, False)
    assert counts.of(Facet.COURT, "one").at_least
    assert facets.count_cases(Asked(), Case.objects.public()).found == (3, True)
    assert facets.count_entries(Asked(), Ruling.objects.public(), only_rulings=True).found == (3, True)


def test_the_judges_with_the_most_are_named_and_whoever_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_JUDGES", 2)
    for slug, rulings in (("ada", 3), ("bea", 2), ("cyd", 1)):
        judge = JudgeFactory(name=slug.title(), slug=slug)
        for _ in range(rulings):
            RulingJudgeFactory(ruling=RulingFactory(case=CaseFactory(published=True), published=True), judge=judge)
    assert facets.count_cases(Asked(), Case.objects.public()).values[Facet.JUDGE] == {"ada": 3, "bea": 2}
    counts = facets.count_cases(Asked(EntryCriteria(judges=("cyd",))), Case.objects.public())
    assert counts.values[Facet.JUDGE] == {"ada": 3, "bea": 2, "cyd": 1}
    assert counts.names == {"ada": "Ada", "bea": "Bea", "cyd": "Cyd"}
