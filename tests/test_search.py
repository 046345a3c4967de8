"""Which cases and entries answer a question."""

import datetime
from typing import Any

import pytest
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
    StatementFactory,
    TreatmentFactory,
    two_court_dispute,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from casetracker import search
from casetracker.dates import parse
from casetracker.models import DERIVED_OUTCOMES, Case, Event, Kind, Level, Outcome, Verb
from casetracker.search import EntryCriteria

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld", "withdrawn_unseen", "withheld_unseen"]


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def found(criteria: EntryCriteria) -> set[str]:
    """Titles of the entries."""
    return set(search.entries_that(criteria).values_list("title", flat=True))


def cases_with(**criteria: Any) -> set[str]:
    return set(search.cases_with(Case.objects.public(), EntryCriteria(**criteria)).values_list("name", flat=True))


def cases_for(words: str) -> set[str]:
    return set(search.cases_matching(Case.objects.public(), words).values_list("name", flat=True))


@pytest.fixture
def dispute() -> Dispute:
    return two_court_dispute()


# --- criteria of one entry ------------------------------------------------------------------------------------------


def test_no_criteria_let_every_public_entry_through(dispute: Dispute) -> None:
    EventFactory(case=dispute.case, title="draft")
    assert not EntryCriteria()
    assert found(EntryCriteria()) == {entry.title for entry in dispute.entries}


def test_several_courts_mean_any_of_them(dispute: Dispute) -> None:
    one = EntryCriteria(courts=(dispute.appeals_court.pk,))
    assert found(one) == {"Opinion on appeal"}
    both = EntryCriteria(courts=(dispute.appeals_court.pk, dispute.trial_court.pk))
    assert found(both) == {entry.title for entry in dispute.entries} - {"The parties agree"}
    assert found(EntryCriteria(courts=("nowhere",))) == set()


def test_level_kind_and_outcome_narrow(dispute: Dispute) -> None:
    assert found(EntryCriteria(levels=(Level.APPELLATE,))) == {"Opinion on appeal"}
    assert found(EntryCriteria(kinds=(Kind.HEARING, Kind.EVENT))) == {"Hearing on the motion", "The parties agree"}
    assert found(EntryCriteria(outcomes=(Outcome.GRANTED,))) == {"Order to return the book"}
    assert found(EntryCriteria(outcomes=(Outcome.DENIED,))) == set()


@pytest.mark.parametrize(("verb", "label"), DERIVED_OUTCOMES.items())
def test_an_outcome_that_follows_from_a_treatment_is_found_by_it(verb: str, label: str) -> None:
    act = RulingFactory(title="the act", outcome="", published=True)
    TreatmentFactory(act=act, target=RulingFactory(case=act.case, title="the target", published=True), verb=verb)
    assert found(EntryCriteria(outcomes=(label.lower(),))) == {"the act"}
    others = tuple(other.lower() for other in DERIVED_OUTCOMES.values() if other != label)
    assert found(EntryCriteria(outcomes=others)) == set()
    assert found(EntryCriteria(outcomes=(label.lower(), Outcome.GRANTED))) == {"the act", "the target"}


def test_only_a_ruling_has_an_outcome_of_either_kind() -> None:
    settlement = EventFactory(kind=Kind.EVENT, published=True)
    TreatmentFactory(act=settlement, target=RulingFactory(case=settlement.case, published=True), verb=Verb.VACATES)
    assert found(EntryCriteria(outcomes=("vacated",))) == set()


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_was_done_to_a_hidden_ruling_does_not_show_as_an_outcome(hidden: str) -> None:
    act = RulingFactory(outcome="", published=True)
    TreatmentFactory(act=act, target=RulingFactory(case=act.case, **{hidden: True}), verb=Verb.REVERSES)
    assert found(EntryCriteria(outcomes=("reversed",))) == set()


def test_a_judge_is_found_by_slug_and_by_part_of_the_name_in_any_case_of_letters() -> None:
    ruling = RulingFactory(title="hers", published=True)
    RulingJudgeFactory(ruling=ruling, judge=JudgeFactory(name="Paula Xinis", slug="paula-xinis"))
    RulingJudgeFactory(ruling=RulingFactory(published=True), judge=JudgeFactory(name="Pat Bench", slug="bench"))
    for words in ("paula-xinis", "Xinis", "xINIS", "  la xi "):
        assert found(EntryCriteria(judges=(words,))) == {"hers"}, words


def test_several_judges_mean_any_of_them() -> None:
    for title, slug in (("hers", "paula-xinis"), ("his", "bench"), ("of a third", "third")):
        RulingJudgeFactory(ruling=RulingFactory(title=title, published=True), judge=JudgeFactory(name=slug, slug=slug))
    assert found(EntryCriteria(judges=("paula-xinis", "Bench"))) == {"hers", "his"}


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", '"', "(", "|"])
def test_signs_of_patterns_in_a_name_are_only_signs(words: str, dispute: Dispute) -> None:
    PartyRoleFactory(proceeding=dispute.trial, party=PartyFactory(name="Smith & Sons"))
    assert found(EntryCriteria(judges=(words,))) == set()
    assert set(search.cases_of_party(words)) == set()


@pytest.mark.parametrize("unsaid", ["\u202e", "\u200b \u2066", "\x07"])
def test_a_name_of_hidden_characters_alone_finds_nobody(unsaid: str, dispute: Dispute) -> None:
    assert found(EntryCriteria(judges=(unsaid,))) == set()
    assert set(search.cases_of_party(unsaid)) == set()


# --- dates ----------------------------------------------------------------------------------------------------------

DATES = [
    "10 April 2025",
    "April 2025",
    "2025",
    "about April 2025",
    "9-11 April 2025",
    "between 15 March and 24 April 2025",
    "before 4 April 2025",
    "after 10 April 2025",
    "before 2025",
    "after April 2025",
]
BOUNDS = [
    None,
    *map(day, ("1999-01-01", "2025-01-01", "2025-04-03", "2025-04-04", "2025-04-10", "2025-12-31", "2026-01-01")),
]


def test_an_entry_is_in_a_range_when_it_may_lie_in_it() -> None:
    case = CaseFactory(published=True)
    for date in DATES:
        EventFactory(case=case, date=parse(date), title=date, published=True)
    for after in BOUNDS:
        for before in BOUNDS:
            wanted = {date for date in DATES if parse(date).may_lie_in(after, before)}
            assert found(EntryCriteria(after=after, before=before)) == wanted, (after, before)


def test_both_ends_of_a_range_are_in_it() -> None:
    EventFactory(date=parse("10 April 2025"), title="that day", published=True)
    assert found(EntryCriteria(after=day("2025-04-10"), before=day("2025-04-10"))) == {"that day"}
    assert found(EntryCriteria(after=day("2025-04-11"))) == set()
    assert found(EntryCriteria(before=day("2025-04-09"))) == set()


def test_a_range_of_decisions_asks_for_rulings(dispute: Dispute) -> None:
    assert found(EntryCriteria(decided_after=day("2025-04-01"))) == {"Order to return the book", "Opinion on appeal"}
    assert found(EntryCriteria(decided_before=day("2025-04-05"))) == {"Order to return the book"}


# --- cases that have such an entry ----------------------------------------------------------------------------------


def test_court_date_outcome_and_judge_must_hold_for_one_and_the_same_entry() -> None:
    """Each of two entries misses one of four criteria; together they have all of them."""
    ours, other = CourtFactory(), CourtFactory()
    judge, another = JudgeFactory(), JudgeFactory()
    asked = {
        "courts": (ours.pk,),
        "outcomes": (Outcome.GRANTED,),
        "judges": (judge.slug,),
        "after": day("2025-04-01"),
        "before": day("2025-04-30"),
    }

    def ruling(case: Case, **differs: Any) -> None:
        who = differs.pop("judge", judge)
        fields = {"court": ours, "outcome": Outcome.GRANTED, "date": parse("10 April 2025")} | differs
        RulingJudgeFactory(ruling=RulingFactory(case=case, published=True, **fields), judge=who)

    right = CaseFactory(name="right", published=True)
    ruling(right)
    misses: dict[str, dict[str, Any]] = {
        "court": {"court": other},
        "outcome": {"outcome": Outcome.DENIED},
        "date": {"date": parse("10 March 2025")},
        "judge": {"judge": another},
    }
    for name, miss in misses.items():
        wrong = CaseFactory(name=f"scattered over {name}", published=True)
        ruling(wrong, **miss)
        # The part that is missing stands in an entry beside it, which misses another.
        beside: dict[str, Any] = {"date": parse("1 May 2025")} if name != "date" else {"court": other}
        ruling(wrong, **beside)
    assert cases_with(**asked) == {"right"}
    for left_out in asked:
        rest = {name: value for name, value in asked.items() if name != left_out}
        assert "right" in cases_with(**rest)


def test_a_ruling_of_a_court_in_march_and_a_filing_elsewhere_in_april_are_no_ruling_there_in_april() -> None:
    court, other = CourtFactory(), CourtFactory()
    case = CaseFactory(name="scattered", published=True)
    RulingFactory(case=case, court=court, date=parse("10 March 2025"), published=True)
    EventFactory(case=case, court=other, date=parse("10 April 2025"), published=True)
    april = {"after": day("2025-04-01"), "before": day("2025-04-30")}
    decided = {"decided_after": day("2025-04-01"), "decided_before": day("2025-04-30")}
    assert cases_with(courts=(court.pk,)) == {"scattered"}
    assert cases_with(**april) == {"scattered"}
    assert cases_with(courts=(court.pk,), **april) == set()
    assert cases_with(courts=(other.pk,), **april) == {"scattered"}
    assert cases_with(courts=(other.pk,), **decided) == set()


def test_court_and_level_alone_are_fulfilled_by_a_proceeding_without_entries() -> None:
    proceeding = ProceedingFactory(
        case=CaseFactory(name="filed only", published=True), court=CourtFactory(supreme=True)
    )
    assert cases_with(courts=(proceeding.court.pk,)) == {"filed only"}
    assert cases_with(levels=(Level.SUPREME,)) == {"filed only"}
    assert cases_with(courts=(proceeding.court.pk,), levels=(Level.TRIAL,)) == set()
    assert cases_with(courts=(proceeding.court.pk,), kinds=(Kind.FILING,)) == set()


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_case_is_not_found_by_what_is_hidden_in_it(hidden: str) -> None:
    case = CaseFactory(name="open", published=True)
    secret = RulingFactory(
        case=case, title="Zebra order", date=parse("10 April 1999"), outcome=Outcome.MOOT, **{hidden: True}
    )
    RulingJudgeFactory(ruling=secret, judge=JudgeFactory(slug="secret-judge"))
    for criteria in (
        {"courts": (secret.court.pk,)},
        {"outcomes": (Outcome.MOOT,)},
        {"judges": ("secret-judge",)},
        {"before": day("1999-12-31")},
        {"levels": (Level.TRIAL,)},
    ):
        assert cases_with(**criteria) == set(), criteria
    assert cases_for("zebra") == set()


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_hidden_case_is_found_by_nothing(hidden: str) -> None:
    case = CaseFactory(name="Zebra v. Okapi", **{hidden: True})
    proceeding = ProceedingFactory(case=case)
    DocketNumberFactory(proceeding=proceeding, number="8:25-cv-00999")
    PartyRoleFactory(proceeding=proceeding, party=PartyFactory(name="Zoe Zebra"))
    EventFactory(case=case, court=proceeding.court, title="Motion of the zebra", published=True)
    for words in ("zebra", "zebra okapi", "8:25-cv-00999", "Zoe", "motion"):
        assert cases_for(words) == set(), words
    assert set(search.cases_of_party("Zoe Zebra")) == set()
    assert cases_with(courts=(proceeding.court.pk,)) == set()
    assert found(EntryCriteria()) == set()


# --- words ----------------------------------------------------------------------------------------------------------


def test_a_case_is_found_by_its_names_its_summary_and_its_parties(dispute: Dispute) -> None:
    dispute.case.name, dispute.case.short_name = "Guzmán v. Noem", "Guzmán"
    dispute.case.summary = "A book was borrowed and not returned."
    dispute.case.save()
    PartyRoleFactory(proceeding=dispute.appeal, party=PartyFactory(name="Émile Zola"))
    for words in (
        "Guzmán", "guzman", "GUZMÁN", "uzmán v. No", "borrowing", "borrowed returned", "Jo Smith", "émile", "Zola",
    ):  # fmt: skip
        assert cases_for(words) == {"Guzmán v. Noem"}, words
    assert cases_for("okapi") == set()


def test_a_party_is_found_without_its_accents() -> None:
    role = PartyRoleFactory(
        party=PartyFactory(name="Kilmar Ábrego García"), proceeding__case=CaseFactory(name="the case", published=True)
    )
    for words in ("abrego garcia", "Abrego García", "KILMAR ABREGO"):
        assert cases_for(words) == {"the case"}, words
        assert list(search.cases_of_party(words).values_list("proceeding__case", flat=True)) == [
            role.proceeding.case_id
        ]


def test_a_judge_is_found_without_accents() -> None:
    ruling = RulingFactory(title="hers", published=True)
    RulingJudgeFactory(ruling=ruling, judge=JudgeFactory(name="María Ibáñez"))
    assert found(EntryCriteria(judges=("maria ibanez",))) == {"hers"}


def test_a_case_is_found_by_the_words_of_an_entry(dispute: Dispute) -> None:
    dispute.order.summary = "Jones must lend his zebra."
    dispute.order.holding = "A loan of an okapi ends with its term."
    dispute.order.save()
    for words in ("zebra", "okapis", "returning the book", '"lend his zebra"', "giraffe OR okapi", "zebra -giraffe"):
        assert cases_for(words) == {dispute.case.name}, words
    for words in ('"zebra lend"', "zebra -book", "giraffe"):
        assert cases_for(words) == set(), words


@pytest.mark.parametrize(
    ("stored", "spellings"),
    [
        (
            "8:25-cv-00951",
            [
                "8:25-cv-00951", "8:25-CV-00951", "8:25-cv-00951-PX", "25-cv-951", "25-cv-00951", "2025-cv-951",
                "25cv951", "No. 8:25-cv-00951", " 8:25-cv-00951 ", "8:25-cv-951",
            ],
        ),
        ("24A949", ["24A949", "24a949", "No. 24A949", "No.24A949", "24-A-949", "24A-949", "Nos. 24A949"]),
        ("25-1345", ["25-1345", "No. 25-1345", "25–1345"]),
        ("A 26-001", ["A 26-001", "a26001"]),
        ("No. 1", ["1", "No. 1"]),
    ],
)  # fmt: skip
def test_a_docket_number_is_found_in_every_spelling(stored: str, spellings: list[str]) -> None:
    proceeding = ProceedingFactory(case=CaseFactory(name="the case", published=True), caption="Caption")
    DocketNumberFactory(proceeding=proceeding, number=stored)
    DocketNumberFactory(proceeding=ProceedingFactory(case=CaseFactory(name="Roe", published=True)), number="77-777")
    for spelling in spellings:
        assert cases_for(spelling) == {"the case"}, spelling


def test_a_number_that_two_proceedings_share_finds_both_cases() -> None:
    for name in ("one", "two"):
        DocketNumberFactory(proceeding=ProceedingFactory(case=CaseFactory(name=name, published=True)), number="No. 8")
    assert cases_for("No. 8") == {"one", "two"}


def test_no_words_narrow_nothing(dispute: Dispute) -> None:
    for words in ("", "   ", "\u202e", "\t\n"):
        assert cases_for(words) == {dispute.case.name}
        assert search.entries_matching(Event.objects.public(), words).count() == 6


def test_entries_are_found_by_their_words_and_by_a_part_of_the_title(dispute: Dispute) -> None:
    def entries(words: str) -> set[str]:
        return set(search.entries_matching(Event.objects.public(), words).values_list("title", flat=True))

    assert entries("motion") == {
        "Motion for the return of the book", "Opposition to the motion", "Hearing on the motion",
    }  # fmt: skip
    assert entries("motions") == entries("motion")
    assert entries("pposition to") == {"Opposition to the motion"}
    assert entries("orders Jones") == {"Order to return the book", "Opinion on appeal"}


QUERY_SIGNS = r"""& | ! a&b a:* <-> book<2>return (( ' " "book \ - OR or :A % _"""


@pytest.mark.parametrize("words", [*QUERY_SIGNS.split(), "a & b", "or or", "book <2> return", "!! book"])
def test_no_sign_of_a_query_language_breaks_a_search(words: str, dispute: Dispute) -> None:
    assert cases_for(words) <= {dispute.case.name}
    assert search.entries_matching(Event.objects.public(), words).count() <= 6


@pytest.mark.parametrize("words", ["the of and", "to be or not to be", "🐘🐘🐘", "مرحبا", "你好", "́"])
def test_words_that_the_search_cannot_use_find_nothing(words: str, dispute: Dispute) -> None:
    assert cases_for(words) == set()


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=300))
@settings(max_examples=60)
def test_any_text_can_be_searched_for(text: str) -> None:
    assert search.cases_matching(Case.objects.public(), text).count() == 0
    assert set(search.cases_of_party(text)) == set()
    assert found(EntryCriteria(judges=(text,))) == set()


@given(st.text(max_size=2000))
def test_what_is_searched_for_is_short_and_visible_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = search.clean_words(text)
    assert len(cleaned) <= search.LONGEST_QUERY
    assert cleaned.isprintable()
    assert cleaned == cleaned.strip() == search.clean_words(cleaned)


def test_every_outcome_has_one_choice_and_every_choice_finds_something() -> None:
    values = [value for value, _ in search.OUTCOME_CHOICES]
    assert len(values) == len(set(values)) == len(Outcome.values) + len(DERIVED_OUTCOMES)
    for outcome in Outcome.values:
        RulingFactory(title=outcome, outcome=outcome, published=True)
        assert found(EntryCriteria(outcomes=(outcome,))) == {outcome}


def test_of_a_case_what_was_said_of_an_entry_and_its_note_are_searched_too() -> None:
    case = CaseFactory(published=True)
    noted = EventFactory(case=case, title="Noted", note="The docket says that it was **unanimous**.", published=True)
    quoted = EventFactory(case=case, title="Quoted", published=True)
    StatementFactory(event=quoted, speaker="Sam Jones", quote="a unanimous order", paraphrase="")
    told = EventFactory(case=case, title="Told", published=True)
    StatementFactory(event=told, speaker="Pat Unanimous", quote="", paraphrase="Said that he had won.")
    EventFactory(case=case, title="Neither", published=True)
    StatementFactory(event=EventFactory(title="Elsewhere", published=True), quote="unanimous", paraphrase="")
    entries = Event.objects.public().filter(case=case)

    def mentioned(words: str) -> set[str]:
        asked = search.understand(words)
        assert asked is not None
        return set(search.entries_mentioning(entries, asked).values_list("title", flat=True))

    assert mentioned("unanimous") == {noted.title, quoted.title, told.title}
    assert mentioned("unanimous -docket") == {quoted.title, told.title}
    assert mentioned("told") == {told.title}
