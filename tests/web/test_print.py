"""The chronology for printing: one case as a document, every source a numbered note with its address."""

import datetime
import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from factories import (
    STATES,
    CaseFactory,
    CorrectionFactory,
    Dispute,
    DocumentFactory,
    EventFactory,
    ExternalIdFactory,
    JudgeFactory,
    PartyRoleFactory,
    ProceedingFactory,
    ProceedingJudgeFactory,
    ReferenceFactory,
    RulingFactory,
    RulingJudgeFactory,
    SourceFactory,
    StatementFactory,
    TreatmentFactory,
    publication_columns,
)
from pages import Page, fetch, has_class, query_of, words

from casetracker import timeline
from casetracker.dates import UncertainDate, parse
from casetracker.models import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH, Event, Happening, Kind
from casetracker.web import urls
from casetracker.web.views import printing

pytestmark = pytest.mark.django_db

MOMENT = datetime.datetime(2026, 11, 24, 14, 5, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "localtime", lambda: MOMENT)


def address(dispute: Dispute) -> str:
    return f"{dispute.case.get_absolute_url()}print/"


def titles(page: Page) -> list[str]:
    """The titles of the entries, without the marks behind them."""
    return [(entry.findtext(".//h4") or "") for entry in page.entries]


def marks(element: Element) -> list[str]:
    return [words(link) for mark in element.iter("sup") for link in mark.iter("a")]


def notes(page: Page) -> list[str]:
    return [words(note) for note in page.one("ol", cls="notes")]


def chosen(page: Page) -> str:
    """What the page says of that which it leaves out."""
    return " ".join(words(box) for box in page.all(cls="chosen"))


# --- the address ----------------------------------------------------------------------------------------------------


def test_no_identifier_of_an_entry_is_a_word_that_stands_in_its_place() -> None:
    entry = re.compile(rf"[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}")
    below_a_case = [str(pattern.pattern) for pattern in urls.urlpatterns]
    fixed = [route.split("/")[2] for route in below_a_case if re.fullmatch(r"cases/<slug:slug>/[a-z]+/", route)]
    assert "print" in fixed
    assert [word for word in fixed if entry.fullmatch(word)] == []
    # Nor will be: an identifier has no vowel.
    assert not set("aeiou") & set(PUBLIC_ID_ALPHABET)


def test_search_engines_are_sent_to_the_case(client: Client, dispute: Dispute) -> None:
    page = fetch(client, address(dispute))
    assert not page.is_indexed
    assert page.canonical == f"http://testserver{dispute.case.get_absolute_url()}"
    assert page.meta["og:url"] == page.canonical


def test_a_former_slug_leads_to_what_is_printed_of_the_present_one(client: Client, dispute: Dispute) -> None:
    former = address(dispute)
    dispute.case.slug = "a-better-name"
    dispute.case.save()
    response = client.get(f"{former}?kind=ruling&q=a%26b")
    assert (response.status_code, response["Location"]) == (301, "/cases/a-better-name/print/?kind=ruling&q=a%26b")


@pytest.mark.parametrize(
    ("state", "status"), [("draft", 404), ("in_review", 404), ("embargoed", 404), ("withdrawn", 410), ("withheld", 410)]
)
def test_a_case_that_is_not_public_answers_as_its_page_does(client: Client, state: str, status: int) -> None:
    case = CaseFactory(name="Secret v. Hidden", slug="first-slug")
    case.slug = "second-slug"
    case.save()
    STATES[state](case)
    for slug in ("first-slug", "second-slug"):
        response = client.get(f"/cases/{slug}/print/")
        assert response.status_code == status
        assert response.content == client.get(f"/cases/{slug}/").content
    assert client.get("/cases/nothing/print/").status_code == 404


# --- the document ---------------------------------------------------------------------------------------------------


def test_it_begins_with_the_case_and_the_moment_of_printing(client: Client, dispute: Dispute) -> None:
    page = fetch(client, address(dispute))
    assert page.heading == dispute.case.name
    assert dispute.case.summary in page.main
    own = f"http://testserver{dispute.case.get_absolute_url()}"
    assert f"Printed from Casetracker on 24 November 2026, as recorded at 14:05 UTC. {own}" in page.main
    # And ends with them.
    end = words(page.one("footer"))
    assert dispute.case.name in end
    assert f"Kept up to date at {own}" in end
    assert "Printed from Casetracker on 24 November 2026 at 14:05 UTC." in end


def test_on_the_screen_it_leads_back_and_says_how_to_print(client: Client, dispute: Dispute) -> None:
    page = fetch(client, address(dispute))
    bar = page.one("header", cls="on-screen")
    assert [link.attrib["href"] for link in bar.iter("a")] == [
        "/",
        dispute.case.get_absolute_url(),
        f"/es{address(dispute)}",
    ]
    assert "To print it, or to keep it as a PDF, use Print in the menu of the browser" in words(bar)
    # Nothing else to go by, and nothing folded away.
    assert page.all("nav") == page.all("form") == page.all("details") == page.all("svg") == page.all("button") == []


def test_it_lists_the_courts_with_their_numbers(client: Client, dispute: Dispute) -> None:
    ExternalIdFactory(proceeding=dispute.trial, value="69777799")
    page = fetch(client, address(dispute))
    trial, appeal = page.one("ol", cls="dockets")
    assert words(trial) == f"{dispute.trial_court.name} 8:25-cv-009511 Civil action"
    assert words(appeal) == f"{dispute.appeals_court.name} 25-1345 Appeal"
    assert marks(trial) == ["1"]
    assert notes(page)[0] == (
        "1 CourtListener docket 69777799. Docket. https://www.courtlistener.com/docket/69777799/smith-v-jones/"
    )


def test_it_says_where_the_case_stands_on_the_day_of_printing_or_another(client: Client, dispute: Dispute) -> None:
    section = "standing-then"
    told = words(fetch(client, address(dispute)).one("section", cls=section))
    assert told.startswith("Where it stands on 24 November 2026")
    assert "“return the book”: in effect" in told
    assert "“by Friday”: vacated since 7 April 2025" in told
    assert "Order to return the book (D. Md., 4 April 2025): in effect in part since 7 April 2025." in told
    assert "Last vacated 7 April 2025 as to “by Friday” by Opinion on appeal (4th Cir.)." in told
    earlier = words(fetch(client, address(dispute), {"on": "2025-04-05"}).one("section", cls=section))
    assert earlier.startswith("Where it stands on 5 April 2025")
    assert "“by Friday”: in effect." in earlier
    assert "Opinion on appeal" not in earlier


def test_the_chronology_is_oldest_first_under_months_whatever_order_is_asked(client: Client, dispute: Dispute) -> None:
    EventFactory(case=dispute.case, date=parse("May 2025"), title="Something in May", published=True)
    for query in ("", "?order=newest"):
        page = fetch(client, f"{address(dispute)}{query}")
        assert titles(page) == [
            "Motion for the return of the book",
            "Opposition to the motion",
            "Hearing on the motion",
            "Order to return the book",
            "Opinion on appeal",
            "The parties agree",
            "Something in May",
        ]
        assert [words(item) for item in page.by_id("timeline") if has_class(item, "month")] == [
            "April 2025",
            "May 2025",
        ]
        assert words(page.entries[0].find(".//time")) == "1 April 2025"
        assert words(page.entries[-1].find(".//time")) == "May 2025"


def test_a_ruling_is_told_with_all_that_belongs_to_it(client: Client, dispute: Dispute) -> None:
    Event.objects.filter(pk=dispute.order.pk).update(
        outcome="granted",
        holding="The book is hers.",
        summary="The court orders its *return*.",
        note="Two dates are reported.",
        vote="unanimous",
        under_seal=True,
        unsealed=UncertainDate.on(2025, 4, 6),
        effective=UncertainDate.on(2025, 4, 5),
    )
    told = words(fetch(client, address(dispute)).by_id(dispute.order.public_id))
    (judge,) = timeline.entries(Event.objects.filter(pk=dispute.order.pk))[0].judges
    for part in (
        "4 April 2025",
        dispute.order.public_id,
        f"D. Md., 8:25-cv-00951, ECF 4 · Injunction · {judge} · Unanimous",
        "Granted. Filed under seal, unsealed 6 April 2025.",
        "The court orders its return.",
        "Held. The book is hers.",
        "Its parts. “return the book” “by Friday”",
        "With effect from 5 April 2025.",
        "Later. Affirmed 7 April 2025: “return the book”, by Opinion on appeal (4th Cir., 7 April 2025).",
        "Vacated 7 April 2025: “by Friday”, by Opinion on appeal (4th Cir., 7 April 2025).",
        "In answer to Motion for the return of the book (D. Md., 1 April 2025).",
        "Reported 777 F. Supp. 3d 1.",
        "Note on the record. Two dates are reported.",
    ):
        assert part in told, part


def test_what_a_ruling_did_is_told_with_the_part_that_it_did_it_to(client: Client, dispute: Dispute) -> None:
    told = words(fetch(client, address(dispute)).by_id(dispute.appeal_order.public_id))
    assert "Affirms Order to return the book (D. Md., 4 April 2025): “return the book”." in told
    assert "Vacates Order to return the book (D. Md., 4 April 2025): “by Friday”." in told
    assert "Affirmed in part. Vacated in part." in told


def test_a_hearing_that_moved_says_so(client: Client, dispute: Dispute) -> None:
    EventFactory(
        case=dispute.case,
        court=dispute.trial_court,
        kind=Kind.HEARING,
        title="Second hearing",
        happening=Happening.POSTPONED,
        postponed_to=UncertainDate.on(2025, 6, 1),
        published=True,
    )
    assert "Postponed to 1 June 2025." in fetch(client, address(dispute)).main


def test_a_statement_is_a_claim_of_its_speaker(client: Client, dispute: Dispute) -> None:
    StatementFactory(
        event=dispute.order,
        speaker="Alex Doe",
        office="Mayor",
        forum="Evening News",
        date=UncertainDate.on(2025, 4, 6),
        quote="A win",
        paraphrase="Said that it was over.",
    )
    page = fetch(client, address(dispute))
    claims = [words(claim) for claim in page.all("li", cls="claim")]
    assert claims == [
        "Said by Alex Doe, Mayor, Evening News, 6 April 2025: (no source is recorded yet) A win. "
        "Said that it was over.",
        "Said by Sam Jones, Plaintiff, date not known:1f Said that he had won.",
    ]
    assert [words(quote) for quote in page.all("q")] == ["A win"]


def test_parties_and_counsel_stand_with_each_proceeding(client: Client, dispute: Dispute) -> None:
    counsel = dispute.trial.representations.get().attorney
    trial, appeal = (words(section) for section in fetch(client, address(dispute)).all("section", cls="docketed"))
    assert trial.startswith(f"{dispute.trial_court.name}, 8:25-cv-00951 Smith v. Jones. Civil action. ")
    assert f"Before {dispute.judge.name}. Filed 24 March 2025." in trial
    assert "Appeal to 4th Cir., 25-1345, 5 April 2025." in trial
    assert "Jo Smith, plaintiff." in trial
    assert f"Counsel: {counsel.name}" in trial
    assert "Sam Jones, appellant." in appeal
    assert counsel.name not in appeal


def test_corrections_are_told_with_their_dates(client: Client, dispute: Dispute) -> None:
    day = datetime.date(2025, 5, 2)
    CorrectionFactory(case=dispute.case, event=dispute.order, corrected_on=day, text="The day was wrong.")
    page = fetch(client, address(dispute))
    assert words(page.one("ul", cls="corrected")) == "2 May 2025 “Order to return the book”: The day was wrong."


# --- notes ----------------------------------------------------------------------------------------------------------


def test_a_source_has_one_note_with_a_letter_for_each_place_in_it(client: Client, dispute: Dispute) -> None:
    page = fetch(client, address(dispute))
    assert [marks(entry) for entry in page.entries] == [["1a"], ["1b"], ["1c"], ["1d"], ["1e", "1f"], ["1g"]]
    assert notes(page) == [
        f"1 {dispute.source.title}. District Court. Court record, read 1 November 2025. In it a Doc. 1; b Doc. 2; "
        f"c Doc. 3; d Doc. 4; e Doc. 7; f p. 3; g Doc. 10. {dispute.source.address}"
    ]


def test_notes_follow_the_text_and_tell_their_addresses_in_full(client: Client) -> None:
    case = CaseFactory(published=True)
    first, second, third = (
        SourceFactory(
            title=title, address=f"https://example.org/{title}", archived_address=f"https://old.example/{title}"
        )
        for title in "abc"
    )
    entry = EventFactory(case=case, date=parse("2025-04-01"), published=True)
    later = EventFactory(case=case, date=parse("2025-04-02"), published=True)
    ReferenceFactory(event=later, source=first)
    ReferenceFactory(event=None, case=case, source=third)
    ReferenceFactory(event=entry, source=second, pinpoint="p. 3")
    ReferenceFactory(event=later, source=third)
    file = DocumentFactory(event=entry, title="Motion", address="https://court.example/1.pdf", pages=12)
    page = fetch(client, f"{case.get_absolute_url()}print/")
    assert marks(page.one(cls="sources-of")) == ["1"]
    assert [marks(item) for item in page.entries] == [["2", "3"], ["1", "4"]]
    assert "Document. Motion, 12 pages3." in words(page.entries[0])
    told = "District Court. Court record, read 1 November 2025. "
    assert notes(page) == [
        f"1 c. {told}https://example.org/c Archived: https://old.example/c",
        f"2 b, p. 3. {told}https://example.org/b Archived: https://old.example/b",
        f"3 {file.title}. Document. {file.address}",
        f"4 a. {told}https://example.org/a Archived: https://old.example/a",
    ]
    # Each mark leads to its note, and each address is a link on the screen.
    targets = {link.attrib["href"] for sup in page.all("sup") for link in sup.iter("a")}
    assert targets == {f"#{note.attrib['id']}" for note in page.one("ol", cls="notes")}
    assert "https://old.example/b" in page.addresses


def test_an_entry_without_a_source_says_so(client: Client) -> None:
    entry = EventFactory(published=True)
    page = fetch(client, f"{entry.case.get_absolute_url()}print/")
    assert "No source is recorded yet." in words(page.by_id(entry.public_id))
    assert page.maybe("ol", cls="notes") is None


def test_a_sealed_document_is_not_printed(client: Client, dispute: Dispute) -> None:
    DocumentFactory(event=dispute.order, title="In the open")
    DocumentFactory(event=dispute.order, title="Under seal", address="https://court.example/sealed.pdf", sealed=True)
    main = fetch(client, address(dispute)).main
    assert "In the open" in main
    assert "Under seal" not in main
    assert "sealed.pdf" not in main


# --- filters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "wanted", "said"),
    [
        ("court={court}", ["Opinion on appeal"], "1 of its 6 entries, those with: Court: 4th Cir."),
        ("court=outside", ["The parties agree"], "Court: Outside court"),
        ("kind=hearing", ["Hearing on the motion"], "Kind: Hearing"),
        (
            "after=2025-04-03&before=2025-04-04",
            ["Hearing on the motion", "Order to return the book"],
            "2 of its 6 entries, those with: On or after: 2025-04-03; On or before: 2025-04-04.",
        ),
        ("q=opposition", ["Opposition to the motion"], "Words: opposition"),
        (
            "thread={order}",
            ["Motion for the return of the book", "Opposition to the motion", "Order to return the book"],
            "Thread of: Order to return the book",
        ),
    ],
)
def test_filters_hold_and_paper_says_which(
    client: Client, dispute: Dispute, query: str, wanted: list[str], said: str
) -> None:
    asked = query.format(court=dispute.appeals_court.pk, order=dispute.order.public_id)
    page = fetch(client, f"{address(dispute)}?{asked}")
    assert titles(page) == wanted
    assert "Not the whole case." in chosen(page)
    assert said in chosen(page)
    # The same as on the page of the case.
    of_case = fetch(client, f"{dispute.case.get_absolute_url()}?{asked}").entries
    assert [entry.attrib["id"] for entry in page.entries] == [entry.attrib["id"] for entry in of_case]


def test_the_whole_case_says_nothing_of_a_part(client: Client, dispute: Dispute) -> None:
    assert chosen(fetch(client, address(dispute))) == ""


def test_a_filter_that_nothing_answers_says_so(client: Client, dispute: Dispute) -> None:
    page = fetch(client, address(dispute), {"before": "1900"})
    assert "No entry matches all of these filters." in page.main
    assert "Printed are 0 of its 6 entries" in chosen(page)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("after=2024-02-30", "On or after: February 2024 has 29 days"),
        ("before=abc", "On or before: "),
        ("after=2025-04-02&before=2025-04-01", "On or before: This is before the first day of the range."),
        ("court=nowhere", "Court: Select a valid choice."),
        ("kind=nothing", "Kind: Select a valid choice."),
        ("thread=zq", "Thread of: This is no entry’s address"),
        ("on=2025", "Where it stands on: Write one day here"),
    ],
)
def test_a_value_that_cannot_be_read_is_told_and_does_not_narrow(
    client: Client, dispute: Dispute, query: str, error: str
) -> None:
    page = fetch(client, f"{address(dispute)}?{query}")
    (problem,) = page.all("div", cls="problem")
    assert error in words(problem)
    assert len(page.entries) == (5 if query.startswith("after=2025") else 6)


# --- too long for one -----------------------------------------------------------------------------------------------


def test_a_long_case_is_divided_by_dates_and_every_part_is_named(
    client: Client, dispute: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "ENTRIES_PER_PRINT", 2)
    whole = titles(fetch(client, dispute.case.get_absolute_url() + "print/?kind=nothing"))
    page = fetch(client, f"{address(dispute)}?on=2025-04-05&order=newest&around=x")
    assert len(whole) == len(titles(page)) == 2
    said = chosen(page)
    assert "Part 1 of 3. 6 entries are too many for one print." in said
    assert "From the beginning to 2 April 2025: 2 entries, printed here" in said
    assert "3 April 2025 to 6 April 2025: 2 entries" in said
    assert "7 April 2025 to the end: 2 entries" in said
    links = [link for box in page.all(cls="parts") for link in box.iter("a")]
    assert [query_of(link.attrib["href"]) for link in links] == [
        {"on": ["2025-04-05"], "after": ["2025-04-03"], "before": ["2025-04-06"]},
        {"on": ["2025-04-05"], "after": ["2025-04-07"]},
    ]
    own = f"http://testserver{address(dispute)}"
    assert [words(link) for link in links] == [f"{own}{link.attrib['href']}" for link in links]
    found = titles(page)
    for link in links:
        part = fetch(client, f"{address(dispute)}{link.attrib['href']}")
        assert "Part " not in chosen(part)
        found += titles(part)
    monkeypatch.setattr(printing, "ENTRIES_PER_PRINT", 6)
    assert found == titles(fetch(client, address(dispute)))
    assert len(found) == 6


def test_parts_keep_the_filters_and_the_range(
    client: Client, dispute: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "ENTRIES_PER_PRINT", 2)
    page = fetch(client, f"{address(dispute)}?court={dispute.trial_court.pk}&after=2025-04&before=2025-04-20")
    assert "Part 1 of 2. 4 entries" in chosen(page)
    (link,) = [link for box in page.all(cls="parts") for link in box.iter("a")]
    assert query_of(link.attrib["href"]) == {
        "court": [dispute.trial_court.pk],
        "after": ["2025-04-03"],
        "before": ["2025-04-20"],
    }


def test_more_entries_on_one_day_than_fit_are_counted_and_not_silently_cut(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CaseFactory(published=True)
    for _ in range(5):
        EventFactory(case=case, date=parse("2025-04-01"), published=True)
    monkeypatch.setattr(printing, "ENTRIES_PER_PRINT", 2)
    page = fetch(client, f"{case.get_absolute_url()}print/")
    assert len(page.entries) == 2
    assert "3 entries not printed." in chosen(page)


# --- how much it costs ----------------------------------------------------------------------------------------------


def test_it_takes_the_same_few_queries_for_1_3_and_200_entries(count_queries: Callable[[str], int]) -> None:
    case = CaseFactory(published=True)
    counts: dict[str, list[int]] = {"": [], "?q=motion&after=2025&on=2025-04-05": []}
    for wanted in (1, 3, 200):
        for _ in range(min(3, wanted - case.events.count())):
            ruling = RulingFactory(case=case, title="Ruling on the motion", published=True)
            RulingJudgeFactory(ruling=ruling)
            ReferenceFactory(event=ruling)
            DocumentFactory(event=ruling)
            ReferenceFactory(event=None, statement=StatementFactory(event=ruling))
            TreatmentFactory(act=ruling, target=None, target_court=ruling.court)
            PartyRoleFactory(proceeding=ProceedingFactory(case=case, court=ruling.court))
            CorrectionFactory(case=case, event=ruling)
        Event.objects.bulk_create(
            EventFactory.build(case=case, **publication_columns()) for _ in range(wanted - case.events.count())
        )
        for query, found in counts.items():
            found.append(count_queries(f"{case.get_absolute_url()}print/{query}"))
    for query, found in counts.items():
        assert len(set(found)) == 1, (query, found)
        assert found[0] <= 12


def test_a_part_takes_no_query_more(
    count_queries: Callable[[str], int], dispute: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = count_queries(address(dispute))
    monkeypatch.setattr(printing, "ENTRIES_PER_PRINT", 2)
    assert count_queries(address(dispute)) == whole


def test_hidden_entries_neither_stand_in_it_nor_count(client: Client, dispute: Dispute, monkeypatch: Any) -> None:
    monkeypatch.setattr(printing, "ENTRIES_PER_PRINT", 2)
    before = client.get(address(dispute)).content
    assert b"6 entries" in before
    for state in ("draft", "in_review", "embargoed", "withdrawn", "withheld"):
        EventFactory(case=dispute.case, court=dispute.trial_court, date=parse("2025-04-02"), **{state: True})
    assert client.get(address(dispute)).content == before


def test_a_name_or_publisher_that_ends_in_a_full_stop_has_no_second(client: Client, dispute: Dispute) -> None:
    judge = JudgeFactory(name="Alex O’Doe, Jr.")
    ProceedingJudgeFactory(proceeding=dispute.trial, judge=judge)
    counsel = dispute.trial.representations.get().attorney
    counsel.name, counsel.firm = "Chris D'Oe, Sr.", ""
    counsel.save()
    ReferenceFactory(event=dispute.order, source=SourceFactory(title="A paper", publisher="Doe & Co."))
    StatementFactory(event=dispute.order, said_at=dispute.motion, speaker="Sam Doe, Jr.")
    page = fetch(client, address(dispute))
    assert "Before " in page.main
    for told in ("Alex O’Doe, Jr.", "Chris D'Oe, Sr.", "Doe & Co.", "Sam Doe, Jr."):
        assert told in page.main
    assert ".." not in page.main


def test_how_long_an_act_holds_is_told_by_its_date_and_then_in_words(client: Client, dispute: Dispute) -> None:
    act = RulingFactory(case=dispute.case, title="A stay", date="2025-04-20", published=True)
    TreatmentFactory(act=act, target=dispute.order, verb="stays", until="2025-04-30", until_note="5 pm")
    assert "(until 30 April 2025, 5 pm)" in fetch(client, address(dispute)).main
    assert "(until 30 April 2025, 5 pm)" in fetch(client, dispute.case.get_absolute_url()).main
