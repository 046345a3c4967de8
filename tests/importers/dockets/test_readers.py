"""Each format becomes the same plain records, with nothing lost."""

import dataclasses
import datetime
import json

import docket_samples as samples
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetracker.dates import UncertainDate
from casetracker.importers.dockets import own_json, spreadsheets
from casetracker.importers.dockets.formats import parse, together
from casetracker.importers.dockets.records import Attachment, Counsel, Docket, Entry, Litigant, Origin, Sitting

DAY = UncertainDate.on(2025, 3, 24)
COMPLAINT = "COMPLAINT against Ledger Office."


def test_csv_is_read_with_dates_in_both_spellings_and_the_docket_named_once() -> None:
    found = parse(samples.CSV.encode())
    assert found.format == "csv"
    (docket,) = found.dockets
    assert (docket.court, docket.number, docket.name) == ("mdd", "8:25-cv-00951", "Doe v. Ledger Office")
    assert [(str(each.filed.edtf if each.filed else ""), each.number) for each in docket.entries] == [
        ("2025-03-24", "1"),
        ("2025-04-04", "21"),
        ("2025-04-07", ""),
    ]
    assert docket.entries[0].text == "COMPLAINT against Ledger Office, filed by A. Doe."
    assert docket.entries[1].entered == UncertainDate.on(2025, 4, 5)
    assert docket.entries[1].place == "line 3"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_of_a_csv_are_found(encoding: str, delimiter: str) -> None:
    text = "court,docket_number,date,text\nmdd,25-1,2025-03-24,Señor Muñoz’s motion\n".replace(",", delimiter)
    (docket,) = parse(text.encode(encoding)).dockets
    assert docket.entries[0].text == "Señor Muñoz’s motion"


def test_template_for_download_is_read() -> None:
    (docket,) = parse(spreadsheets.TEMPLATE.encode()).dockets
    assert [(each.number, each.kind, each.form, each.outcome) for each in docket.entries] == [
        ("1", "", "", ""),
        ("21", "ruling", "injunction", "granted"),
    ]


def test_recap_xml_is_read_with_parties_counsel_attachments_and_without_addresses() -> None:
    found = parse(samples.XML.encode())
    assert found.format == "recap"
    (docket,) = found.dockets
    assert (docket.court, docket.number, docket.pacer, docket.filed) == ("mdd", "8:25-cv-00951", "574644", DAY)
    assert docket.judges == (Sitting("Judge Ada Bench", "assigned"),)
    office, cab = docket.litigants
    assert office.terminated == UncertainDate.on(2025, 5, 17)
    assert office.counsel == (Counsel("Bea Bar", "Quill & Ink LLP", ("LEAD ATTORNEY", "PRO HAC VICE")),)
    assert cab.counsel == (Counsel("Bea Bar", "Quill & Ink LLP"),)
    assert "Paper Street" not in repr(docket)
    assert docket.entries[0] == Entry(
        filed=DAY,
        entered=UncertainDate.on(2025, 3, 25),
        number="1",
        text=COMPLAINT,
        attachments=(Attachment("2", "Summons"),),
    )
    assert docket.entries[1].filed is None


def test_pages_of_courtlistener_make_one_docket_and_leave_other_dockets_out() -> None:
    pages = [
        samples.page(samples.entry(1, "2025-03-24", COMPLAINT), samples.entry(None, "2025-03-25", "NOTICE of hearing")),
        samples.docket(),
        samples.page(samples.party("A. Doe", "Plaintiff")),
        samples.page(samples.entry(3, "2025-03-26", "ORDER")),
    ]
    found = together([parse(samples.as_bytes(each)) for each in pages])
    docket = next(docket for each in found for docket in each.dockets if docket.courtlistener == "77")
    assert (docket.court, docket.number, docket.pacer) == ("mdd", "8:25-cv-00951", "574644")
    assert [each.number for each in docket.entries] == ["1", "", "3"]
    assert docket.litigants == (Litigant("A. Doe", "Plaintiff"),)
    assert docket.is_part


def test_bulk_docket_of_courtlistener_is_read_whole() -> None:
    document = {
        "description": "Complaint", "is_available": True, "filepath_local": "recap/x.pdf", "page_count": 4,
        "is_sealed": True, "attachment_number": None,
    }  # fmt: skip
    attorney = {
        "attorney": {"name": "Bea Bar", "contact_raw": "Quill & Ink LLP\n1 Paper Street"},
        "docket": 77,
        "role": 2,
    }
    value = samples.docket(
        court="mdd",
        docket_entries=[samples.entry(1, "2025-03-24", COMPLAINT, docket=77, recap_documents=[document])],
        parties=[
            {"name": "A. Doe", "attorneys": [attorney], "party_types": [{"docket": 77, "name": "Plaintiff"}]},
        ],
        appeal_from="https://www.courtlistener.com/api/rest/v4/courts/mdb/",
        original_court_info={"docket_number": "24-10001"},
    )
    (docket,) = parse(samples.as_bytes(value)).dockets
    assert not docket.is_part
    assert docket.origins == (Origin("mdb", "", "24-10001"),)
    assert docket.litigants[0].counsel == (Counsel("Bea Bar", "Quill & Ink LLP", ("LEAD ATTORNEY",)),)
    assert docket.entries[0].attachments == (
        Attachment("", "Complaint", "https://storage.courtlistener.com/recap/x.pdf", 4, is_sealed=True),
    )


def test_what_juriscraper_writes_is_read_with_its_origin() -> None:
    (docket,) = parse(samples.as_bytes(samples.APPEAL)).dockets
    assert (docket.court, docket.number) == ("ca4", "25-1345")
    assert docket.judges == (Sitting("Cab Robe", "panel"),)
    assert docket.litigants[0].role == "Plaintiff - Appellee"
    assert docket.origins[0].court == "mdd"
    assert docket.origins[0].number == "8:25-cv-00951"


# --- our own JSON loses nothing -------------------------------------------------------------------------------------

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
needed = st.text("abc1:-", min_size=1, max_size=8)
days = st.dates(datetime.date(1000, 1, 1), datetime.date(2199, 12, 31)).map(
    lambda day: UncertainDate.from_edtf(day.isoformat())
)
maybe = st.none() | days | st.sampled_from([UncertainDate.on(1801), UncertainDate.from_edtf("[..1801-03]")])
attachments = st.builds(Attachment, texts, texts, texts, st.none() | st.integers(1, 9), st.booleans())
entries = st.builds(
    Entry, maybe, maybe, texts, texts, texts, texts, st.lists(attachments, max_size=2).map(tuple), texts, texts
)
counsel = st.builds(Counsel, texts, texts, st.lists(texts, max_size=2).map(tuple))
litigants = st.builds(Litigant, texts, texts, texts, maybe, st.lists(counsel, max_size=2).map(tuple))
dockets = st.builds(
    Docket,
    court=needed,
    number=needed,
    name=texts,
    filed=maybe,
    terminated=maybe,
    judges=st.lists(st.builds(Sitting, texts, texts), max_size=2).map(tuple),
    litigants=st.lists(litigants, max_size=2).map(tuple),
    entries=st.lists(entries, max_size=4).map(tuple),
    origins=st.lists(st.builds(Origin, texts, texts, texts), max_size=1).map(tuple),
    courtlistener=texts,
    is_part=st.booleans(),
)


@given(st.lists(dockets, min_size=1, max_size=3))
def test_our_json_is_read_as_it_was_written(written: list[Docket]) -> None:
    assert list(parse(own_json.write(written).encode()).dockets) == written


def test_our_json_names_every_field_of_the_records() -> None:
    full = Docket(court="mdd", number="1", entries=(Entry(filed=DAY, text="x", place="line 1"),))
    said = json.loads(own_json.write([full]))["dockets"][0]
    assert said == {"court": "mdd", "number": "1", "entries": [{"filed": "2025-03-24", "text": "x"}]}
    assert {each.name for each in dataclasses.fields(Entry) if not each.compare} == {"place", "rank"}
