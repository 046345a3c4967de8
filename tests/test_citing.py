"""How entries are cited."""

from typing import Any

import pytest
from factories import (
    CaseFactory,
    CourtFactory,
    DocketEntryFactory,
    DocketNumberFactory,
    EventFactory,
    ProceedingFactory,
    RulingFactory,
)

from casetracker import citing
from casetracker.dates import parse
from casetracker.models import Case, Court, Event, Kind, Level, RulingForm, System

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    row: Case = CaseFactory(name="The Smith dispute", published=True)
    return row


def docketed(event: Event, caption: str, number: str = "", entry: str = "", *, order: int = 0) -> None:
    proceeding = ProceedingFactory(case=event.case, court=event.court, caption=caption, display_order=order)
    if number:
        DocketNumberFactory(proceeding=proceeding, number="00-0")
        DocketNumberFactory(proceeding=proceeding, number=number, is_main=True)
    DocketEntryFactory(event=event, proceeding=proceeding, number=entry)


def cited(event: Event, *citations: str) -> str:
    found = citing.cite(event, citing.dockets_of(event), citations)
    return str(found) if found else ""


def ruling(case: Case, court: Court, date: str = "4 April 2025", **fields: Any) -> Event:
    row: Event = RulingFactory(case=case, court=court, date=parse(date), published=True, **fields)
    return row


def district(**fields: Any) -> Court:
    row: Court = CourtFactory(short_name="D. Md.", citation="D. Md.", **fields)
    return row


def supreme(**fields: Any) -> Court:
    row: Court = CourtFactory(level=Level.SUPREME, short_name="Supreme Court", citation="U.S.", **fields)
    return row


def test_order_goes_by_caption_number_court_date_and_number_on_the_docket(case: Case) -> None:
    order = ruling(case, district())
    docketed(order, "Abrego Garcia v. Noem", "8:25-cv-00951", "21")
    assert cited(order) == "Order, Abrego Garcia v. Noem, No. 8:25-cv-00951 (D. Md. Apr. 4, 2025), ECF No. 21"


def test_filing_and_hearing_go_by_their_titles(case: Case) -> None:
    for kind in (Kind.FILING, Kind.HEARING):
        event = EventFactory(case=case, court=supreme(), kind=kind, title="Application to vacate", published=True)
        docketed(event, "Noem v. Abrego Garcia", "24A949")
        assert cited(event) == "Application to vacate, Noem v. Abrego Garcia, No. 24A949 (U.S. Apr. 4, 2025)"


def test_ruling_in_reports_goes_by_them(case: Case) -> None:
    order = ruling(case, district())
    docketed(order, "Smith v. Jones", "1:25-cv-1", "9")
    assert cited(order, "777 F. Supp. 3d 501") == "Smith v. Jones, 777 F. Supp. 3d 501 (D. Md. 2025)"


def test_reports_stand_before_data_bases(case: Case) -> None:
    order = ruling(case, supreme())
    docketed(order, "Noem v. Abrego Garcia", "24A949")
    assert cited(order, "2025 WL 1077101", "145 S. Ct. 1017") == (
        "Noem v. Abrego Garcia, 145 S. Ct. 1017, 2025 WL 1077101 (2025)"
    )


def test_ruling_in_a_data_base_alone_has_number_and_full_date_besides(case: Case) -> None:
    order = ruling(case, CourtFactory(level=Level.APPELLATE, citation="4th Cir."), "7 April 2025")
    docketed(order, "Abrego Garcia v. Noem", "25-1345")
    assert cited(order, "2025 WL 1021113") == (
        "Abrego Garcia v. Noem, No. 25-1345, 2025 WL 1021113 (4th Cir. Apr. 7, 2025)"
    )


@pytest.mark.parametrize(
    ("court", "report", "shown"),
    [
        ({"level": Level.SUPREME, "citation": "U.S."}, "347 U.S. 483", "(2025)"),
        ({"level": Level.SUPREME, "citation": "U.S."}, "5 U.S. (1 Cranch) 137", "(2025)"),
        ({"level": Level.SUPREME, "citation": "U.S."}, "98 F. Supp. 797", "(U.S. 2025)"),
        ({"level": Level.SUPREME, "system": System.STATE, "citation": "Va."}, "206 Va. 924", "(2025)"),
        ({"level": Level.SUPREME, "system": System.STATE, "citation": "Fla."}, "772 So. 2d 1220", "(Fla. 2025)"),
        ({"level": Level.SUPREME, "system": System.STATE, "citation": ""}, "1 X. 2", "(High Court 2025)"),
        ({"level": Level.APPELLATE, "citation": "4th Cir."}, "3 U.S. App. 4", "(4th Cir. 2025)"),
    ],
)
def test_court_is_left_out_where_the_name_of_the_report_says_it(
    case: Case, court: dict[str, Any], report: str, shown: str
) -> None:
    order = ruling(case, CourtFactory(short_name="High Court", **court))
    docketed(order, "A v. B")
    assert cited(order, report) == f"A v. B, {report} {shown}"


def test_neutral_citation_stands_alone(case: Case) -> None:
    order = ruling(case, CourtFactory(citation="UKSC", system=System.NATIONAL, level=Level.SUPREME))
    docketed(order, "R (Miller) v The Prime Minister", "2019/0192")
    assert cited(order, "[2019] UKSC 41", "[2020] AC 373") == (
        "R (Miller) v The Prime Minister [2019] UKSC 41, [2020] AC 373"
    )


def test_without_a_docket_the_name_of_the_case_stands_and_nothing_is_invented(case: Case) -> None:
    court = CourtFactory(citation="", short_name="Immigration Court", level=Level.ADMIN_TRIAL)
    assert cited(ruling(case, court)) == "Order, The Smith dispute (Immigration Court Apr. 4, 2025)"


def test_document_on_several_dockets_names_their_numbers_and_no_place_on_one(case: Case) -> None:
    order = ruling(case, district())
    for place, number in enumerate(["No. 8", "101", "101"]):
        docketed(order, f"Brown {place}", number, str(place), order=place)
    assert cited(order) == "Order, Brown 0, Nos. 8, 101 (D. Md. Apr. 4, 2025)"


@pytest.mark.parametrize(
    ("court", "is_ecf"),
    [
        ({"level": Level.TRIAL}, True),
        ({"level": Level.APPELLATE}, True),
        ({"level": Level.SUPREME}, False),
        ({"level": Level.ADMIN_TRIAL}, False),
        ({"level": Level.TRIAL, "system": System.STATE}, False),
    ],
)
def test_ecf_is_said_of_federal_trial_and_appeal_courts_alone(case: Case, court: dict[str, Any], is_ecf: bool) -> None:
    order = ruling(case, CourtFactory(**court))
    docketed(order, "A v. B", "1", "21")
    assert cited(order).endswith("ECF No. 21") is is_ecf


@pytest.mark.parametrize(
    ("date", "full", "year"),
    [
        ("4 May 2025", "May 4, 2025", "2025"),
        ("10 September 2025", "Sept. 10, 2025", "2025"),
        ("June 1803", "June 1803", "1803"),
        ("1803", "1803", "1803"),
        ("about 6 April 2025", "about 6 April 2025", "about 6 April 2025"),
        ("after 26 February 2026", "after 26 February 2026", "after 26 February 2026"),
        ("9–11 December 1952", "9–11 December 1952", "1952"),
        ("30 December 1952 – 2 January 1953", "30 December 1952 – 2 January 1953", "30 December 1952 – 2 January 1953"),
    ],
)
def test_date_is_written_as_the_form_wants_it_or_in_words_where_it_is_uncertain(
    case: Case, date: str, full: str, year: str
) -> None:
    order = ruling(case, district(), date)
    assert cited(order) == f"Order, The Smith dispute (D. Md. {full})"
    assert cited(order, "1 F. Supp. 2") == f"The Smith dispute, 1 F. Supp. 2 (D. Md. {year})"


def test_decision_of_no_known_form_is_called_a_decision(case: Case) -> None:
    assert cited(ruling(case, district(), form=RulingForm.OTHER)).startswith("Decision, ")
    assert cited(ruling(case, district(), form=RulingForm.TRO)).startswith("Temporary restraining order, ")


def test_what_happened_outside_court_has_no_such_citation(case: Case) -> None:
    assert cited(EventFactory(case=case, kind=Kind.EVENT, published=True)) == ""


def test_pieces_let_a_page_set_the_name_apart(case: Case) -> None:
    order = ruling(case, district())
    docketed(order, "A v. B", "1")
    found = citing.cite(order, citing.dockets_of(order), [])
    assert found == citing.Citation("Order, ", "A v. B", ", No. 1 (D. Md. Apr. 4, 2025)")
