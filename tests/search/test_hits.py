"""Where public texts have the words that a reader looks for, and what stands first."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import (
    CaseFactory,
    Dispute,
    DocketEntryFactory,
    DocketNumberFactory,
    DocumentFactory,
    EventFactory,
    JudgeFactory,
    PartyFactory,
    PartyRoleFactory,
    ProceedingFactory,
    ProceedingJudgeFactory,
    RulingCitationFactory,
    RulingFactory,
    RulingJudgeFactory,
    two_court_dispute,
)

from casetracker import search
from casetracker.dates import UncertainDate
from casetracker.models import Case, DocketEntry, Document, Event
from casetracker.search import Where, hits, matching, understand

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld"]


def found(words: str) -> search.CasesFound:
    asked = understand(words)
    assert asked is not None
    return search.cases_found(Case.objects.public(), asked)[1]


def names(words: str) -> list[str]:
    """The cases that are found, best first."""
    cases = Case.objects.public()
    by_key = dict(cases.values_list("pk", "name"))
    return [by_key[key] for key in found(words).best_first(cases)]


def where(words: str) -> set[Where]:
    return {hit.where for hits_ in found(words).hits.values() for hit in hits_}


def entries(words: str) -> set[str]:
    return set(search.entries_matching(Event.objects.public(), words).values_list("title", flat=True))


@pytest.fixture
def dispute() -> Dispute:
    return two_court_dispute()


# --- which texts ----------------------------------------------------------------------------------------------------


def test_each_kind_of_text_is_looked_through(dispute: Dispute) -> None:
    dispute.case.name = "Alpha v. Beta"
    dispute.case.summary = "A bravo is told."
    dispute.case.save()
    Event.objects.filter(pk=dispute.order.pk).update(summary="A charlie.", holding="A delta.", title="Echo order")
    DocketEntry.objects.filter(event=dispute.order).update(text="ORDER of foxtrot")
    DocumentFactory(event=dispute.order, title="Golf", text="The hotel.")
    PartyRoleFactory(proceeding=dispute.trial, party=PartyFactory(name="India Indigo"))
    RulingJudgeFactory(ruling=dispute.order, judge=JudgeFactory(name="Juliett Judge"))
    ProceedingJudgeFactory(proceeding=dispute.trial, judge=JudgeFactory(name="Kilo Judge"))
    RulingCitationFactory(ruling=dispute.order, text="604 U.S. ___")
    for words, place in (
        ("alpha", Where.CASE),
        ("bravo", Where.CASE),
        ("charlie", Where.ENTRY),
        ("delta", Where.ENTRY),
        ("echo", Where.ENTRY),
        ("foxtrot", Where.DOCKET),
        ("golf", Where.DOCUMENT),
        ("hotel", Where.DOCUMENT),
        ("india", Where.PARTY),
        ("Indigo India", Where.PARTY),
        ("juliett", Where.JUDGE),
        ("kilo", Where.JUDGE),
        ("604 U. S. ____", Where.CITATION),
        ("25-cv-951", Where.NUMBER),
    ):
        assert where(words) == {place}, words
    for words in ("charlie", "delta", "echo", "foxtrot", "golf", "hotel", "juliett", "604 U.S. ___"):
        assert entries(words) == {"Echo order"}, words


def test_phrases_exclusion_alternatives_and_beginnings_hold_in_each_text(dispute: Dispute) -> None:
    DocketEntry.objects.filter(event=dispute.order).update(text="ORDER granting the preliminary injunction in part")
    DocumentFactory(event=dispute.appeal_order, title="Slip", text="We stay the preliminary injunction.")
    both = {dispute.order.title, dispute.appeal_order.title}
    assert entries("injunc*") == entries("preliminary injunctions") == entries('"preliminary injunction"') == both
    assert entries("injunction -stay") == entries('"granting the preliminary"') == {dispute.order.title}
    assert entries("injunction -grant*") == {dispute.appeal_order.title}
    assert entries("stayed OR granted") == both
    assert entries('"injunction preliminary"') == entries("injunctiv -preliminary") == set()


def test_words_in_different_texts_of_a_case_find_it_where_no_text_has_them_all(dispute: Dispute) -> None:
    other = two_court_dispute()
    Case.objects.filter(pk=dispute.case.pk).update(name="Alpha v. Beta")
    Case.objects.filter(pk=other.case.pk).update(name="Alpha v. Gamma")
    Event.objects.filter(pk=dispute.order.pk).update(title="Discovery is ordered", summary="", holding="")
    assert (
        names("alpha discovery")
        == names('alpha "discovery is ordered"')
        == names("alph* discovery")
        == ["Alpha v. Beta"]
    )
    several = found("alpha discovery")
    assert [hit.where for hit in several.hits[dispute.case.pk][:2]] == [Where.ENTRY, Where.CASE]
    assert several.scattered is not None
    told = search.of_cases(several, several.scattered, [dispute.case.pk])[dispute.case.pk]
    assert [piece.text for piece in told.name if piece.is_found] == ["Alpha"]
    assert [piece.text for piece in told.snippets[0].title if piece.is_found] == ["Discovery"]
    # What is to be left out is never looked for in several texts.
    assert names("alpha -gamma discovery") == names("alpha discovery nowhere") == []
    Event.objects.filter(pk=other.order.pk).update(summary="Alpha asked for discovery.")
    assert names("alpha discovery") == ["Alpha v. Gamma"]


@pytest.mark.parametrize("state", HIDDEN)
def test_a_word_of_a_hidden_entry_finds_no_case_beside_a_word_of_a_public_one(dispute: Dispute, state: str) -> None:
    Case.objects.filter(pk=dispute.case.pk).update(name="Alpha v. Beta")
    EventFactory(case=dispute.case, title="Discovery is ordered", **{state: True})
    assert names("alpha discovery") == []
    EventFactory(case=dispute.case, title="Discovery is ordered", published=True)
    assert names("alpha discovery") == ["Alpha v. Beta"]


def test_accents_make_no_difference_on_either_side(dispute: Dispute) -> None:
    dispute.case.name = "Ábrego García v. Noem"
    dispute.case.save()
    DocketEntry.objects.filter(event=dispute.order).update(text="Transport by Munoz and Peña")
    for words in ("abrego garcia", "Ábrego García", "ábreg*", '"abrego garcía"', "brego Gar"):
        assert names(words) == ["Ábrego García v. Noem"], words
    for words in ("Muñoz", "munoz", "pena", "Peñ*"):
        assert entries(words) == {dispute.order.title}, words


def test_versus_may_be_written_in_any_way(dispute: Dispute) -> None:
    dispute.case.name = "Garcia v. Noem"
    dispute.case.save()
    for words in ("Garcia v Noem", "garcia vs. noem", '"Garcia versus Noem"', "Garcia Noem", "noem garcia"):
        assert names(words) == ["Garcia v. Noem"], words


# --- what may be seen -----------------------------------------------------------------------------------------------


PLANTED = ("zebra", "okapi", "gnu", "tapir", "777 F. Supp. 3d 9", "lion", "puma", "lynx", "9:71-cv-70001")


def plant(state: str, *, in_a_public_case: bool) -> None:
    """A case and entries in a state, with a word in each kind of text; or such entries alone, in public cases."""
    case = CaseFactory(name="Lion v. Lamb", **({"published": True} if in_a_public_case else {state: True}))
    docket = ProceedingFactory(case=case)
    entry = RulingFactory(
        case=case, court=docket.court, title="zebra", **({state: True} if in_a_public_case else {"published": True})
    )
    DocketEntryFactory(event=entry, proceeding=docket, text="An okapi.")
    DocumentFactory(event=entry, text="A gnu.")
    RulingJudgeFactory(ruling=entry, judge=JudgeFactory(name="Tapir"))
    RulingCitationFactory(ruling=entry, text="777 F. Supp. 3d 9")
    DocketNumberFactory(proceeding=docket, number="9:71-cv-70001")
    PartyRoleFactory(proceeding=docket, party=PartyFactory(name="Puma"))
    ProceedingJudgeFactory(proceeding=docket, judge=JudgeFactory(name="Lynx"))


def test_what_is_public_is_there_to_be_found() -> None:
    plant("published", in_a_public_case=True)
    for word in PLANTED:
        assert names(word) == ["Lion v. Lamb"], word
    for word in PLANTED[:5]:
        assert entries(word) == {"zebra"}, word


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_hidden_is_found_by_no_text_of_it(hidden: str) -> None:
    plant(hidden, in_a_public_case=False)
    for word in PLANTED:
        assert names(word) == [], word
        assert entries(word) == set(), word


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_public_case_is_not_found_by_a_hidden_entry(hidden: str) -> None:
    plant(hidden, in_a_public_case=True)
    for word in PLANTED[:5]:
        assert names(word) == [], word
        assert entries(word) == set(), word
    assert names("lion") == ["Lion v. Lamb"]


def test_a_sealed_document_is_found_by_nothing(dispute: Dispute) -> None:
    document = DocumentFactory(event=dispute.order, title="Okapi", text="About the gnu.")
    for word in ("okapi", "gnu"):
        assert entries(word) == {dispute.order.title}
    Document.objects.filter(pk=document.pk).update(sealed=True)
    for word in ("okapi", "gnu"):
        assert entries(word) == set()
        assert names(word) == []
        case = Event.objects.public().filter(case=dispute.case)
        assert not search.entries_mentioning(case, word).exists()


# --- order ----------------------------------------------------------------------------------------------------------


def test_a_number_a_citation_and_a_name_stand_before_what_only_mentions_them() -> None:
    for number in range(3):
        mentions = CaseFactory(name=f"Other {number}", summary="As in Smith v. Jones.", published=True)
        EventFactory(case=mentions, title="Smith v. Jones and Smith v. Jones, No. 25-cv-951", published=True)
    named = CaseFactory(name="Smith v. Jones", published=True)
    DocketNumberFactory(proceeding=ProceedingFactory(case=named), number="8:25-cv-00951")
    RulingCitationFactory(ruling=RulingFactory(case=named, published=True), text="12 F.4th 345")
    EventFactory(case=Case.objects.get(name="Other 1"), title="12 F.4th 345", published=True)
    assert names("Smith v. Jones")[0] == named.name
    assert len(names("Smith v. Jones")) == 4
    assert names("25-cv-951")[0] == named.name
    assert names("12 F.4th 345") == [named.name, "Other 1"]


def test_a_title_counts_more_than_a_summary_and_that_more_than_a_docket_and_a_document() -> None:
    for name in ("document", "docket", "summary", "title", "name"):
        case = CaseFactory(name="Zebra" if name == "name" else name, published=True)
        entry = RulingFactory(
            case=case,
            title="zebra" if name == "title" else "none",
            summary="zebra" if name == "summary" else "",
            published=True,
        )
        if name == "docket":
            docket = ProceedingFactory(case=case, court=entry.court)
            DocketEntryFactory(event=entry, proceeding=docket, text="zebra")
        if name == "document":
            DocumentFactory(event=entry, title="none", text="zebra")
    assert names("zebra") == ["Zebra", "title", "summary", "docket", "document"]


def test_invented_cases_stand_last() -> None:
    CaseFactory(name="Zebra", is_invented=True, published=True)
    CaseFactory(name="Other", summary="A zebra.", published=True)
    assert names("zebra") == ["Other", "Zebra"]


# --- bounds ---------------------------------------------------------------------------------------------------------


def many_entries(count: int) -> list[Case]:
    """So many cases, each with one entry about a zebra, the first the oldest."""
    cases: list[Case] = [CaseFactory(name=f"Case {number}", published=True) for number in range(count)]
    for number, case in enumerate(cases):
        EventFactory(case=case, title="A zebra", date=UncertainDate.on(2000 + number, 1, 1), published=True)
    return cases


@pytest.mark.parametrize("threshold", [0, hits.COMMON])
def test_of_too_many_hits_the_newest_are_taken_however_they_are_looked_up(
    monkeypatch: pytest.MonkeyPatch, threshold: int
) -> None:
    """A threshold of nothing makes every word a common one."""
    many_entries(6)
    monkeypatch.setattr(hits, "MOST", 3)
    monkeypatch.setattr(matching, "MOST", 3)
    monkeypatch.setattr(matching, "MOST_LISTED", 3)
    monkeypatch.setattr(hits, "COMMON", threshold)
    asked = understand("zebra")
    assert asked is not None
    assert found("zebra").is_bounded
    assert set(names("zebra")) == {"Case 3", "Case 4", "Case 5"}
    listed = search.entries_found(Event.objects.public(), asked)
    assert listed.is_bounded
    assert {day.year for day in listed.rows.values_list("sort_date", flat=True)} == {2003, 2004, 2005}


def test_within_few_cases_old_hits_are_found_too(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = many_entries(6)
    monkeypatch.setattr(hits, "MOST", 3)
    monkeypatch.setattr(matching, "MOST", 3)
    few = Case.objects.public().filter(pk__in=[cases[0].pk, cases[5].pk])
    asked = understand("zebra")
    assert asked is not None
    rows, told = search.cases_found(few, asked)
    assert set(rows.values_list("name", flat=True)) == {"Case 0", "Case 5"}
    assert not told.is_bounded


def test_what_fits_is_not_called_bounded() -> None:
    many_entries(3)
    assert not found("zebra").is_bounded


@pytest.mark.parametrize("count", [1, 3, 60])
def test_cases_are_found_in_the_same_few_queries(count: int) -> None:
    many_entries(count) if count <= 3 else EventFactory.create_batch(count, title="A zebra", published=True)
    with CaptureQueriesContext(connection) as captured:
        assert len(names("zebra")) >= 1
    # To understand, to see whether the words are common, to find; then the names of this test, and the order.
    assert len(captured) == 5


# --- long texts -----------------------------------------------------------------------------------------------------


def test_a_text_of_more_words_than_an_index_takes_is_stored_and_found_as_far_as_it_goes(dispute: Dispute) -> None:
    words = " ".join(f"w{number}x{number * 7919 % 1_000_003}" for number in range(120_000))
    document = DocumentFactory(event=dispute.order, text=f"firstword {words} lastword")
    assert len(Document.objects.get(pk=document.pk).text) > 1_600_000
    assert entries("firstword") == {dispute.order.title}
    assert entries("lastword") == set()
    row = DocketEntry.objects.get(event=dispute.order)
    DocketEntry.objects.filter(pk=row.pk).update(text=f"nearword {words}")
    assert entries("nearword") == {dispute.order.title}


def test_the_day_of_an_entry_does_not_matter_to_what_is_found(dispute: Dispute) -> None:
    Event.objects.filter(pk=dispute.order.pk).update(date=UncertainDate.from_edtf("1801~"), title="zebra")
    assert entries("zebra") == {"zebra"}
    assert datetime.date(1801, 1, 1) == Event.objects.get(title="zebra").sort_date


def test_the_timeline_of_a_case_is_searched_by_dockets_and_documents_too(dispute: Dispute) -> None:
    DocketEntry.objects.filter(event=dispute.motion).update(text="MOTION about a zebra")
    DocumentFactory(event=dispute.order, text="On zebras.")
    DocumentFactory(event=dispute.hearing, text="On zebras.", sealed=True)
    found = search.entries_mentioning(Event.objects.public().filter(case=dispute.case), "zebra")
    assert {entry.pk for entry in found} == {dispute.motion.pk, dispute.order.pk}
    assert not search.entries_mentioning(Event.objects.public().filter(case=dispute.case), "the").exists()
