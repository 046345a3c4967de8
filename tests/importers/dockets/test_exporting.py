"""What `export_case` writes `import_docket` reads, and the case is the same again."""

import dataclasses
from io import StringIO

import docket_samples as samples
import factories as make
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casetracker.dates import UncertainDate
from casetracker.importers.dockets.exporting import dockets_of
from casetracker.importers.dockets.formats import parse
from casetracker.importers.dockets.loading import load
from casetracker.importers.dockets.records import Attachment, Counsel, Docket, Entry, Litigant, Sitting
from casetracker.models import Case, Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def courts() -> None:
    make.CourtFactory(id="mdd")
    make.CourtFactory(id="ca4", appellate=True)


def exported() -> str:
    out = StringIO()
    call_command("export_case", Case.objects.get().slug, stdout=out)
    return out.getvalue()


sha = st.text("0123456789abcdef", min_size=64, max_size=64)
words = st.text("abcdefghij klm", min_size=1, max_size=12).map(lambda text: " ".join(text.split()) or "x")
days = st.sampled_from(["2025-03-24", "2025-04", "1801~", "[..2025-03-04]"]).map(UncertainDate.from_edtf)
attachments = st.lists(
    st.builds(
        Attachment,
        number=st.sampled_from(["", "1", "2"]),
        text=words,
        address=st.sampled_from(["", "https://example.org/a.pdf"]),
        pages=st.none() | st.integers(1, 900),
        is_sealed=st.booleans(),
        size=st.none() | st.integers(1, 10**9),
        sha256=st.just("") | sha,
    ),
    max_size=3,
).map(tuple)
# A judge has one part in a ruling.
sittings = st.lists(
    st.builds(Sitting, words, st.sampled_from(["author", "joined", "dissented"])),
    max_size=3,
    unique_by=lambda each: each.name,
).map(tuple)
entries = st.builds(
    Entry,
    attachments=attachments,
    filed=days,
    entered=st.none() | days,
    number=st.sampled_from(["", "1", "2", "3"]),
    text=words,
    kind=st.sampled_from(["filing", "hearing", "event"]),
    title=words,
) | st.builds(
    Entry,
    attachments=attachments,
    judges=sittings,
    filed=days,
    text=words,
    kind=st.just("ruling"),
    form=st.sampled_from(["order", "opinion"]),
    outcome=st.sampled_from(["", "granted"]),
    title=words,
)
litigants = st.builds(
    Litigant,
    name=words,
    role=st.sampled_from(["Plaintiff", "Defendant"]),
    terminated=st.none() | days,
    counsel=st.lists(st.builds(Counsel, words, words, st.just(("LEAD ATTORNEY",))), max_size=1).map(tuple),
)
dockets = st.builds(
    Docket,
    court=st.just("mdd"),
    number=st.just("8:25-cv-00951"),
    name=words,
    filed=st.none() | days,
    judges=st.lists(st.builds(Sitting, words, st.sampled_from(["assigned", "panel"])), max_size=2).map(tuple),
    litigants=st.lists(litigants, max_size=2).map(tuple),
    entries=st.lists(entries, max_size=6).map(tuple),
    pacer=st.sampled_from(["", "77"]),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dockets)
def test_case_that_went_out_comes_back_the_same(docket: Docket) -> None:
    with transaction.atomic():
        load(docket, format="casetracker")
        written = exported()
        there = dockets_of(Case.objects.get())
        transaction.set_rollback(True)
    with transaction.atomic():
        for again in parse(written.encode()).dockets:
            load(again, format="casetracker")
        assert exported() == written
        assert dockets_of(Case.objects.get()) == there
        assert sorted(str(each) for each in there[0].entries) == sorted(str(each) for each in docket.entries)
        transaction.set_rollback(True)


def test_both_proceedings_go_out_with_the_transfer_between_them() -> None:
    load(parse(samples.CSV.encode()).dockets[0], format="csv")
    load(parse(samples.as_bytes(samples.APPEAL)).dockets[0], format="juriscraper")
    Event.objects.filter(docket_entries__number="21").update(title="The injunction")
    below, above = dockets_of(Case.objects.get())
    assert (below.court, above.court, above.origins[0].number) == ("mdd", "ca4", "8:25-cv-00951")
    assert "The injunction" in [each.title for each in below.entries]
    assert dataclasses.replace(below.entries[0], title="", kind="").text.startswith("COMPLAINT")


def test_import_of_what_was_exported_changes_nothing() -> None:
    load(parse(samples.CSV.encode()).dockets[0], format="csv")
    (docket,) = parse(exported().encode()).dockets
    report = load(docket, format="casetracker")
    assert (report.new, report.changed, report.conflicts, report.unchanged) == (0, 0, [], 3)


def test_unknown_case_is_said() -> None:
    with pytest.raises(CommandError, match="There is no case none"):
        call_command("export_case", "none")
