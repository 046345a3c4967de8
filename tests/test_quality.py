"""What is to be mended: each kind of fault is found where it is and nowhere else, and what blocks, blocks."""

import datetime
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casetracker import publication, quality
from casetracker.dates import UncertainDate, parse
from casetracker.models import Document, Happening, Kind, Level, Role, RulingForm

pytestmark = pytest.mark.django_db

FUTURE = UncertainDate.on(2150, 1, 1)


def sound_case() -> Any:
    """A case, its entries and sources without any fault."""
    dispute = make.two_court_dispute()
    dispute.case.checked_on = timezone.now().date()
    dispute.case.save()
    dispute.source.archived_address = "https://archive.example/1"
    dispute.source.save()
    return dispute


def ruling(dispute: Any, **fields: Any) -> Any:
    row = make.RulingFactory(case=dispute.case, court=dispute.trial_court, **fields)
    make.ReferenceFactory(event=row, source=dispute.source)
    make.DocketEntryFactory(event=row, proceeding=dispute.trial)
    return row


def event(dispute: Any, **fields: Any) -> Any:
    row = make.EventFactory(case=dispute.case, **fields)
    make.ReferenceFactory(event=row, source=dispute.source)
    return row


def sealed(dispute: Any) -> Any:
    row = event(dispute, under_seal=True)
    make.DocumentFactory(event=row)
    return row


def with_number_in_file(dispute: Any) -> Any:
    row = event(dispute)
    document = make.DocumentFactory(event=row, file=make.StoredFileFactory())
    Document.objects.filter(pk=document.pk).update(reading="held_back")
    return row


def strange(dispute: Any) -> Any:
    row = make.RulingFactory(case=dispute.case)
    make.ReferenceFactory(event=row, source=dispute.source)
    return row


def other_court(dispute: Any) -> Any:
    return make.ProceedingFactory(case=dispute.case, court__level=Level.OTHER).court


def uses(dispute: Any, **fields: Any) -> Any:
    source = make.SourceFactory(**fields)
    make.ReferenceFactory(event=dispute.motion, source=source)
    return source


def case_with(dispute: Any, **fields: Any) -> Any:
    for name, value in fields.items():
        setattr(dispute.case, name, value)
    dispute.case.save()
    return dispute.case


# How each fault is made in a sound case; what it makes is the row that is found.
FAULTS: dict[str, Callable[[Any], Any]] = {
    "seal": sealed,
    "birth-date": lambda d: event(d, summary="He was born on 3 May 1980 in San Salvador."),
    "birth-date-on-docket": lambda d: make.DocketEntryFactory(
        event=ruling(d), proceeding=d.trial, number="77", text="DECLARATION. DOB: 05/03/1980"
    ),
    "number-in-file": with_number_in_file,
    "not-yet": lambda d: event(d, date=FUTURE),
    "effect-before-ruling": lambda d: make.TreatmentFactory(
        target=d.appeal_order, act=ruling(d, date=UncertainDate.on(2025, 4, 6))
    ),
    "answer-before-question": lambda d: make.ResponseFactory(
        responds_to=d.agreement, event=event(d, date=UncertainDate.on(2025, 4, 9))
    ),
    "strange-court": strange,
    "no-source": lambda d: make.EventFactory(case=d.case),
    "no-outcome": lambda d: ruling(d, outcome=""),
    "date-passed": lambda d: event(d, kind=Kind.HEARING, happening=Happening.SCHEDULED),
    "no-docket": lambda d: event(d, court=d.trial_court),
    "no-summary": lambda d: case_with(d, summary=""),
    "no-proceeding": lambda d: make.CaseFactory(),
    "not-checked": lambda d: case_with(d, checked_on=timezone.now().date() - datetime.timedelta(days=31)),
    "dead-source": lambda d: uses(d, dead_on=datetime.date(2025, 5, 1)),
    "not-archived": lambda d: uses(d),
    "role-not-mapped": lambda d: make.PartyRoleFactory(proceeding=d.trial, role=Role.OTHER, as_written="Garnishee"),
    "form-not-mapped": lambda d: ruling(d, form=RulingForm.OTHER),
    "level-not-mapped": other_court,
}


def test_every_kind_of_fault_is_made_here() -> None:
    assert set(FAULTS) == set(quality.BY_NAME)
    assert [check.weight for check in quality.CHECKS] == sorted(
        (check.weight for check in quality.CHECKS), key=list(quality.Weight).index
    )


def test_sound_case_has_no_fault() -> None:
    dispute = sound_case()
    assert [(check.name, count) for check, count in quality.counts() if count] == []
    assert quality.of_case(dispute.case.pk) == []
    for entry in dispute.entries:
        assert quality.of_entry(entry) == []


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_found_in_its_case_and_in_no_other(name: str) -> None:
    dispute, check = sound_case(), quality.BY_NAME[name]
    row = FAULTS[name](dispute)
    assert [found.pk for found in check.rows()] == [row.pk]
    case = row.pk if name == "no-proceeding" else dispute.case.pk
    assert [found.pk for found in check.rows(case=case)] == [row.pk]
    assert {check.name: count for check, count in quality.counts(case=case)}[name] == 1
    assert not check.rows(case=make.ProceedingFactory(case__checked_on=timezone.now().date()).case.pk).exists()
    told = {finding.check.name: finding for finding in quality.of_case(case)}
    if check.weight is quality.Weight.TELLS:
        assert name not in told
    else:
        assert (told[name].count, told[name].key) == (1, str(row.pk))
        assert (told[name].entry is None) is (check.entry == "")


@pytest.mark.parametrize("name", [check.name for check in quality.CHECKS if check.entry])
@pytest.mark.parametrize("act", ["withdraw", "withhold"])
def test_what_is_withdrawn_or_withheld_is_not_counted(name: str, act: str) -> None:
    dispute, check = sound_case(), quality.BY_NAME[name]
    FAULTS[name](dispute)
    assert check.rows().count() == 1
    publication.withhold(dispute.case, actor=None, reason="Order.") if act == "withhold" else publication.withdraw(
        dispute.case, actor=None
    )
    assert not check.rows().exists()


@pytest.mark.parametrize(
    ("name", "date"),
    [
        # What may have been in time is no fault.
        ("not-yet", parse(timezone.now().date().isoformat())),
        ("not-yet", parse("before 4 March 2150")),
        ("date-passed", parse("after 26 February 2024")),
    ],
)
def test_date_that_may_be_right_is_no_fault(name: str, date: Any) -> None:
    dispute = sound_case()
    happening = Happening.SCHEDULED if name == "date-passed" else Happening.HELD
    event(dispute, date=date, happening=happening)
    assert not quality.BY_NAME[name].rows().exists()


def test_sealed_entry_whose_documents_are_sealed_or_that_was_unsealed_is_no_fault() -> None:
    dispute = sound_case()
    make.DocumentFactory(event=event(dispute, under_seal=True), sealed=True)
    make.DocumentFactory(event=event(dispute, under_seal=True, unsealed=UncertainDate.on(2025, 5, 1)))
    assert not quality.BY_NAME["seal"].rows().exists()


# --- before publishing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["seal", "not-yet", "effect-before-ruling"])
def test_fault_that_blocks_is_refused_by_the_act_itself(name: str) -> None:
    dispute, check = sound_case(), quality.BY_NAME[name]
    row = FAULTS[name](dispute)
    entry = row.act if name == "effect-before-ruling" else row
    assert quality.blocked([entry.pk], on=timezone.now().date()) == {entry.pk: [check]}
    assert quality.of_entry(entry)[0].blocks
    with pytest.raises(publication.PublicationError, match=str(check.sentence)):
        publication.publish(entry, actor=None)
    assert publication.publish_with_entries(dispute.case, actor=None, shown=[(entry.pk, entry.version)]) == []
    entry.refresh_from_db()
    assert entry.state == "draft"


@pytest.mark.parametrize("name", [n for n in FAULTS if quality.BY_NAME[n].weight is not quality.Weight.BLOCKS])
def test_fault_that_warns_stands_in_nobodys_way(name: str) -> None:
    dispute, check = sound_case(), quality.BY_NAME[name]
    row = FAULTS[name](dispute)
    entry = row.event if name in {"answer-before-question", "birth-date-on-docket"} else row
    if check.entry:
        assert not any(finding.blocks for finding in quality.of_entry(entry))
        assert publication.publish(entry, actor=None).is_published_now


def test_entry_for_a_day_to_come_goes_out_under_an_embargo_until_then() -> None:
    day = timezone.now() + datetime.timedelta(days=9)
    entry = make.EventFactory(date=UncertainDate.on(day.year, day.month, day.day))
    with pytest.raises(publication.PublicationError, match="its date has not come"):
        publication.publish(entry, actor=None)
    assert publication.publish(entry, actor=None, embargo_until=day).is_embargoed


def test_case_is_told_of_in_as_many_queries_for_many_faults_as_for_one() -> None:
    dispute = sound_case()
    counts = []
    for more in (1, 40):
        for _ in range(more):
            for make_fault in FAULTS.values():
                make_fault(dispute)
        with CaptureQueriesContext(connection) as queries:
            assert len(quality.of_case(dispute.case.pk)) >= 9
            quality.counts()
        counts.append(len(queries))
    assert counts[1] <= counts[0] <= 3


def test_blocked_asks_nothing_for_no_entries() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert not quality.blocked([], on=timezone.now().date())
    assert len(queries) == 0
