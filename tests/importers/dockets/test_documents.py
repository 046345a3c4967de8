"""Documents of the lines of a docket: described, known again, and never a sealed one by its name."""

import dataclasses
import json
from typing import Any

import docket_samples as samples
import factories as make
import pytest

from casetracker import docket_lines, publication
from casetracker.dates import UncertainDate
from casetracker.importers.dockets.formats import parse
from casetracker.importers.dockets.loading import load
from casetracker.importers.dockets.records import Attachment, Docket, Entry
from casetracker.importers.dockets.reports import Report
from casetracker.importers.dockets.which_court import document_address
from casetracker.models import Document, Event, ImportedEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def courts() -> None:
    make.CourtFactory(id="mdd", short_name="D. Md.")
    make.CourtFactory(id="ca4", appellate=True)
    make.CourtFactory(id="scotus", name="Supreme Court of the United States")


COVER = Attachment("1", "Civil Cover Sheet", "https://example.org/1.pdf", 2)
SUMMONS = Attachment("2", "Summons")


def docket(*attachments: Attachment, text: str = "COMPLAINT by A. Doe.", **more: Any) -> Docket:
    day = UncertainDate.from_edtf("2025-03-24")
    entry = Entry(day, number="1", text=text, attachments=attachments, **more)
    return Docket("mdd", "8:25-cv-00951", "Doe v. Ledger Office", day, entries=(entry,))


def loaded(*attachments: Attachment, **more: Any) -> Report:
    return load(docket(*attachments, **more), format="csv")


def rows() -> list[tuple[str, str, str, int | None, bool]]:
    return [
        (row.number, row.title, row.address, row.pages, row.sealed) for row in Document.objects.order_by("number", "pk")
    ]


# --- what the formats say -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "COMPLAINT (Attachments: # 1 Civil Cover Sheet, # 2 Exhibit A (part 1))(Bar, Bea) (Entered: 03/24/2025)",
            (("1", "Civil Cover Sheet"), ("2", "Exhibit A (part 1)")),
        ),
        ("MOTION (Attachments: # (1) Memorandum, # (2) Order)", (("1", "Memorandum"), ("2", "Order"))),
        ("MOTION (Attachment: # 1)", (("1", ""),)),
        ("Additional Attachments to Main Document re 59 MOTION", ()),
        ("ORDER re Attachment # 4", ()),
    ],
)  # fmt: skip
def test_list_of_attachments_is_read(text: str, found: tuple[tuple[str, str], ...]) -> None:
    assert docket_lines.attachments(text) == found


def test_courtlistener_says_pages_addresses_and_seals() -> None:
    papers = [
        {"attachment_number": None, "description": "", "is_available": True, "filepath_local": "recap/1.pdf",
         "page_count": 12, "is_sealed": None},
        {"attachment_number": 1, "description": "Exhibit A", "is_available": False, "filepath_local": "",
         "absolute_url": "/docket/77/1/1/doe-v-ledger-office/", "page_count": -1, "is_sealed": False},
        {"attachment_number": 2, "description": "Canary of the sealed room", "is_available": False, "is_sealed": True},
    ]  # fmt: skip
    page = samples.docket(docket_entries=[samples.entry(1, "2025-03-24", "COMPLAINT.", recap_documents=papers)])
    load(parse(json.dumps(page).encode()).dockets[0], format="courtlistener")
    assert rows() == [
        ("", "Document 1", "https://storage.courtlistener.com/recap/1.pdf", 12, False),
        ("1", "Exhibit A", "https://www.courtlistener.com/docket/77/1/1/doe-v-ledger-office/", None, False),
        ("2", "Sealed document", "", None, True),
    ]


def test_name_of_a_sealed_document_is_nowhere_even_where_the_entry_has_no_text() -> None:
    papers = [{"attachment_number": None, "description": "Canary of the sealed room", "is_sealed": True}]
    page = samples.docket(docket_entries=[samples.entry(1, "2025-03-24", "", recap_documents=papers)])
    found = parse(json.dumps(page).encode()).dockets[0]
    assert found.entries[0].attachments[0].text == "Canary of the sealed room"
    load(found, format="courtlistener")
    event = Event.objects.get()
    written = " ".join([event.title, event.docket_entries.get().text, str(rows()), str(ImportedEntry.objects.values())])
    assert "Canary" not in written


def test_pacer_keeps_its_documents_under_keys() -> None:
    exhibit = {
        "attachment_number": 1,
        "description": "Exhibit A",
        "pacer_doc_id": "09313612346",
        "page_count": 3,
        "file_size_bytes": 204436,
    }
    entry = {
        "date_filed": "2025-03-24",
        "document_number": "1",
        "description": "COMPLAINT.",
        "pacer_doc_id": "09313612345",
        "attachments": [exhibit],
    }
    found = samples.juriscraper(docket_entries=[entry], docket_number="8:25-cv-00999", court_id="mdd")
    load(parse(json.dumps(found).encode()).dockets[0], format="juriscraper")
    assert rows() == [
        ("", "Document 1", "https://ecf.mdd.uscourts.gov/doc1/09313612345", None, False),
        ("1", "Exhibit A", "https://ecf.mdd.uscourts.gov/doc1/09313612346", 3, False),
    ]
    assert Document.objects.get(number="1").size == 204436


@pytest.mark.parametrize(
    ("court", "key", "address"),
    [
        ("arb", "024012345678", "https://ecf.azb.uscourts.gov/doc1/024012345678"),
        ("ca4", "004012345678", "https://ecf.ca4.uscourts.gov/docs1/004012345678"),
        ("ca4", "c0ffee00-1111-2222-3333-444455556666", ""),
        ("mdd", None, ""),
        ("x/../y", "024012345678", ""),
    ],
)
def test_address_at_pacer(court: str, key: object, address: str) -> None:
    assert document_address(court, key) == address


def test_recap_says_what_lies_at_the_archive() -> None:
    text = samples.XML.replace(
        '<document doc_num="1" attachment_num="2"><short_desc>Summons</short_desc></document>',
        '<document doc_num="1" attachment_num="2"><short_desc>Summons</short_desc><available>1</available>'
        "<page_count>4</page_count></document>",
    )
    load(parse(text.encode()).dockets[0], format="recap")
    address = "https://archive.org/download/gov.uscourts.mdd.574644/gov.uscourts.mdd.574644.1.2.pdf"
    assert rows() == [("2", "Summons", address, 4, False)]


def test_spreadsheet_has_a_column_for_them() -> None:
    sheet = (
        "court,docket_number,date,number,text,attachments\r\n"
        "mdd,8:25-cv-00951,2025-03-24,1,COMPLAINT.,"
        "1: Cover Sheet https://example.org/1.pdf; Summons; 3: Exhibit (sealed)\r\n"
    )
    load(parse(sheet.encode()).dockets[0], format="csv")
    assert rows() == [
        ("", "Summons", "", None, False),
        ("1", "Cover Sheet", "https://example.org/1.pdf", None, False),
        ("3", "Sealed document", "", None, True),
    ]


# --- what lands -----------------------------------------------------------------------------------------------------


def test_what_the_text_lists_is_added_to_what_the_file_has() -> None:
    loaded(COVER, text="COMPLAINT (Attachments: # 1 Cover, # 2 Summons)(Bar, Bea)")
    assert rows() == [
        ("1", "Civil Cover Sheet", "https://example.org/1.pdf", 2, False),
        ("2", "Summons", "", None, False),
    ]


def test_documents_of_an_entry_under_seal_are_sealed() -> None:
    loaded(COVER, text="SEALED MOTION by A. Doe. (Attachments: # 2 Canary)")
    assert {(title, sealed) for _, title, _, _, sealed in rows()} == {("Sealed document", True)}


def test_address_that_is_no_link_is_left_out() -> None:
    loaded(
        Attachment("1", "Cover", "javascript:alert(1)"), Attachment("2", "Summons", "https://example.org/" + "x" * 2000)
    )
    assert [address for _, _, address, _, _ in rows()] == ["", ""]


def test_identity_number_in_a_title_is_taken_out() -> None:
    loaded(Attachment("1", "Form of 123-45-6789"))
    assert rows()[0][1] == "Form of [number removed]"


# --- the next version -----------------------------------------------------------------------------------------------


def test_second_time_adds_nothing_and_a_newer_version_adds_and_completes() -> None:
    loaded(COVER)
    loaded(COVER)
    report = loaded(dataclasses.replace(COVER, pages=3), SUMMONS)
    assert rows() == [
        ("1", "Civil Cover Sheet", "https://example.org/1.pdf", 3, False),
        ("2", "Summons", "", None, False),
    ]
    assert (report.changed, report.updated) == (1, ["2025-03-24, No. 1: documents."])
    assert loaded(dataclasses.replace(COVER, pages=3), SUMMONS).wrote_nothing


def test_source_that_says_less_takes_nothing_away() -> None:
    loaded(COVER, SUMMONS)
    report = loaded(Attachment("1"))
    assert rows()[0] == ("1", "Civil Cover Sheet", "https://example.org/1.pdf", 2, False)
    assert (len(rows()), report.conflicts) == (2, [])


def test_what_an_editor_changed_is_kept_and_told() -> None:
    loaded(COVER)
    Document.objects.update(title="The cover sheet")
    reports = [loaded(dataclasses.replace(COVER, text="Cover Sheet, corrected")) for _ in range(2)]
    assert rows()[0][1] == "The cover sheet"
    assert [report.conflicts for report in reports] == [
        ["2025-03-24, No. 1: documents is otherwise in the file; an editor changed one, so it was kept."]
    ] * 2


def test_what_an_editor_deleted_stays_away() -> None:
    loaded(COVER)
    Document.objects.all().delete()
    loaded(COVER, SUMMONS)
    assert [number for number, *_ in rows()] == ["2"]


def test_seal_is_taken_from_a_file_and_never_lifted_by_one() -> None:
    loaded(COVER)
    loaded(dataclasses.replace(COVER, is_sealed=True))
    assert rows()[0][4] is True
    loaded(COVER)
    assert rows()[0][4] is True


def test_nothing_is_added_to_an_entry_that_is_public() -> None:
    loaded(COVER)
    event = Event.objects.get()
    editor = make.UserFactory(is_superuser=True)
    publication.publish(event.case, actor=editor)
    publication.publish(event, actor=editor)
    report = loaded(COVER, SUMMONS)
    assert len(rows()) == 1
    assert report.conflicts == [
        "2025-03-24, No. 1: documents is otherwise in the file; it is published, so it was kept."
    ]
