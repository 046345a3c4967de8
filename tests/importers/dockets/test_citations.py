"""Citations in rulings: its own where the text says so, a link to a ruling of the case, else no more than told."""

import sys
from typing import Any

import factories as make
import pytest

from casetracker.dates import UncertainDate
from casetracker.importers.dockets.loading import load
from casetracker.importers.dockets.records import Docket, Entry
from casetracker.importers.dockets.reports import Report
from casetracker.models import Event, Response, RulingCitation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def courts() -> None:
    make.CourtFactory(id="mdd", short_name="D. Md.")


def loaded(*texts: str, **more: Any) -> Report:
    entries = tuple(
        Entry(UncertainDate.from_edtf(f"2025-03-{at:02}"), number=str(at), text=text)
        for at, text in enumerate(texts, 1)
    )
    return load(Docket("mdd", "8:25-cv-00951", "Doe v. Ledger Office", entries=entries), format="csv")


OPINION = "MEMORANDUM OPINION, reported at 901 F. Supp. 3d 17. Signed by Judge Ada Bench."


def citations() -> list[tuple[str, str]]:
    return list(RulingCitation.objects.order_by("pk").values_list("ruling__docket_entries__number", "text"))


def test_citation_is_its_own_where_the_text_says_that_it_is_reported_there() -> None:
    report = loaded(OPINION)
    assert citations() == [("1", "901 F. Supp. 3d 17")]
    assert report.notes == []


def test_ruling_of_the_case_that_is_cited_is_linked() -> None:
    loaded(OPINION)
    report = loaded(OPINION, "ORDER denying stay. See Doe v. Ledger Office, 901 F.Supp.3d 17, 19 (D. Md. 2025).")
    assert citations() == [("1", "901 F. Supp. 3d 17")]
    assert list(
        Response.objects.values_list("event__docket_entries__number", "responds_to__docket_entries__number")
    ) == [("2", "1")]
    assert report.notes == []


def test_ruling_that_is_not_known_here_is_told_and_nothing_made_of_it() -> None:
    report = loaded("ORDER denying stay. See Lynn v. Quill, 679 F.2d 1350, 1353 (11th Cir. 1982).")
    assert (citations(), Response.objects.count()) == ([], 0)
    assert report.notes == ["Cited, and not entered for it is of another decision: 2025-03-01, No. 1: 679 F.2d 1350."]


def test_ruling_of_another_case_is_not_linked() -> None:
    other = make.RulingFactory()
    RulingCitation.objects.create(ruling=other, text="679 F.2d 1350")
    loaded("ORDER denying stay. See Lynn v. Quill, 679 F.2d 1350 (11th Cir. 1982).")
    assert Response.objects.count() == 0


def test_filing_has_no_citation() -> None:
    report = loaded("MOTION to stay by A. Doe, citing 679 F.2d 1350, reported at 901 F. Supp. 3d 17.")
    assert (Event.objects.get().kind, citations(), report.notes) == ("filing", [], [])


def test_without_eyecite_rulings_land_and_the_report_says_what_was_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "eyecite", None)
    report = loaded(OPINION, "ORDER.")
    assert (Event.objects.count(), citations()) == (2, [])
    assert report.notes == ["Citations were not looked for: eyecite is not installed (casetracker[pacer])."]
