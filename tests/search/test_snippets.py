"""What a result shows of where the words stand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import (
    CaseFactory,
    Dispute,
    DocumentFactory,
    EventFactory,
    JudgeFactory,
    RulingCitationFactory,
    RulingJudgeFactory,
    two_court_dispute,
)

from casetracker import search
from casetracker.models import Case, DocketEntry, Document, Event
from casetracker.search import Piece, Snippet, understand

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispute() -> Dispute:
    return two_court_dispute()


def told(words: str, case: Case) -> search.Told:
    asked = understand(words)
    assert asked is not None
    found = search.cases_found(asked)
    return search.of_cases(found, asked, [case.pk])[case.pk]


def of(words: str, dispute: Dispute) -> list[Snippet]:
    return told(words, dispute.case).snippets


def written(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_found else piece.text for piece in pieces)


def test_it_says_where_the_words_are_marks_them_and_leads_to_the_entry(dispute: Dispute) -> None:
    Event.objects.filter(pk=dispute.order.pk).update(
        summary="Jones must **return** the [zebra](https://court.example/z).", holding="Loans of okapis end."
    )
    (snippet,) = of("zebra", dispute)
    assert (snippet.label, written(snippet.title)) == ("Summary", "Order to return the book")
    assert written(snippet.text) == "Jones must return the [zebra]."
    assert snippet.url == dispute.order.get_absolute_url()
    assert (snippet.date, snippet.iso, snippet.court) == ("4 April 2025", "2025-04-04", "D. Md.")
    (snippet,) = of("okapi", dispute)
    assert (snippet.label, written(snippet.text)) == ("Holding", "Loans of [okapis] end.")
    (snippet,) = of("agree", dispute)
    assert (snippet.label, written(snippet.title), snippet.text) == ("Title", "The parties [agree]", ())
    assert (snippet.court, snippet.accent) == ("", "outside")


def test_dockets_documents_citations_numbers_and_people_are_told_as_such(dispute: Dispute) -> None:
    DocketEntry.objects.filter(event=dispute.order).update(text="ORDER as to the foxtrot")
    DocumentFactory(event=dispute.order, title="Slip opinion", text="It is about a hotel, and about nothing else.")
    judge = JudgeFactory(name="Juliett Judge")
    RulingJudgeFactory(ruling=dispute.order, judge=judge)
    RulingCitationFactory(ruling=dispute.order, text="604 U.S. ___")
    entry = dispute.order.get_absolute_url()
    for words, label, title, url in (
        ("foxtrot", "Docket text", "Order to return the book", entry),
        ("hotel", "Document", "Order to return the book", entry),
        ("slip", "Document", "Order to return the book", entry),
        ("604 U.S. ___", "Citation", "Order to return the book", entry),
        ("juliett", "Judge", "[Juliett] Judge", judge.get_absolute_url()),
        ("jo smith", "Party", "[Jo] [Smith]", dispute.plaintiff.get_absolute_url()),
        ("25-cv-951", "Docket number", "8:25-cv-00951", dispute.case.get_absolute_url()),
    ):
        snippet = of(words, dispute)[0]
        assert (snippet.label, written(snippet.title), snippet.url) == (label, title, url), words
    assert written(of("foxtrot", dispute)[0].text) == "ORDER as to the [foxtrot]"
    assert "[hotel]" in written(of("hotel", dispute)[0].text)
    assert "[Slip]" in written(of("slip", dispute)[0].text)


def test_the_name_and_the_summary_of_the_case_are_marked(dispute: Dispute) -> None:
    dispute.case.name, dispute.case.summary = "Ábrego v. Noem", "A zebra was lent."
    dispute.case.save()
    assert written(told("abrego", dispute.case).name) == "[Ábrego] v. Noem"
    assert told("abrego", dispute.case).snippets == []
    (snippet,) = of("zebra", dispute)
    assert (snippet.label, written(snippet.text)) == ("Summary of the case", "A [zebra] was lent.")
    assert told("zebra", dispute.case).name == ()


def test_of_a_long_text_the_part_with_the_words_is_shown(dispute: Dispute) -> None:
    long = "Nothing is said here. " * 20_000
    DocumentFactory(event=dispute.order, text=f"{long}Then the párties asked for an injunction. {long}")
    (snippet,) = of("injunctions parties", dispute)
    text = written(snippet.text)
    assert "the [párties] asked for an [injunction]" in text
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert len(text) < 500


@pytest.mark.parametrize("text", ["<script>alert(1)</script> zebra", "<b>zebra</b>", "\x02zebra\x03 & </li> zebra"])
def test_signs_of_markup_in_a_text_stay_signs(dispute: Dispute, text: str) -> None:
    DocketEntry.objects.filter(event=dispute.order).update(text=text)
    (snippet,) = of("zebra", dispute)
    assert all(isinstance(piece.text, str) and type(piece.text) is str for piece in snippet.text)
    assert {piece.text for piece in snippet.text if piece.is_found} == {"zebra"}


def test_one_entry_that_has_the_words_in_several_texts_is_one_place_and_two_places_are_shown(dispute: Dispute) -> None:
    for entry in (dispute.motion, dispute.order, dispute.appeal_order):
        Event.objects.filter(pk=entry.pk).update(title=f"Zebra {entry.pk}", summary="About a zebra.")
        DocketEntry.objects.filter(event=entry).update(text="ZEBRA")
    found = of("zebra", dispute)
    assert len(found) == 2
    assert len({snippet.url for snippet in found}) == 2


@pytest.mark.parametrize("hidden", ["draft", "embargoed", "withdrawn", "withheld"])
def test_nothing_hidden_is_in_a_snippet(dispute: Dispute, hidden: str) -> None:
    entry = EventFactory(case=dispute.case, title="Zebra zqcanary", **{hidden: True})
    DocumentFactory(event=entry, text="zebra zqcanary")
    DocumentFactory(event=dispute.order, text="zebra zqcanary", sealed=True)
    Event.objects.filter(pk=dispute.order.pk).update(summary="A zebra in public.")
    assert [snippet.url for snippet in of("zebra", dispute)] == [dispute.order.get_absolute_url()]
    assert "zqcanary" not in str(told("zebra", dispute.case))


def test_what_was_hidden_since_it_was_found_is_not_shown(dispute: Dispute) -> None:
    document = DocumentFactory(event=dispute.order, text="A zebra.")
    asked = understand("zebra")
    assert asked is not None
    found = search.cases_found(asked)
    Document.objects.filter(pk=document.pk).update(sealed=True)
    assert search.of_cases(found, asked, [dispute.case.pk])[dispute.case.pk].snippets == []


def test_of_entries_their_own_texts_dockets_and_documents_are_told(dispute: Dispute) -> None:
    Event.objects.filter(pk=dispute.order.pk).update(title="The zebra order", holding="A zebra goes back.")
    DocketEntry.objects.filter(event=dispute.appeal_order).update(text="OPINION on the zebra")
    asked = understand("zebra")
    assert asked is not None
    found = search.of_entries(asked, [dispute.order.pk, dispute.appeal_order.pk, dispute.motion.pk])
    assert written(found[dispute.order.public_id].name) == "The [zebra] order"
    assert [(s.label, written(s.text)) for s in found[dispute.order.public_id].snippets] == [
        ("Holding", "A [zebra] goes back.")
    ]
    assert [(s.label, written(s.text)) for s in found[dispute.appeal_order.public_id].snippets] == [
        ("Docket text", "OPINION on the [zebra]")
    ]
    assert found[dispute.motion.public_id] == search.Told()


@pytest.mark.parametrize("count", [1, 3, 40])
def test_snippets_take_the_same_few_queries(count: int) -> None:
    cases = [CaseFactory(published=True, summary="A zebra.") for _ in range(count)]
    for case in cases:
        entry = EventFactory(case=case, title="Zebra", published=True)
        DocumentFactory(event=entry, text="zebra")
    asked = understand("zebra")
    assert asked is not None
    found = search.cases_found(asked)
    with CaptureQueriesContext(connection) as captured:
        shown = search.of_cases(found, asked, [case.pk for case in cases])
    assert len(shown) == count
    # What is told of all kinds of text, and the marks.
    assert len(captured) == 2
