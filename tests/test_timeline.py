"""What the timeline tells of entries."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import (
    STATES,
    CaseFactory,
    CourtFactory,
    Dispute,
    DocketEntryFactory,
    DocketNumberFactory,
    DocumentFactory,
    EventFactory,
    JudgeFactory,
    ProceedingFactory,
    ProvisionFactory,
    ReferenceFactory,
    ResponseFactory,
    RulingCitationFactory,
    RulingFactory,
    RulingJudgeFactory,
    SourceFactory,
    StatementFactory,
    StoredFileFactory,
    TreatmentFactory,
    publication_columns,
    two_court_dispute,
)

from casetracker import publication, timeline
from casetracker.dates import UncertainDate, parse
from casetracker.models import Case, Event, Happening, Kind, Outcome, RulingJudge, Verb

pytestmark = pytest.mark.django_db


def told(case: Case) -> dict[str, timeline.Entry]:
    """The public entries of a case by their titles."""
    found = timeline.entries(Event.objects.public().filter(case=case).in_order())
    return {entry.title: entry for entry in found}


def one(event: Event) -> timeline.Entry:
    (found,) = timeline.entries(Event.objects.public().filter(pk=event.pk))
    return found


def titles(links: list[timeline.EntryLink]) -> list[str]:
    return [link.title for link in links]


@pytest.fixture
def dispute() -> Dispute:
    return two_court_dispute()


# --- one entry ------------------------------------------------------------------------------------------------------


def test_entries_stand_in_the_order_of_the_timeline(dispute: Dispute) -> None:
    assert list(told(dispute.case)) == [entry.title for entry in dispute.entries]


def test_an_entry_names_its_case_court_date_and_address(dispute: Dispute) -> None:
    order = told(dispute.case)["Order to return the book"]
    assert order.id == dispute.order.public_id
    assert order.url == dispute.order.get_absolute_url() == f"/cases/{dispute.case.slug}/{order.id}/"
    assert (order.case_name, order.case_url) == (dispute.case.name, f"/cases/{dispute.case.slug}/")
    assert order.court is not None
    assert (order.court.id, order.court.short_name, order.court.accent) == (dispute.trial_court.pk, "D. Md.", "trial")
    assert order.court.url == f"/courts/{dispute.trial_court.pk}/"
    assert (order.date.words, order.heading, order.day, order.weekday) == (
        "4 April 2025",
        "April 2025",
        "4 Apr",
        "Friday",
    )
    assert (order.kind, order.form, order.outcomes, order.is_ruling) == ("ruling", "Injunction", ["Granted"], True)


def test_an_event_outside_court_has_no_court_and_says_so(dispute: Dispute) -> None:
    agreement = told(dispute.case)["The parties agree"]
    assert agreement.court is None
    assert (agreement.kind_label, agreement.accent, agreement.dockets) == ("Outside court", "outside", [])


def test_docket_and_entry_number_stand_together_and_ecf_is_said_of_federal_trial_and_appeal_courts_only() -> None:
    case = CaseFactory(published=True)
    federal = ProceedingFactory(case=case)
    DocketNumberFactory(proceeding=federal, number="99-1")
    DocketNumberFactory(proceeding=federal, number="8:25-cv-00951", is_main=True)
    state = ProceedingFactory(case=case, court=CourtFactory(system="state"))
    DocketNumberFactory(proceeding=state, number="No. 7")
    for proceeding, title in ((federal, "federal"), (state, "state")):
        event = EventFactory(case=case, court=proceeding.court, title=title, published=True)
        DocketEntryFactory(event=event, proceeding=proceeding, number="21")
    assert told(case)["federal"].dockets == ["8:25-cv-00951, ECF 21"]
    assert told(case)["state"].dockets == ["No. 7, entry 21"]


def test_one_hearing_on_several_dockets_is_one_entry_that_names_them_all() -> None:
    case, court = CaseFactory(published=True), CourtFactory(supreme=True)
    event = EventFactory(case=case, court=court, title="Argument", kind=Kind.HEARING, published=True)
    for place, number in enumerate(["No. 8", "No. 101", "No. 191"]):
        proceeding = ProceedingFactory(case=case, court=court, display_order=place)
        DocketNumberFactory(proceeding=proceeding, number=number)
        DocketEntryFactory(event=event, proceeding=proceeding, number="")
    assert told(case)["Argument"].dockets == ["No. 8", "No. 101", "No. 191"]


def test_judges_are_named_as_a_report_names_them() -> None:
    ruling = RulingFactory(published=True)
    for role, label in (
        (RulingJudge.Role.AUTHOR, "Wilkinson, J."),
        (RulingJudge.Role.JOINED, "King, J."),
        (RulingJudge.Role.JOINED, "Thacker, J."),
        (RulingJudge.Role.DISSENTED, ""),
    ):
        RulingJudgeFactory(ruling=ruling, role=role, judge=JudgeFactory(name="Pat Bench", label=label))
    assert one(ruling).judges == ["Wilkinson, J.", "joined by King, J.; Thacker, J.", "Pat Bench (dissenting)"]


def test_every_role_of_a_judge_has_its_words() -> None:
    ruling = RulingFactory(published=True)
    for role in RulingJudge.Role.values:
        RulingJudgeFactory(ruling=ruling, role=role, judge=JudgeFactory(label=f"As {role}, J."))
    shown = "; ".join(one(ruling).judges)
    for role in RulingJudge.Role.values:
        assert f"As {role}, J." in shown


def test_citations_provisions_and_documents_are_told_in_their_order() -> None:
    ruling = RulingFactory(published=True)
    RulingCitationFactory(ruling=ruling, text="2 F. Supp. 2", position=2)
    RulingCitationFactory(ruling=ruling, text="1 F. Supp. 1", position=1)
    ProvisionFactory(ruling=ruling, text="second", position=2)
    ProvisionFactory(
        ruling=ruling,
        text="first",
        position=1,
        quoted=True,
        addressed_to="the defendants",
        ends=UncertainDate.on(2025, 4, 7),
        ends_note="at midnight",
    )
    DocumentFactory(event=ruling, title="The order", pages=3, size=1000, address="https://court.example/order.pdf")
    DocumentFactory(event=ruling, title="The sealed exhibit", sealed=True, file=StoredFileFactory())
    with_file = DocumentFactory(event=ruling, title="With its file", address="", pages=2, file=StoredFileFactory())
    with_file.refresh_from_db()
    with_file_address = with_file.get_absolute_url()
    entry = one(ruling)
    assert entry.citations == ["1 F. Supp. 1", "2 F. Supp. 2"]
    assert entry.provisions == [
        {
            "text": "first",
            "quoted": True,
            "addressed_to": "the defendants",
            "ends": "7 April 2025",
            "ends_note": "at midnight",
        },
        {"text": "second", "quoted": False, "addressed_to": "", "ends": "", "ends_note": ""},
    ]
    assert entry.documents == [
        {"title": "The order", "address": "https://court.example/order.pdf", "pages": 3, "size": 1000, "file": ""},
        {"title": "With its file", "address": "", "pages": 2, "size": with_file.size, "file": with_file_address},
    ]


def test_sources_stand_in_their_order_with_what_is_known_of_each(dispute: Dispute) -> None:
    extra = SourceFactory(
        title="A report",
        kind="press",
        publisher="",
        archived_address="https://archive.example/1",
        read_on=None,
        note="Paid.",
    )
    ReferenceFactory(event=dispute.order, source=extra, position=1, pinpoint="")
    first, second = told(dispute.case)["Order to return the book"].sources
    assert (first.kind, first.title, first.pinpoint, first.read_on) == (
        "Court record",
        dispute.source.title,
        "Doc. 4",
        "1 November 2025",
    )
    assert second == timeline.SourceLine(
        "Press", "A report", "", extra.address, "https://archive.example/1", "", "", "Paid."
    )


def test_a_thread_is_told_from_both_ends(dispute: Dispute) -> None:
    entries = told(dispute.case)
    motion = entries["Motion for the return of the book"]
    assert titles(motion.answered_by) == ["Opposition to the motion", "Order to return the book"]
    assert (motion.responds_to, motion.has_thread, motion.thread_length) == ([], True, 2)
    assert titles(entries["Opposition to the motion"].responds_to) == ["Motion for the return of the book"]
    assert titles(entries["Order to return the book"].responds_to) == ["Motion for the return of the book"]
    assert not entries["Hearing on the motion"].has_thread


def test_what_was_said_has_its_speaker_words_source_and_place(dispute: Dispute) -> None:
    dispute.statement.said_at = dispute.agreement
    dispute.statement.date = UncertainDate.on(2025, 4, 10)
    dispute.statement.save()
    (statement,) = told(dispute.case)["Opinion on appeal"].statements
    assert (statement.speaker, statement.office, statement.quote, statement.paraphrase) == (
        "Sam Jones",
        "Plaintiff",
        "",
        "Said that he had won.",
    )
    assert statement.date == UncertainDate.on(2025, 4, 10)
    assert statement.said_at is not None
    assert statement.said_at.title == "The parties agree"
    assert [source.pinpoint for source in statement.sources] == ["p. 3"]
    assert not any(entry.statements for title, entry in told(dispute.case).items() if title != "Opinion on appeal")


# --- dates and times ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "heading", "day", "weekday"),
    [
        ("10 April 2025", "April 2025", "10 Apr", "Thursday"),
        ("April 2025", "April 2025", "April 2025", ""),
        ("1801", "1801", "1801", ""),
        ("about 10 April 2025", "April 2025", "about 10 April 2025", ""),
        ("9-11 December 1952", "December 1952", "9–11 December 1952", ""),
        ("between 15 and 24 March 2025", "March 2025", "between 15 and 24 March 2025", ""),
        ("before 4 March 1801", "March 1801", "before 4 March 1801", ""),
        ("after 26 February 2026", "February 2026", "after 26 February 2026", ""),
    ],
)
def test_a_date_is_told_with_the_precision_it_has(date: str, heading: str, day: str, weekday: str) -> None:
    entry = one(EventFactory(date=parse(date), published=True))
    assert (entry.heading, entry.day, entry.weekday) == (heading, day, weekday)


@pytest.mark.parametrize(
    ("own_zone", "court_zone", "clock"),
    [
        ("", "America/New_York", "11:59 pm EDT"),
        ("", "Europe/London", "11:59 pm BST"),
        ("America/Los_Angeles", "America/New_York", "11:59 pm PDT"),
    ],
)
def test_a_time_is_told_in_its_own_zone_or_else_the_courts(own_zone: str, court_zone: str, clock: str) -> None:
    ruling = RulingFactory(
        court=CourtFactory(time_zone=court_zone), time=datetime.time(23, 59), time_zone=own_zone, published=True
    )
    assert one(ruling).clock == clock


@pytest.mark.parametrize(
    ("time", "clock"), [((0, 5), "12:05 am EDT"), ((12, 0), "12:00 pm EDT"), ((9, 30), "9:30 am EDT"), (None, "")]
)
def test_noon_and_midnight_are_told_apart(time: tuple[int, int] | None, clock: str) -> None:
    ruling = RulingFactory(time=datetime.time(*time) if time else None, published=True)
    assert one(ruling).clock == clock


def test_a_postponed_hearing_says_to_when() -> None:
    hearing = EventFactory(
        kind=Kind.HEARING, happening=Happening.POSTPONED, postponed_to=UncertainDate.on(2025, 5), published=True
    )
    entry = one(hearing)
    assert (entry.happening_label, entry.postponed_to) == ("Postponed", UncertainDate.on(2025, 5))


# --- what rulings did to one another --------------------------------------------------------------------------------


def test_what_a_ruling_did_is_told_at_both_ends_with_its_parts(dispute: Dispute) -> None:
    entries = told(dispute.case)
    did = entries["Opinion on appeal"].did
    assert [(line.verb, line.other.title, line.parts) for line in did] == [
        ("affirms", "Order to return the book", ["“return the book”"]),
        ("vacates", "Order to return the book", ["“by Friday”"]),
    ]
    later = entries["Order to return the book"].later
    assert [(line.verb, line.when, line.other.title, line.parts) for line in later] == [
        ("affirmed", "7 April 2025", "Opinion on appeal", ["“return the book”"]),
        ("vacated", "7 April 2025", "Opinion on appeal", ["“by Friday”"]),
    ]
    assert entries["Opinion on appeal"].outcomes == ["Affirmed in part", "Vacated in part"]


def test_several_parts_of_one_treatment_are_one_line() -> None:
    order = RulingFactory(published=True)
    act = RulingFactory(case=order.case, outcome="", published=True)
    for place, text in enumerate(("first", "second")):
        part = ProvisionFactory(ruling=order, text=text, position=place)
        TreatmentFactory(act=act, target=order, verb=Verb.STAYS, provision=part, position=place, note="As argued.")
    (line,) = one(act).did
    assert (line.verb, line.parts, line.notes) == ("stays", ["first", "second"], ["As argued."])
    (line,) = one(order).later
    assert (line.verb, line.parts, line.notes) == ("stayed", ["first", "second"], ["As argued."])


@pytest.mark.parametrize("verb", Verb.values)
def test_every_verb_is_told_from_both_ends(verb: str) -> None:
    order = RulingFactory(published=True)
    act = RulingFactory(case=order.case, outcome="", published=True)
    TreatmentFactory(act=act, target=order, verb=verb)
    assert [line.verb for line in one(act).did] == [str(Verb(verb).label)]
    (later,) = one(order).later
    assert later.verb
    assert later.verb != str(Verb(verb).label)


def test_a_treatment_takes_effect_from_its_own_date_and_holds_until_what_is_said() -> None:
    order = RulingFactory(published=True)
    act = RulingFactory(case=order.case, date=UncertainDate.on(2025, 4, 7), outcome="", published=True)
    treatment = TreatmentFactory(
        act=act,
        target=order,
        verb=Verb.STAYS,
        effective=UncertainDate.on(2025, 4, 8),
        until=UncertainDate.on(2025, 5, 1),
        until_note="pending further order",
    )
    (later,) = one(order).later
    assert (later.when, later.until_note, later.until) == (
        "8 April 2025",
        "pending further order",
        "until 1 May 2025",
    )
    treatment.effective = treatment.until = None
    treatment.until_note = ""
    treatment.until_event = EventFactory(case=order.case, date=UncertainDate.on(2025, 6, 2), published=True)
    treatment.save()
    (later,) = one(order).later
    assert (later.when, later.until) == ("7 April 2025", "until 2 June 2025")


@pytest.mark.parametrize("hidden", ["draft", "embargoed", "withdrawn", "withheld"])
def test_the_date_of_an_entry_that_is_not_public_does_not_come_out_as_the_end_of_a_stay(hidden: str) -> None:
    order = RulingFactory(published=True)
    act = RulingFactory(case=order.case, outcome="", published=True)
    ends = EventFactory(case=order.case, date=UncertainDate.on(2025, 6, 2), **{hidden: True})
    TreatmentFactory(act=act, target=order, verb=Verb.STAYS, until_event=ends)
    assert [line.until for line in (*one(act).did, *one(order).later)] == ["", ""]


@pytest.mark.parametrize("hidden", ["draft", "embargoed", "withdrawn", "withheld"])
def test_the_date_of_a_published_entry_of_a_case_that_is_not_public_does_not_come_out_either(hidden: str) -> None:
    order = RulingFactory(published=True)
    act = RulingFactory(case=order.case, outcome="", published=True)
    ends = EventFactory(case=CaseFactory(), date=UncertainDate.on(2025, 6, 2), published=True)
    STATES[hidden](ends.case)
    TreatmentFactory(act=act, target=order, verb=Verb.STAYS, until_event=ends)
    assert [line.until for line in (*one(act).did, *one(order).later)] == ["", ""]


def test_a_ruling_that_is_not_recorded_is_named_by_court_number_and_date() -> None:
    elsewhere = CourtFactory(appellate=True, short_name="9th Cir.")
    act = RulingFactory(outcome="", published=True)
    TreatmentFactory(
        act=act,
        target=None,
        target_court=elsewhere,
        target_number="25-1",
        target_date=UncertainDate.on(2024),
        verb=Verb.REVERSES,
    )
    (line,) = one(act).did
    assert line.other == timeline.EntryLink("No. 25-1", "2024", "9th Cir.", "appellate", "")
    assert one(act).outcomes == ["Reversed"]


def test_the_answer_of_a_ruling_stands_before_what_follows_from_what_it_did(dispute: Dispute) -> None:
    dispute.appeal_order.outcome = Outcome.DENIED
    dispute.appeal_order.save()
    assert told(dispute.case)["Opinion on appeal"].outcomes == ["Denied"]


def test_links_to_entries_on_the_same_page_say_so(dispute: Dispute) -> None:
    (line, _) = told(dispute.case)["Opinion on appeal"].did
    assert line.other.same_page == dispute.order.public_id
    (line, _) = one(dispute.appeal_order).did
    assert line.other.same_page == ""
    assert line.other.url == dispute.order.get_absolute_url()


# --- what is not public ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", ["draft", "in_review", "embargoed", "withdrawn", "withheld"])
def test_nothing_leads_from_a_public_entry_to_one_that_is_not(hidden: str) -> None:
    case = CaseFactory(published=True)
    shown = RulingFactory(case=case, published=True, title="shown")
    secret = RulingFactory(case=case, title="secret", **{hidden: True})
    ResponseFactory(event=shown, responds_to=secret)
    ResponseFactory(event=secret, responds_to=shown)
    TreatmentFactory(act=shown, target=secret)
    TreatmentFactory(act=secret, target=shown, verb=Verb.VACATES)
    StatementFactory(event=shown, said_at=secret)
    (entry,) = told(case).values()
    assert (entry.responds_to, entry.answered_by, entry.did, entry.later) == ([], [], [], [])
    assert [line.said_at for line in entry.statements] == [None]


# --- how much it costs ----------------------------------------------------------------------------------------------


def test_entries_take_five_queries_however_many_they_are() -> None:
    case = CaseFactory(published=True)
    counts = []
    for wanted in (1, 3, 200):
        for _ in range(min(wanted - case.events.count(), 3)):
            ruling = RulingFactory(case=case, published=True)
            RulingJudgeFactory(ruling=ruling)
            ReferenceFactory(event=ruling)
            ReferenceFactory(event=None, statement=StatementFactory(event=ruling))
            TreatmentFactory(act=ruling, target=None, target_court=ruling.court)
        Event.objects.bulk_create(
            EventFactory.build(case=case, **publication_columns()) for _ in range(wanted - case.events.count())
        )
        with CaptureQueriesContext(connection) as captured:
            assert len(timeline.entries(Event.objects.public().filter(case=case).in_order())) == wanted
        counts.append(len(captured))
    assert counts == [5, 5, 5]


def test_no_entries_take_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert timeline.entries(Event.objects.public()) == []


def test_an_embargo_that_ends_puts_the_entry_in_its_place() -> None:
    case = CaseFactory(published=True)
    event = EventFactory(case=case, embargoed=True)
    assert told(case) == {}
    Event.objects.filter(pk=event.pk).update(published_from=event.created_at, first_public_at=event.created_at)
    assert list(told(case)) == [event.title]


def test_a_withdrawn_entry_is_gone_from_the_timeline_at_once(dispute: Dispute) -> None:
    publication.withdraw(dispute.order, actor=None)
    entries = told(dispute.case)
    assert "Order to return the book" not in entries
    assert (entries["Opinion on appeal"].did, entries["Motion for the return of the book"].answered_by[1:]) == ([], [])
