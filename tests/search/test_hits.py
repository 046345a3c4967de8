"""Where public texts have the words that a reader looks for, and what stands first."""

import datetime
from typing import Any

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
from casetracker.models.visibility import EventQuerySet
from casetracker.patience import TakesTooLongError
from casetracker.search import Where, hits, understand

pytestmark = pytest.mark.django_db

HIDDEN = ["draft", "in_review", "embargoed", "withdrawn", "withheld"]


def found(words: str) -> search.CasesFound:
    asked = understand(words)
    assert asked is not None
    return search.cases_found(asked)


def names(words: str) -> list[str]:
    """The cases that are found, best first."""
    by_key = dict(Case.objects.public().values_list("pk", "name"))
    return [by_key[key] for key in found(words).best_first()]


def where(words: str) -> set[Where]:
    return {hit.where for hits_ in found(words).hits.values() for hit in hits_}


def entries(words: str) -> set[str]:
    return set(search.entries_matching(Event.objects.public(), words).values_list("title", flat=True))


def mentioning(dispute: Dispute, words: str) -> set[int]:
    """Entries of its case, by their keys."""
    asked = search.understand(words)
    assert asked is not None
    events = Event.objects.public().filter(case=dispute.case)
    return set(search.entries_mentioning(events, asked).values_list("pk", flat=True))


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


def test_every_beginning_of_a_word_finds_it_however_far_it_goes() -> None:
    """The index has words without their endings: it knows of "injunct" and not of "injunctio"."""
    for word in (
        "injunction", "jurisdiction", "government", "deportation", "constitutional", "discrimination", "negligence",
        "administrative", "removal", "liability", "emergency", "petitioners", "proceedings", "remanded", "parties",
    ):  # fmt: skip
        title = f"About {word}"
        EventFactory(title=title, published=True)
        for length in range(4, len(word) + 1):
            assert title in entries(f"{word[:length]}*"), word[:length]
    assert entries("injunctix*") == set()
    assert entries("injunctio* -deportati*") == {"About injunction"}


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
    assert {hit.where for hit in several.hits[dispute.case.pk][:2]} == {Where.ENTRY, Where.CASE}
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
        assert mentioning(dispute, word) == set()


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
    three: None, monkeypatch: pytest.MonkeyPatch, threshold: int
) -> None:
    """A threshold of nothing makes every word a common one."""
    many_entries(6)
    monkeypatch.setattr(hits, "COMMON", threshold)
    assert found("zebra").is_bounded
    assert set(names("zebra")) == {"Case 3", "Case 4", "Case 5"}
    everything = Event.objects.public()
    for ranked in (False, True):
        listed = search.entries_found(everything, zebra(), ranked=ranked)
        assert listed.is_bounded
        assert years(listed.among(everything)) == {2003, 2004, 2005}


def zebra() -> search.Asked:
    asked = understand("zebra")
    assert asked is not None
    return asked


def years(events: EventQuerySet) -> set[int]:
    return {day.year for day in events.values_list("sort_date", flat=True)}


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than the newest three hits are looked at."""
    monkeypatch.setattr(hits, "MOST", 3)
    monkeypatch.setattr(search.entries, "MOST_LISTED", 3)


def test_what_other_filters_leave_is_looked_through_for_old_hits_too(three: None) -> None:
    cases = many_entries(6)
    few = Case.objects.public().filter(pk__in=[cases[0].pk, cases[5].pk])
    told = search.cases_found(zebra(), few)
    assert {case.name for case in few.filter(pk__in=told.hits)} == {"Case 0", "Case 5"}
    # Of the others the newest are known still, for what would be listed without the filter.
    assert set(told.hits) == {cases[number].pk for number in (0, 3, 4, 5)}
    assert told.is_partial
    assert not told.is_bounded
    many = search.cases_found(zebra(), Case.objects.public().exclude(pk=cases[5].pk))
    assert many.is_bounded
    assert set(many.hits) == {cases[number].pk for number in (2, 3, 4, 5)}


@pytest.mark.parametrize("ranked", [False, True])
def test_of_entries_too_the_newest_that_other_filters_leave_are_found(three: None, *, ranked: bool) -> None:
    many_entries(6)
    everything = Event.objects.public()
    for last, found_in, is_bounded in ((2001, {2000, 2001}, False), (2004, {2002, 2003, 2004}, True)):
        old = everything.filter(sort_date__lt=datetime.date(last + 1, 1, 1))
        told = search.entries_found(everything, zebra(), within=old, ranked=ranked)
        assert years(told.among(old)) == found_in
        assert (told.is_bounded, told.is_partial) == (is_bounded, True)


def test_where_looking_once_more_takes_too_long_the_newest_of_all_are_told(
    three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = many_entries(6)
    in_time = hits.rows_of

    def late(rows: Any, milliseconds: int | None = None) -> Any:
        if milliseconds is not None:
            raise TakesTooLongError
        return in_time(rows)

    for module in (hits, search.entries):
        monkeypatch.setattr(module, "rows_of", late)
    few = Case.objects.public().filter(pk__in=[cases[0].pk, cases[5].pk])
    told = search.cases_found(zebra(), few)
    assert (set(told.hits), told.is_bounded) == ({cases[number].pk for number in (3, 4, 5)}, True)
    everything = Event.objects.public()
    listed = search.entries_found(everything, zebra(), within=everything.filter(case__in=few))
    assert (years(listed.among(everything)), listed.is_bounded) == ({2003, 2004, 2005}, True)


def test_the_best_entry_stands_first_and_of_equals_the_newest(dispute: Dispute) -> None:
    titles = ["On the zebra order", "Zebra order", "An order", "Zebra order, as amended", "Zebra order"]
    for number, title in enumerate(titles):
        summary = "It is about a zebra." if title == "An order" else ""
        EventFactory(title=title, summary=summary, date=UncertainDate.on(2000 + number, 1, 1), published=True)
    RulingCitationFactory(ruling=dispute.order, text="12 F.4th 345")
    EventFactory(title="As in 12 F.4th 345", date=UncertainDate.on(2030, 1, 1), published=True)

    def best(words: str) -> list[tuple[str, int]]:
        asked = understand(words)
        assert asked is not None
        everything = Event.objects.public()
        keys = search.entries_found(everything, asked, ranked=True).best_first(everything)
        by_key = everything.in_bulk(keys)
        return [(by_key[key].title, by_key[key].sort_date.year) for key in keys]

    found_ = best("zebra order")
    assert found_[:2] == [("Zebra order", 2004), ("Zebra order", 2001)]
    assert {title for title, _ in found_[2:4]} == {"On the zebra order", "Zebra order, as amended"}
    assert found_[4:] == [("An order", 2002)]
    assert [title for title, _ in best("12 F.4th 345")] == [dispute.order.title, "As in 12 F.4th 345"]


def test_what_fits_is_not_called_bounded() -> None:
    many_entries(3)
    assert not found("zebra").is_bounded


@pytest.mark.parametrize("count", [1, 3, 60])
def test_cases_are_found_in_the_same_few_queries(count: int) -> None:
    many_entries(count) if count <= 3 else EventFactory.create_batch(count, title="A zebra", published=True)
    with CaptureQueriesContext(connection) as captured:
        assert len(names("zebra")) >= 1
    # To understand, to see whether the words are common, to find; then the names of this test.
    assert len(captured) == 4


def test_of_too_many_cases_with_a_word_it_is_said_that_there_may_be_more(three: None) -> None:
    cases = many_entries(6)
    EventFactory(case=cases[5], title="Of an okapi", published=True)
    assert set(found("zebra okapi").hits) == {cases[5].pk}
    for case in cases[:5]:
        EventFactory(case=case, title="Of an okapi", published=True)
    told = found("zebra okapi")
    assert told.is_bounded
    assert len(told.hits) == 3


@pytest.mark.parametrize("count", [2, 3, 4])
def test_words_in_different_texts_are_found_in_the_same_few_queries(count: int) -> None:
    case = CaseFactory(published=True)
    words = ["zebra", "okapi", "gnu", "quagga"][:count]
    for word in words:
        EventFactory(case=case, title=f"About the {word}", published=True)
    EventFactory(title="About another zebra", published=True)
    with CaptureQueriesContext(connection) as captured:
        told = found(" ".join(words))
    assert set(told.hits) == {case.pk}
    assert len(told.hits[case.pk]) == count
    assert not told.is_bounded
    # As above, and nothing is found; then to understand each, to see which is the rarest, and to find.
    assert len(captured) == 6


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
    assert mentioning(dispute, "zebra") == {dispute.motion.pk, dispute.order.pk}
    assert mentioning(dispute, "the") == set()
