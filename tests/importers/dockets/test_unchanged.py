"""A docket that says what it said the last time is known as a whole, and its report says the same."""

import dataclasses
from typing import Any
from unittest import mock

import factories as make
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casetracker.dates import UncertainDate
from casetracker.importers.dockets import loading, unchanged
from casetracker.importers.dockets.loading import Wishes, load
from casetracker.importers.dockets.records import Docket, Entry, Litigant
from casetracker.importers.dockets.reports import Report
from casetracker.models import Case, DocketEntry, Event, ImportedDocket, Party

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def courts() -> None:
    make.CourtFactory(id="mdd", short_name="D. Md.")


def day(text: str) -> UncertainDate:
    return UncertainDate.from_edtf(text)


DOCKET = Docket(
    "mdd",
    "8:25-cv-00951",
    "Doe v. Ledger Office",
    day("2025-03-24"),
    litigants=(Litigant("Cab Quill, a minor", "Plaintiff"),),
    entries=(
        Entry(day("2025-03-20"), number="1", text="COMPLAINT by Cab Quill, SSN 123-45-6789, filed early."),
        Entry(day("2025-03-26"), number="2", text="Whereupon the pond froze."),
        Entry(day("2025-04-04"), number="3", text="ORDER granting 1 Motion. Signed by Judge Ada Bench on 4/4/2025."),
        Entry(number="4", text="Whereupon nobody wrote a day beside it."),
    ),
)


def loaded(docket: Docket = DOCKET, **wishes: Any) -> Report:
    return load(docket, format="csv", wishes=Wishes(**wishes))


def told(report: Report) -> dict[str, Any]:
    names = ("entries", "by_kind", "unsure", "left", "notes", "conflicts", "gone", "lines")
    return {name: getattr(report, name) for name in names}


def test_report_of_the_second_time_is_that_of_the_first_without_a_line_read() -> None:
    first = loaded()
    with mock.patch.object(loading, "lines_of", side_effect=AssertionError("read again")):
        second = loaded()
    assert told(second) == told(first)
    assert (second.new, second.changed, second.unchanged, second.wrote_nothing) == (0, 0, 4, True)
    # They are there to be told.
    assert len(second.unsure) == 2
    assert len(second.notes) == 3
    assert "C.Q." in second.lines[0].said.text


def test_second_time_takes_as_many_queries_for_many_entries_as_for_few() -> None:
    counts = []
    for size in (1, 3, 200):
        lines = tuple(Entry(day("2025-04-04"), number=str(at), text=f"ORDER {at}.") for at in range(1, size + 1))
        docket = dataclasses.replace(DOCKET, number=f"8:25-cv-{size}", entries=lines)
        loaded(docket)
        with CaptureQueriesContext(connection) as queries:
            loaded(docket)
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 18


@pytest.mark.parametrize(
    "change",
    [
        {"entries": (*DOCKET.entries, Entry(day("2025-04-05"), number="5", text="NOTICE of appeal."))},
        {"entries": (dataclasses.replace(DOCKET.entries[0], text="COMPLAINT, amended."), *DOCKET.entries[1:])},
    ],
)
def test_what_differs_in_one_line_is_read(change: dict[str, Any]) -> None:
    loaded()
    report = loaded(dataclasses.replace(DOCKET, **change))
    assert report.new + report.changed == 1


def test_change_beside_the_entries_is_brought_in() -> None:
    loaded()
    loaded(dataclasses.replace(DOCKET, litigants=(*DOCKET.litigants, Litigant("Ledger Office", "Defendant"))))
    assert Party.objects.filter(name="Ledger Office").exists()


def test_conflict_is_told_each_time() -> None:
    loaded()
    Event.objects.filter(docket_entries__number="3").update(title="The injunction")
    newer = dataclasses.replace(
        DOCKET, entries=(*DOCKET.entries[:2], dataclasses.replace(DOCKET.entries[2], text="ORDER denying 1 Motion."))
    )
    assert [len(loaded(newer).conflicts) for _ in range(3)] == [1, 1, 1]


def test_entry_that_was_deleted_at_the_desk_is_told_each_time_and_stays_away() -> None:
    loaded()
    DocketEntry.objects.get(number="2").event.delete()
    reports = [loaded() for _ in range(2)]
    assert [sum("was deleted at the desk" in note for note in report.notes) for report in reports] == [1, 1]
    assert Event.objects.count() == 3


def test_line_that_is_gone_is_told_each_time() -> None:
    loaded()
    shorter = dataclasses.replace(DOCKET, entries=DOCKET.entries[:3])
    assert [len(loaded(shorter).gone) for _ in range(2)] == [1, 1]


def test_another_program_reads_anew() -> None:
    loaded()
    with (
        mock.patch.object(unchanged, "_program", return_value="of another release"),
        mock.patch.object(loading, "lines_of", side_effect=AssertionError("read again")),
        pytest.raises(AssertionError, match="read again"),
    ):
        loaded()


def test_note_of_a_docket_holds_no_word_of_it() -> None:
    loaded()
    noted = str(ImportedDocket.objects.get().fingerprints)
    assert "digest" in noted
    for word in ("pond", "Quill", "C.Q.", "COMPLAINT", "Bench"):
        assert word not in noted


def test_dry_run_of_what_is_known_writes_nothing_and_says_so() -> None:
    loaded()
    assert told(loaded(is_dry=True)) == told(loaded())
    assert Case.objects.count() == 1
