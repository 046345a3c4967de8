"""Loading a case: once, without touching what an editor changed, and with what its file has got since."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casetracker.importers import demonstration
from casetracker.importers.load_entries import public_id
from casetracker.models import (
    PUBLIC_ID_ALPHABET,
    Case,
    Court,
    CourtAppeal,
    DocketEntry,
    Event,
    Party,
    Proceeding,
    Provision,
    Reference,
    RulingCitation,
    State,
    Transfer,
)
from casetracker.reworking import JOINABLE, join, merge

BROWN, MARBURY = "brown-v-board-of-education", "marbury-v-madison"
TODAY = datetime.date(2026, 11, 24)


def _entry(slug: str, key: str) -> Event:
    return Event.objects.get(public_id=public_id(slug, key))


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_everything_is_published_and_its_history_says_by_what() -> None:
    assert set(Case.objects.values_list("state", flat=True)) == {State.PUBLISHED}
    assert set(Event.objects.values_list("state", flat=True)) == {State.PUBLISHED}
    revisions = apps.get_model("casetracker", "EventRevision")._default_manager
    contexts = revisions.values_list("pgh_context__metadata__source", "pgh_context__metadata__act").distinct()
    assert {source for source, _ in contexts} == {"load_demonstration"}
    assert "publish" in {act for _, act in contexts}


def test_address_of_an_entry_is_the_same_on_every_machine() -> None:
    assert public_id(BROWN, "first-argument") == "8nx7fc4w82"
    assert set(public_id("a", "b") + public_id("b", "a")) <= set(PUBLIC_ID_ALPHABET)


def _rows_of_every_table() -> dict[str, int]:
    """How many rows each table has, those of the history among them."""
    return {
        model._meta.label: model._default_manager.count() for model in apps.get_app_config("casetracker").get_models()
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_second_load_writes_nothing_even_on_a_later_day() -> None:
    before = _rows_of_every_table()
    assert before["casetracker.EventRevision"] > before["casetracker.Event"] > 100

    with CaptureQueriesContext(connection) as queries:
        reports = demonstration.load(today=TODAY + datetime.timedelta(days=40))

    assert _rows_of_every_table() == before
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []
    assert {(report.is_new, report.entries, report.differences) for report in reports} == {(False, 0, ())}


def _edit_entry() -> str:
    Event.objects.filter(public_id=public_id(BROWN, "brown-1")).update(title="Mended by an editor", vote="unanimous")
    return "entries: brown-1: title, vote"


def _edit_case() -> str:
    Case.objects.filter(slug=BROWN).update(summary="Mended by an editor")
    return "case: summary"


def _rename_case() -> str:
    Case.objects.filter(slug=BROWN).update(slug="brown")
    return "case: slug"


def _edit_citation() -> str:
    RulingCitation.objects.filter(text="347 U.S. 483").update(text="347 U. S. 483")
    return "entries: brown-1: citations"


def _remove_docket_entry() -> str:
    DocketEntry.objects.filter(event=_entry(BROWN, "first-argument")).first().delete()  # type: ignore[union-attr]
    return "entries: first-argument: docket entries"


def _edit_caption() -> str:
    Proceeding.objects.filter(caption="Gebhart v. Belton", court="del").update(caption="Gebhart v. Belton and Bulah")
    return "proceedings: del: caption"


def _add_number() -> str:
    Proceeding.objects.get(caption="Gebhart v. Belton", court="del").numbers.create(number="15")
    return "proceedings: del: docket numbers"


def _edit_party() -> str:
    Party.objects.filter(slug="brown-and-others").update(description="")
    return "parties: brown: description"


def _edit_transfer() -> str:
    Transfer.objects.filter(kind="certiorari", origin__court="dcd").update(note="")
    return "case: transfers"


def _edit_provision() -> str:
    Provision.objects.filter(text__startswith="The trustees must report").update(text="A report is due")
    return "entries: briggs-1951: provisions"


def _edit_source_of_statement() -> str:
    Reference.objects.filter(statement__speaker="Walter A. Huxman").update(pinpoint="p. 3")
    return "entries: kansas-1951: statements: number 1: references"


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    "edit",
    [
        _edit_entry,
        _edit_case,
        _rename_case,
        _edit_citation,
        _remove_docket_entry,
        _edit_caption,
        _add_number,
        _edit_party,
        _edit_transfer,
        _edit_provision,
        _edit_source_of_statement,
    ],
)
def test_what_an_editor_changed_is_left_and_reported(edit: Callable[[], str]) -> None:
    expected = edit()
    before = _rows_of_every_table()

    reports = demonstration.load(today=TODAY)

    assert {line for report in reports for line in report.differences} == {expected}
    assert _rows_of_every_table() == before


def _replace(folder: Path, slug: str, old: str, new: str) -> None:
    path = folder / f"{slug}.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, text.count(old)
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_entry_that_a_file_has_got_since_is_added_and_published(folder: Path) -> None:
    entry = """
  - key: opinion-day
    date: 1954-05-18
    kind: hearing
    court: scotus
    title: A new entry
    docket: [{proceeding: sct-brown}]
    sources: [scdb]
    responds_to: [brown-1]
"""
    _replace(folder, BROWN, "\ncorrections: []", f"{entry}\ncorrections: []")

    report = next(report for report in demonstration.load(folder, today=TODAY) if report.name == "Brown")

    assert (report.is_new, report.entries, report.differences) == (False, 1, ())
    added = _entry(BROWN, "opinion-day")
    assert added.state == State.PUBLISHED
    assert added.docket_entries.get().proceeding.caption == "Brown v. Board of Education of Topeka"
    assert added.responds_to.get() == _entry(BROWN, "brown-1")


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_related_cases_are_linked_once(folder: Path) -> None:
    _replace(folder, MARBURY, "\nrelated: []", f"\nrelated: [{BROWN}]")
    demonstration.load(folder, today=TODAY)
    before = _rows_of_every_table()
    assert Case.objects.get(slug=MARBURY).related.get().slug == BROWN
    assert Case.objects.get(slug=BROWN).related.get().slug == MARBURY
    demonstration.load(folder, today=TODAY)
    assert _rows_of_every_table() == before


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_entry_that_an_editor_has_merged_does_not_come_back() -> None:
    kept, other = Event.objects.filter(case__slug=BROWN, kind="hearing").in_order()[:2]
    merge(kept.case_id, kept.pk, other.pk)
    before = _rows_of_every_table()
    reports = demonstration.load(today=TODAY)
    assert _rows_of_every_table() == before
    assert [line for report in reports for line in report.differences if "merged into" in line] == [
        f"entries: reargument: merged into “{kept.title}”."
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_party_court_and_case_that_an_editor_merged_are_found_where_they_are() -> None:
    """A second load says so and brings none of them back."""
    mine, theirs = (Party.objects.get(slug=slug) for slug in ("james-madison", "william-marbury"))
    join(JOINABLE["party"], theirs.pk, mine.pk)
    case, merged = Case.objects.get(slug=BROWN), Case.objects.get(slug=MARBURY)
    court = Proceeding.objects.filter(case=case).order_by("pk")[0].court
    stayed = Court.objects.create(id="stayed", name="Stayed", short_name="Stayed", level=court.level, system="federal")
    CourtAppeal.objects.filter(from_court=court.pk, to_court=stayed.pk).delete()
    join(JOINABLE["court"], stayed.pk, court.pk)
    join(JOINABLE["case"], case.pk, merged.pk)
    counts = {model: model._default_manager.count() for model in (Case, Party, Court, Event, Proceeding, Transfer)}
    reports = demonstration.load(today=TODAY)
    assert {model: model._default_manager.count() for model in counts} == counts
    assert not any(report.is_new or report.entries for report in reports)
    told = " ".join(text for report in reports for text in report.differences)
    assert f"merged into {theirs.name}" in told
