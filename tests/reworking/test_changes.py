"""Splitting, moving to another proceeding, and one change to many."""

import factories as make
import pytest
from django.core.exceptions import ValidationError

from casetracker.dates import UncertainDate
from casetracker.models import DocketEntry, Event, State
from casetracker.reworking import ChangedMeanwhileError, ReworkError, Together, change_together, place, split

pytestmark = pytest.mark.django_db

DAY = UncertainDate.on(2025, 4, 9)


# --- split ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def second(dispute: make.Dispute) -> DocketEntry:
    """A second docket on which the order stands."""
    other = make.ProceedingFactory(case=dispute.case, court=dispute.trial_court)
    row: DocketEntry = make.DocketEntryFactory(event=dispute.order, proceeding=other, number="3")
    return row


def test_entry_on_two_dockets_becomes_two_of_which_the_new_one_is_a_draft(
    dispute: make.Dispute, second: DocketEntry
) -> None:
    old = dispute.order
    provisions = old.provisions.count()
    done = split(dispute.case.pk, old.pk, dockets=[second.pk], title="Order in the other action", date=DAY)
    new = Event.objects.get(pk=done.entry.pk)
    assert (new.title, new.date, new.state, new.court, new.form) == (
        "Order in the other action", DAY, State.DRAFT, old.court, old.form,
    )  # fmt: skip
    assert new.public_id != old.public_id
    assert [row.pk for row in new.docket_entries.all()] == [second.pk]
    assert [row.proceeding for row in old.docket_entries.all()] == [dispute.trial]
    assert [row.source for row in new.references.all()] == [row.source for row in old.references.all()]
    assert [row.judge for row in new.ruling_judges.all()] == [row.judge for row in old.ruling_judges.all()]
    assert (new.provisions.count(), old.provisions.count()) == (0, provisions)
    assert Event.objects.get(pk=old.pk).is_published_now


def test_something_goes_and_something_stays(dispute: make.Dispute, second: DocketEntry) -> None:
    everything = list(dispute.order.docket_entries.values_list("pk", flat=True))
    for dockets in ([], everything, [10**9]):
        with pytest.raises(ReworkError):
            split(dispute.case.pk, dispute.order.pk, dockets=dockets, title="X", date=DAY)
    assert Event.objects.filter(case=dispute.case).count() == 6


def test_title_that_no_entry_can_have_is_refused_and_nothing_is_split(
    dispute: make.Dispute, second: DocketEntry
) -> None:
    with pytest.raises(ValidationError):
        split(dispute.case.pk, dispute.order.pk, dockets=[second.pk], title="", date=DAY)
    assert Event.objects.filter(case=dispute.case).count() == 6


# --- move -------------------------------------------------------------------------------------------------------------


def test_entry_goes_to_another_docket_and_its_court_follows(dispute: make.Dispute) -> None:
    done = place(dispute.case.pk, [dispute.motion.pk, dispute.order.pk], proceeding=dispute.appeal.pk)
    for entry in (dispute.motion, dispute.order):
        entry.refresh_from_db()
        assert entry.court == dispute.appeals_court
        assert entry.docket_entries.get().proceeding == dispute.appeal
    assert any("keeps its judges" in text for text in done.warnings)
    assert [(change.name, change.after) for change in done.changes][1] == ("Court", "4th Cir.")


def test_entry_on_no_docket_is_put_on_it(dispute: make.Dispute) -> None:
    place(dispute.case.pk, [dispute.agreement.pk], proceeding=dispute.trial.pk)
    dispute.agreement.refresh_from_db()
    assert dispute.agreement.court == dispute.trial_court
    assert dispute.agreement.docket_entries.get().proceeding == dispute.trial


def test_hour_keeps_its_meaning_in_a_court_of_another_zone(dispute: make.Dispute) -> None:
    type(dispute.appeals_court).objects.filter(pk=dispute.appeals_court.pk).update(time_zone="America/Chicago")
    Event.objects.filter(pk=dispute.motion.pk).update(time="09:00")
    place(dispute.case.pk, [dispute.motion.pk], proceeding=dispute.appeal.pk)
    dispute.motion.refresh_from_db()
    assert dispute.motion.time_zone == "America/New_York"


def test_number_that_is_taken_on_the_other_docket_is_told(dispute: make.Dispute) -> None:
    number = dispute.motion.docket_entries.get().number
    make.DocketEntryFactory(event=dispute.appeal_order, proceeding=dispute.appeal, number=number)
    done = place(dispute.case.pk, [dispute.motion.pk], proceeding=dispute.appeal.pk, trial=True)
    assert any(f"number {number} stands on that docket already" in text for text in done.warnings)


def test_either_all_entries_move_or_none(dispute: make.Dispute) -> None:
    other = make.ProceedingFactory(case=dispute.case, court=dispute.trial_court)
    make.DocketEntryFactory(event=dispute.order, proceeding=other)
    with pytest.raises(ReworkError, match="stands on several dockets"):
        place(dispute.case.pk, [dispute.motion.pk, dispute.order.pk], proceeding=dispute.appeal.pk)
    dispute.motion.refresh_from_db()
    assert dispute.motion.court == dispute.trial_court


def test_proceeding_of_another_case_is_refused(dispute: make.Dispute) -> None:
    with pytest.raises(ReworkError, match="not one of this case"):
        place(dispute.case.pk, [dispute.motion.pk], proceeding=make.ProceedingFactory().pk)


# --- together ---------------------------------------------------------------------------------------------------------


def test_words_in_titles_are_replaced_where_they_stand(dispute: make.Dispute) -> None:
    keys = [dispute.motion.pk, dispute.opposition.pk, dispute.hearing.pk]
    before = {entry.pk: entry.title for entry in (dispute.motion, dispute.opposition, dispute.hearing)}
    done = change_together(dispute.case.pk, keys, Together(find="Motion", replace_with="Application"))
    for entry in Event.objects.filter(pk__in=keys):
        assert entry.title == before[entry.pk].replace("Motion", "Application")
    assert [change.before for change in done.changes] == [title for title in before.values() if "Motion" in title]


def test_kind_changes_with_the_form_and_back(dispute: make.Dispute) -> None:
    keys = [dispute.motion.pk, dispute.opposition.pk]
    change_together(dispute.case.pk, keys, Together(kind="ruling", form="order"))
    assert set(Event.objects.filter(pk__in=keys).values_list("kind", "form")) == {("ruling", "order")}
    change_together(dispute.case.pk, keys, Together(kind="hearing"))
    assert set(Event.objects.filter(pk__in=keys).values_list("kind", "form")) == {("hearing", "")}


def test_one_that_cannot_be_so_leaves_all_as_they_are(dispute: make.Dispute) -> None:
    bare = make.RulingFactory(case=dispute.case, court=dispute.trial_court, outcome="")
    decided = make.RulingFactory(case=dispute.case, court=dispute.trial_court, outcome="granted")
    with pytest.raises(ReworkError, match="belong to rulings only") as refusal:
        change_together(dispute.case.pk, [bare.pk, decided.pk], Together(kind="filing"))
    assert len(refusal.value.reasons) == 1
    bare.refresh_from_db()
    assert bare.kind == "ruling"


def test_source_is_put_behind_entries_or_in_the_place_of_another(dispute: make.Dispute) -> None:
    keys = [dispute.motion.pk, dispute.opposition.pk]
    new = make.SourceFactory()
    change_together(dispute.case.pk, keys, Together(source=new, pinpoint="p. 1"))
    for entry in (dispute.motion, dispute.opposition):
        assert [(row.source, row.pinpoint) for row in entry.references.all()][1:] == [(new, "p. 1")]
    newest = make.SourceFactory()
    change_together(dispute.case.pk, keys, Together(source=newest, instead_of=dispute.source))
    sources = [row.source for row in dispute.motion.references.all()]
    assert sources == [newest, new]
    # In place of one where it stands already: it stays once.
    change_together(dispute.case.pk, keys, Together(source=new, instead_of=newest, pinpoint="p. 1"))
    assert [(row.source, row.pinpoint) for row in dispute.motion.references.all()] == [(new, "p. 1")]


def test_nothing_to_change_is_said(dispute: make.Dispute) -> None:
    with pytest.raises(ReworkError, match="Nothing would change"):
        change_together(dispute.case.pk, [dispute.motion.pk], Together(find="no such words", replace_with="x"))
    with pytest.raises(ReworkError, match="No entry is chosen"):
        change_together(dispute.case.pk, [], Together(find="a"))


def test_trial_changes_nothing_and_what_changed_meanwhile_is_refused(dispute: make.Dispute) -> None:
    motion = Event.objects.get(pk=dispute.motion.pk)
    wanted = Together(find="Motion", replace_with="Application")
    change_together(dispute.case.pk, [motion.pk], wanted, trial=True)
    assert Event.objects.get(pk=motion.pk).title == motion.title
    Event.objects.filter(pk=motion.pk).update(note="Meanwhile.")
    with pytest.raises(ChangedMeanwhileError):
        change_together(dispute.case.pk, [motion.pk], wanted, seen={motion.pk: motion.version})
