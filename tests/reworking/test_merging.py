"""Two entries become one: all that hung on the second is there, nothing twice, and its address leads on."""

import threading
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from casetracker import publication
from casetracker.models import Document, Event, FormerDocument, FormerEntry, Reference, Treatment, Verb
from casetracker.reworking import ChangedMeanwhileError, ReworkError, merge
from casetracker.reworking.hanging import HANGING

pytestmark = pytest.mark.django_db

Act = Callable[[Any], object]


@pytest.fixture
def twin(dispute: make.Dispute) -> Event:
    """The order of the dispute entered once more."""
    order = dispute.order
    found: Event = make.RulingFactory(
        case=order.case, court=order.court, date=order.date, title="Order, again", published=True
    )
    return found


def merged(kept: Event, other: Event, **how: Any) -> Any:
    return merge(kept.case_id, kept.pk, other.pk, **how)


def test_every_key_to_an_entry_is_moved() -> None:
    """A new one fails here until it is said how it goes over."""
    keys = {
        (relation.related_model, relation.field.name)
        for relation in Event._meta.related_objects
        if relation.one_to_many and not hasattr(relation.related_model, "pgh_tracked_model")
    }
    hidden = {
        (model, field.name)
        for model in apps.get_app_config("casetracker").get_models()
        if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy
        for field in model._meta.concrete_fields
        if field.remote_field and field.related_model is Event
    }
    assert keys | hidden == {(kind.model, kind.key) for kind in HANGING}


def test_all_that_hung_on_the_second_hangs_on_the_first(dispute: make.Dispute, twin: Event) -> None:
    kept = dispute.order
    provision = make.ProvisionFactory(ruling=twin, text="return the pen")
    rows: list[Any] = [
        make.DocketEntryFactory(event=twin, proceeding=dispute.trial, number="77"),
        make.ResponseFactory(event=twin, responds_to=dispute.opposition),
        make.ResponseFactory(event=dispute.hearing, responds_to=twin),
        make.RulingJudgeFactory(ruling=twin),
        make.RulingCitationFactory(ruling=twin, text="1 F.4th 1"),
        provision,
        make.TreatmentFactory(act=twin, target=None, target_court=dispute.appeals_court),
        make.TreatmentFactory(act=dispute.appeal_order, target=twin, provision=provision, verb=Verb.REVERSES),
        make.StatementFactory(event=twin, speaker="Somebody else"),
        make.ReferenceFactory(event=twin),
        make.DocumentFactory(event=twin, title="The order as PDF"),
        make.CorrectionFactory(case=kept.case, event=twin),
    ]
    said_there = make.StatementFactory(event=dispute.motion, said_at=twin)
    done = merged(kept, twin)
    keys = {kind.model: [k.key for k in HANGING if k.model is kind.model] for kind in HANGING}
    for row in rows:
        row.refresh_from_db()
        assert kept.pk in {getattr(row, f"{key}_id") for key in keys[type(row)]}, row
    said_there.refresh_from_db()
    assert said_there.said_at_id == kept.pk
    assert not Event.objects.filter(pk=twin.pk).exists()
    assert "Moves over: 1 docket entries." in done.told


def test_what_both_have_stays_once_and_says_all_that_either_said(dispute: make.Dispute, twin: Event) -> None:
    kept = dispute.order
    docket = kept.docket_entries.get()
    make.DocketEntryFactory(event=twin, proceeding=docket.proceeding, number=docket.number, text="ORDER as docketed")
    reference = kept.references.get()
    make.ReferenceFactory(event=twin, source=reference.source, pinpoint=reference.pinpoint)
    make.RulingJudgeFactory(ruling=twin, judge=dispute.judge)
    part = make.ProvisionFactory(ruling=twin, text=dispute.returned.text.upper())
    act = make.RulingFactory(case=kept.case)
    make.TreatmentFactory(act=act, target=twin, provision=part, verb=Verb.AFFIRMS)
    statement = make.StatementFactory(event=kept, speaker="Jo", quote="It is mine.")
    double = make.StatementFactory(event=twin, speaker="Jo", quote="It is mine.", paraphrase=statement.paraphrase)
    behind = make.ReferenceFactory(event=None, statement=double)
    judges = kept.ruling_judges.count()
    provisions = kept.provisions.count()
    done = merged(kept, twin)
    assert kept.docket_entries.get().text == "ORDER as docketed"
    assert kept.references.get() == reference
    assert kept.ruling_judges.count() == judges
    assert kept.provisions.count() == provisions
    treatment = Treatment.objects.get(act=act)
    assert (treatment.target_id, treatment.provision) == (kept.pk, dispute.returned)
    behind.refresh_from_db()
    assert behind.statement == statement
    assert len([text for text in done.told if text.startswith("Both have it")]) == 5


def test_what_a_double_says_otherwise_is_told(dispute: make.Dispute, twin: Event) -> None:
    docket = dispute.order.docket_entries.get()
    docket.text = "ORDER one way"
    docket.save()
    make.DocketEntryFactory(event=twin, proceeding=docket.proceeding, number=docket.number, text="ORDER another way")
    done = merged(dispute.order, twin)
    assert any("ORDER another way" in text for text in done.warnings)
    docket.refresh_from_db()
    assert docket.text == "ORDER one way"


def test_texts_of_the_first_stay_gaps_are_filled_and_what_is_better_is_taken(
    dispute: make.Dispute, twin: Event
) -> None:
    kept = dispute.order
    Event.objects.filter(pk=kept.pk).update(summary="One.", holding="", vote="")
    Event.objects.filter(pk=twin.pk).update(
        summary="Two.", holding="That it holds.", note="Noted.", title="Better title"
    )
    done = merged(kept, twin, take=["title"])
    kept.refresh_from_db()
    assert (kept.title, kept.summary, kept.holding, kept.note) == ("Better title", "One.", "That it holds.", "Noted.")
    assert "Summary of the other one is not kept: Two." in done.warnings


# --- the address ----------------------------------------------------------------------------------------------------


def test_address_of_a_published_entry_leads_to_the_one_that_was_kept(dispute: make.Dispute, twin: Event) -> None:
    old = reverse("entry", args=[dispute.case.slug, twin.public_id])
    assert Client().get(old).status_code == 200
    merged(dispute.order, twin)
    response = Client().get(old)
    assert (response.status_code, response.headers["Location"]) == (301, dispute.order.get_absolute_url())
    # Under any name of its case, as every entry.
    assert Client().get(reverse("entry", args=["nothing", twin.public_id])).status_code == 301
    assert Client().get(f"{old}said/").headers["Location"].endswith(f"{dispute.order.public_id}/said/")


def test_address_of_a_chain_of_merges_leads_to_the_last(dispute: make.Dispute, twin: Event) -> None:
    third = make.RulingFactory(case=dispute.case, court=dispute.trial_court, published=True)
    merged(twin, third)
    merged(dispute.order, twin)
    for former in (twin, third):
        response = Client().get(reverse("entry", args=[dispute.case.slug, former.public_id]))
        assert response.headers["Location"] == dispute.order.get_absolute_url()


def test_address_answers_as_what_it_leads_to_does(dispute: make.Dispute, twin: Event) -> None:
    old = reverse("entry", args=[dispute.case.slug, twin.public_id])
    merged(dispute.order, twin)
    kept = Event.objects.get(pk=dispute.order.pk)
    publication.withdraw(kept, actor=None)
    assert Client().get(old).status_code == 410
    publication.publish(kept, actor=None)
    publication.withhold(dispute.case, actor=None, reason="Order of the court.")
    assert Client().get(old).status_code == 410


@pytest.mark.parametrize("state", ["draft", "in_review", "embargoed"])
def test_address_that_nobody_had_answers_nothing(dispute: make.Dispute, state: str) -> None:
    twin = make.RulingFactory(case=dispute.case, court=dispute.trial_court)
    make.STATES[state](twin)
    merged(dispute.order, twin)
    assert FormerEntry.objects.get(public_id=twin.public_id).was_public is False
    assert Client().get(reverse("entry", args=[dispute.case.slug, twin.public_id])).status_code == 404


def test_address_of_an_entry_whose_case_was_never_public_answers_nothing() -> None:
    case = make.CaseFactory()
    kept, twin = make.EventFactory.create_batch(2, case=case, published=True)
    merged(kept, twin)
    publication.publish(case, actor=None)
    assert Client().get(reverse("entry", args=[case.slug, twin.public_id])).status_code == 404


# --- what is refused ------------------------------------------------------------------------------------------------


def refused(kept: Event, other: Event, **how: Any) -> str:
    with pytest.raises(ReworkError) as refusal:
        merged(kept, other, **how)
    assert Event.objects.filter(pk__in=[kept.pk, other.pk]).count() == 2
    assert not FormerEntry.objects.exists()
    return " ".join(refusal.value.reasons)


@pytest.mark.parametrize("which", ["kept", "other"])
def test_what_is_withheld_is_merged_with_nothing(dispute: make.Dispute, twin: Event, which: str) -> None:
    publication.withhold(twin, actor=None, reason="Order of the court.")
    pair = (twin, dispute.order) if which == "kept" else (dispute.order, twin)
    assert "withheld" in refused(*pair)


def test_what_readers_see_stays(dispute: make.Dispute) -> None:
    draft = make.RulingFactory(case=dispute.case, court=dispute.trial_court)
    assert "Readers see the other one" in refused(draft, dispute.order)
    withdrawn = make.RulingFactory(case=dispute.case, court=dispute.trial_court)
    make.STATES["withdrawn"](withdrawn)
    assert "Readers have seen the other one" in refused(draft, withdrawn)


def test_withdrawn_double_goes_into_the_one_that_is_seen(dispute: make.Dispute, twin: Event) -> None:
    publication.withdraw(twin, actor=None)
    merged(dispute.order, twin)
    assert Client().get(reverse("entry", args=[dispute.case.slug, twin.public_id])).status_code == 301


def test_entries_that_have_to_do_with_one_another_are_two(dispute: make.Dispute, twin: Event) -> None:
    answer = make.ResponseFactory(event=twin, responds_to=dispute.order)
    assert "answers the other" in refused(dispute.order, twin)
    answer.delete()
    make.TreatmentFactory(act=twin, target=dispute.order)
    assert "did something to the other" in refused(dispute.order, twin)
    assert "did something to the other" in refused(twin, dispute.order)


def test_entries_of_two_courts_or_kinds_are_refused(dispute: make.Dispute) -> None:
    assert "docket of another court" in refused(dispute.order, dispute.appeal_order)
    assert "Keep the ruling" in refused(dispute.motion, dispute.order)


def test_entry_of_another_case_or_none_is_refused(dispute: make.Dispute) -> None:
    with pytest.raises(ChangedMeanwhileError):
        merge(dispute.case.pk, dispute.order.pk, make.EventFactory().pk)
    with pytest.raises(ReworkError):
        merge(dispute.case.pk, dispute.order.pk, dispute.order.pk)


def test_editor_without_the_right_to_publish_changes_nothing_that_readers_see(
    dispute: make.Dispute, twin: Event
) -> None:
    assert "no right to publish" in refused(dispute.order, twin, may_publish=False)


def test_what_becomes_public_with_it_is_told(dispute: make.Dispute) -> None:
    draft = make.RulingFactory(case=dispute.case, court=dispute.trial_court)
    make.StatementFactory(event=draft)
    done = merged(dispute.order, draft, trial=True)
    assert any("becomes public" in text for text in done.warnings)


# --- trial, history, two at once ------------------------------------------------------------------------------------


def test_trial_tells_what_would_be_done_and_does_nothing(dispute: make.Dispute, twin: Event) -> None:
    make.ReferenceFactory(event=twin)
    tried = merged(dispute.order, twin, trial=True)
    assert Event.objects.filter(pk=twin.pk).exists()
    assert Reference.objects.filter(event=twin).count() == 1
    assert not FormerEntry.objects.exists()
    assert merged(dispute.order, twin).told == tried.told


def test_entry_that_changed_after_it_was_seen_is_left_alone(dispute: make.Dispute, twin: Event) -> None:
    seen = {row.pk: Event.objects.get(pk=row.pk).version for row in (dispute.order, twin)}
    Event.objects.filter(pk=twin.pk).update(title="Changed meanwhile")
    with pytest.raises(ChangedMeanwhileError):
        merged(dispute.order, twin, seen=seen)
    assert Event.objects.filter(pk=twin.pk).exists()


def test_history_names_the_act(dispute: make.Dispute, twin: Event) -> None:
    merged(dispute.order, twin)
    revision = apps.get_model("casetracker", "EventRevision").objects.filter(pgh_obj_id=twin.pk).latest("pgh_id")
    assert (revision.pgh_label, revision.title) == ("delete", "Order, again")
    assert revision.pgh_context.metadata["act"] == "merge"


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_the_same_two_entries_at_once_leave_one() -> None:
    case = make.CaseFactory(published=True)
    one, two = make.EventFactory.create_batch(2, case=case, published=True)
    start, refusals = threading.Barrier(2), []

    def run(kept: Event, other: Event) -> None:
        try:
            start.wait()
            merged(kept, other)
        except ReworkError as error:
            refusals.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(refusals) == 1
    assert Event.objects.count() == FormerEntry.objects.count() == 1


# --- kept by the database --------------------------------------------------------------------------------------------


def checked_at_once(write: Act) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        write(None)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refuses(write: Act) -> str:
    with pytest.raises(IntegrityError) as refusal:
        checked_at_once(write)
    return str(refusal.value)


def test_address_that_readers_had_cannot_be_deleted_nor_turned(dispute: make.Dispute, twin: Event) -> None:
    merged(dispute.order, twin)
    assert "leads on for ever" in refuses(lambda _: FormerEntry.objects.all().delete())
    for change in ({"was_public": False}, {"public_id": "2222222222"}):
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            FormerEntry.objects.update(**change)


def test_entry_gets_no_address_that_leads_elsewhere(dispute: make.Dispute, twin: Event) -> None:
    merged(dispute.order, twin)
    assert "merged into another" in refuses(lambda _: make.EventFactory(public_id=twin.public_id))
    assert "is the address of an entry" in refuses(
        lambda _: FormerEntry.objects.create(public_id=dispute.motion.public_id, event=dispute.order)
    )


def test_published_entry_is_still_not_deleted_without_its_address(dispute: make.Dispute) -> None:
    entry = make.EventFactory(case=dispute.case, published=True)
    assert "withdrawn, not deleted" in refuses(lambda _: entry.delete())


@pytest.mark.parametrize("which", [0, 1])
def test_documents_with_the_same_file_become_one_that_is_sealed_if_either_is(
    dispute: make.Dispute, twin: Event, which: int
) -> None:
    file, other = make.StoredFileFactory(), make.StoredFileFactory()
    for number, entry in enumerate((dispute.order, twin)):
        make.DocumentFactory(event=entry, title="Order", address="", file=file, sealed=number == which)
    moved = make.DocumentFactory(event=twin, title="Order", address="", file=other)
    moved.refresh_from_db()
    merged(dispute.order, twin)
    documents = Document.objects.filter(event=dispute.order)
    assert set(documents.values_list("file", "sealed")) == {(file.pk, True), (other.pk, False)}
    assert documents.get(file=other).uuid == moved.uuid


def test_address_of_a_document_that_both_had_leads_to_the_one_that_stayed(dispute: make.Dispute) -> None:
    file = make.StoredFileFactory()
    twin = make.RulingFactory(case=dispute.case, court=dispute.order.court, published=True)
    stays, goes = (
        make.DocumentFactory(event=entry, title="Order", address="", file=file) for entry in (dispute.order, twin)
    )
    for document in (stays, goes):
        document.refresh_from_db()
    merge(dispute.case.pk, dispute.order.pk, twin.pk)
    response = Client().get(f"/documents/{goes.uuid}/")
    assert (response.status_code, response.headers["Location"]) == (301, f"/documents/{stays.uuid}/")
    assert Client().get(f"/documents/{stays.uuid}/").status_code == 200
    # Once more, into a third: each address leads to the last at once.
    third = make.RulingFactory(case=dispute.case, court=dispute.order.court, published=True)
    last = make.DocumentFactory(event=third, title="Order", address="", file=file)
    last.refresh_from_db()
    merge(dispute.case.pk, third.pk, dispute.order.pk)
    for address in (goes.uuid, stays.uuid):
        assert Client().get(f"/documents/{address}/").headers["Location"] == f"/documents/{last.uuid}/"
    publication.withdraw(Event.objects.get(pk=third.pk), actor=None)
    assert Client().get(f"/documents/{goes.uuid}/").status_code == 410
    Document.objects.filter(pk=last.pk).update(sealed=True)
    assert Client().get(f"/documents/{goes.uuid}/").status_code == 404


@pytest.mark.parametrize("why", ["a draft", "sealed"])
def test_address_of_a_document_that_readers_never_had_answers_nothing(dispute: make.Dispute, why: str) -> None:
    file = make.StoredFileFactory()
    twin = make.RulingFactory(case=dispute.case, court=dispute.order.court, published=why != "a draft")
    stays = make.DocumentFactory(event=dispute.order, title="Order", address="", file=file)
    goes = make.DocumentFactory(event=twin, title="Order", address="", file=file, sealed=why == "sealed")
    goes.refresh_from_db()
    merge(dispute.case.pk, dispute.order.pk, twin.pk)
    Document.objects.filter(pk=stays.pk).update(sealed=False)
    assert FormerDocument.objects.get().document_id == stays.pk
    assert Client().get(f"/documents/{goes.uuid}/").status_code == 404
