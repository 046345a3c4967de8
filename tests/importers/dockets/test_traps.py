"""What is odd about real files of each source, one test for each; real dockets are no part of this repository."""

import json
from functools import partial
from typing import Any

import docket_samples as samples
import factories as make
import pytest

from casetracker.importers.dockets.formats import Read, parse, read_all
from casetracker.importers.dockets.loading import load
from casetracker.importers.dockets.records import DocketError
from casetracker.importers.dockets.which_court import court_key
from casetracker.models import Case, DocketEntry, Event, PartyRole, Proceeding, Role


def read(value: Any) -> Read:
    return parse(json.dumps(value).encode())


# --- juriscraper ----------------------------------------------------------------------------------------------------


def test_part_of_a_party_may_have_spaces_that_do_not_break() -> None:
    (docket,) = read(samples.APPEAL).dockets
    assert docket.litigants[0].role == "Plaintiff - Appellee"


@pytest.fixture
def acms() -> dict[str, Any]:
    """As the newer program of the courts of appeals has it: keys in hexadecimal, numbers as numbers, a time of day."""
    return samples.APPEAL | {
        "pacer_case_id": "c0ffee00-1111-2222-3333-444455556666",
        "originating_court_information": {"court_id": "mdd", "docket_number": "8:25-cv-00951",
                                          "RESTRICTED_ALIEN_NUMBER": "A123456789"},
        "docket_entries": [
            {"date_filed": "2025-04-05T16:54:00", "date_entered": "2025-04-05T16:55:12", "document_number": 1,
             "description": "Case docketed.", "description_html": "<b>Case docketed.</b>",
             "pacer_doc_id": "beef0000-1111-2222-3333-444455556666"},
        ],
    }  # fmt: skip


def test_acms_has_numbers_and_moments_where_others_have_texts_and_days(acms: dict[str, Any]) -> None:
    (docket,) = read(acms).dockets
    (entry,) = docket.entries
    assert (entry.number, str(entry.filed), str(entry.entered)) == ("1", "5 April 2025", "5 April 2025")
    assert docket.pacer == "c0ffee00-1111-2222-3333-444455556666"
    # Its documents are not served under their keys.
    assert entry.attachments == ()


def test_alien_number_of_acms_is_read_nowhere(acms: dict[str, Any]) -> None:
    assert "123456789" in json.dumps(acms)
    assert "123456789" not in repr(read(acms))


def test_part_of_an_attorney_may_be_a_day_and_is_no_fault() -> None:
    attorneys = [{"name": "Bea Bar", "contact": "", "roles": ["LEAD ATTORNEY", "TERMINATED: 05/17/2025"]}]
    (docket,) = read(
        samples.juriscraper(parties=[{"name": "A. Doe", "type": "Plaintiff", "attorneys": attorneys}])
    ).dockets
    assert docket.litigants[0].counsel[0].roles == ("LEAD ATTORNEY", "TERMINATED: 05/17/2025")


def test_docket_of_the_supreme_court_names_no_court() -> None:
    value = samples.juriscraper(lower_court="United States Court of Appeals", lower_court_case_numbers=["25-1345"])
    del value["court_id"]
    (docket,) = read(value).dockets
    assert (docket.court, docket.origins[0].number) == ("scotus", "25-1345")


# --- CourtListener --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theirs", "ours"), [("azb", "arb"), ("cofc", "uscfc"), ("neb", "nebraskab"), ("nysb-mega", "nysb")]
)
def test_courts_that_pacer_calls_otherwise(theirs: str, ours: str) -> None:
    assert court_key(theirs) == ours


def test_court_may_be_an_address_or_a_key() -> None:
    address = samples.docket()
    del address["court_id"]
    bulk = samples.docket(court="mdd", docket_entries=[])
    del bulk["court_id"]
    assert [read(value).dockets[0].court for value in (address, bulk)] == ["mdd", "mdd"]


def test_count_of_a_page_is_an_address() -> None:
    found = read(samples.page(samples.entry(1, "2025-03-24", "COMPLAINT.")))
    assert found.dockets[0].entries[0].text == "COMPLAINT."


def test_number_of_an_appellate_entry_may_be_a_long_key() -> None:
    found = read(samples.page(samples.entry(1208766001, "2025-03-24", "Case docketed.")))
    assert found.dockets[0].entries[0].number == "1208766001"


# --- what dockets are like ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_odd_docket_lands_whole_in_its_order() -> None:
    make.CourtFactory(id="mdd", short_name="D. Md.")
    # Entries without a number, two of one, numbers out of order on one day, one before the docket, a blank text, a very
    # long one; a party twice, with a long name.
    long = "MOTION " + "and more of it " * 170
    rows = [
        ("2025-03-20", "1", "COMPLAINT."), ("2025-04-04", "22", "ORDER granting 9."), ("2025-04-04", "21", "NOTICE."),
        ("2025-04-04", None, "Minute Entry: hearing held."), ("2025-04-04", "21", "NOTICE of something else."),
        ("2025-04-05", "23", ""), ("2026-01-01", "24", long),
    ]  # fmt: skip
    name = "The " + "Very " * 53 + "Long Company"
    docket = samples.juriscraper(
        date_terminated="2025-12-31",
        docket_entries=[{"date_filed": day, "document_number": at, "description": text} for day, at, text in rows],
        parties=[{"name": name, "type": role} for role in ("Plaintiff", "Counter Defendant")],
    )
    report = load(read(docket).dockets[0], format="juriscraper")
    assert (report.new, report.left) == (7, [])
    assert list(DocketEntry.objects.order_by("position").values_list("number", "text")) == [
        (at or "", text.strip()) for _, at, text in rows
    ]
    by_time = Event.objects.order_by(*Event.TIMELINE_ORDER).values_list("docket_entries__number", flat=True)
    assert list(by_time) == ["1", "22", "21", "", "21", "23", "24"]
    assert set(PartyRole.objects.values_list("party__name", "role")) == {
        (name, Role.PLAINTIFF), (name, Role.DEFENDANT),
    }  # fmt: skip


@pytest.mark.django_db
def test_one_number_of_a_court_may_be_two_dockets() -> None:
    make.CourtFactory(id="mdd", short_name="D. Md.")
    for key in ("111", "222"):
        load(read(samples.juriscraper(pacer_case_id=key)).dockets[0], format="juriscraper")
    assert (Proceeding.objects.count(), Case.objects.count()) == (2, 2)


def test_courtlistener_orders_lines_by_a_number_of_its_own_whatever_the_order_of_the_pages() -> None:
    def entry(number: int | None, day: str, rank: str) -> dict[str, Any]:
        return samples.entry(number, day, f"Line {rank}", recap_sequence_number=rank)

    older = samples.page(entry(2, "2025-03-24", "2025-03-24.002"), entry(1, "2025-03-24", "2025-03-24.001"))
    newer = samples.page(
        entry(10, "2025-03-26", "2025-03-26.001"),
        entry(9, "2025-03-26", "2025-03-26.001"),
        entry(None, "2025-03-25", "2025-03-25.001"),
    )
    files = [("newer.json", partial(samples.as_bytes, newer)), ("older.json", partial(samples.as_bytes, older))]
    (found,) = read_all(files, "", [])
    assert [(each.number, each.rank[-6:]) for each in found.docket.entries] == [
        ("1", "24.001"),
        ("2", "24.002"),
        ("", "25.001"),
        ("9", "26.001"),
        ("10", "26.001"),
    ]


def test_lines_of_courtlistener_stay_as_they_are_where_one_of_them_has_no_such_number() -> None:
    page = samples.page(
        samples.entry(2, "2025-03-24", "SECOND", recap_sequence_number="2025-03-24.002"),
        samples.entry(1, "2025-03-24", "FIRST"),
    )
    (docket,) = read(page).dockets
    assert [each.number for each in docket.entries] == ["2", "1"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("case_name,date_filed,status", "line 1: There is no column “status”"),
        ("case_name,date_filed,description", "line 4: The first entry of a docket needs its docket_number"),
    ],
)
def test_table_of_cases_whose_numbers_stand_below_their_names_is_refused(columns: str, message: str) -> None:
    # As Just Security keeps one: the court and the number of each case within the cell of its name.
    table = f'{columns}\r\n"Doe v. Ledger Office (D. Md.)\n\n8:25-cv-00951",2025-03-24,Open\r\n'
    with pytest.raises(DocketError, match=message):
        parse(table.encode("utf-8-sig"), "")
