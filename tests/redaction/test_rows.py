"""A case or an entry that is redacted goes with all that hangs on it, and leaves everything else as it was."""

from typing import Any

import factories as make
import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone
from dump import places_with

from casetracker import presence, publication, redaction
from casetracker.models import (
    Case,
    Event,
    FormerAttorney,
    FormerEntry,
    FormerParty,
    ImportedDocket,
    ImportedEntry,
    NotTheSame,
    OpenForm,
    Party,
    Proceeding,
    Redaction,
    Ruling,
    Source,
    Statement,
    Treatment,
)
from casetracker.reworking import JOINABLE, join
from casetracker.roles import CHIEF_EDITOR, EDITOR

pytestmark = pytest.mark.django_db

WORD = "Zorpquist"


def redact(row: Any, *, actor: Any = None) -> Redaction:
    return redaction.redact_row(row, actor=actor, nature="sealed", authority="Order of 3 March")


def withheld(row: Any) -> Any:
    return publication.withhold(row, actor=None, reason="sealed")


def full_entry(**fields: Any) -> Event:
    """A ruling with a row of each kind that can hang on it, every one of which says the word."""
    ruling = make.RulingFactory(title=f"Order on {WORD}", published=True, **fields)
    make.StatementFactory(event=ruling, quote=f"{WORD} won")
    make.DocumentFactory(event=ruling, title=f"Order, {WORD}")
    make.CorrectionFactory(case=ruling.case, event=ruling, text=f"{WORD} was misspelt")
    make.RulingJudgeFactory(ruling=ruling)
    make.RulingCitationFactory(ruling=ruling, text=f"{WORD}, 1 F.4th 2")
    provision = make.ProvisionFactory(ruling=ruling, text=f"{WORD} is returned")
    other = make.RulingFactory(case=ruling.case, title="Another order")
    make.TreatmentFactory(act=other, target=ruling, provision=provision, note=f"as to {WORD}")
    make.TreatmentFactory(act=ruling, target=other, note=f"of {WORD}")
    make.ReferenceFactory(event=ruling, source=make.SourceFactory(title=f"Docket of {WORD}"))
    make.ResponseFactory(event=other, responds_to=ruling)
    return ruling


def test_entry_goes_with_all_that_hangs_on_it_and_its_history() -> None:
    ruling = full_entry()
    Event.objects.filter(pk=ruling.pk).update(summary=f"More of {WORD}")
    case = ruling.case
    record = redact(withheld(ruling))
    assert places_with(WORD) == []
    assert places_with(ruling.public_id) == []
    assert set(case.events.values_list("title", flat=True)) == {"Another order"}
    assert (record.subject, record.nature) == ("entry", "sealed")
    assert record.rows["casetracker_event"] == 1
    assert record.rows["casetracker_treatment"] == 2
    assert record.rows["casetracker_source"] == 1
    assert record.rows["casetracker_eventrevision"] == 5


def test_what_other_entries_share_with_it_stays() -> None:
    ruling = full_entry()
    source = make.SourceFactory(title="The docket")
    other = make.EventFactory(case=ruling.case, title="Kept")
    make.ReferenceFactory(event=ruling, source=source)
    make.ReferenceFactory(event=other, source=source)
    lonely = make.SourceFactory(title="Named by nobody")
    statement = make.StatementFactory(event=other, said_at=ruling)
    until = make.TreatmentFactory(
        act=make.RulingFactory(case=ruling.case), target=make.RulingFactory(case=ruling.case), until_event=ruling
    )
    redact(withheld(ruling))
    assert Source.objects.filter(pk__in=[source.pk, lonely.pk]).count() == 2
    assert Statement.objects.get(pk=statement.pk).said_at is None
    assert Treatment.objects.get(pk=until.pk).until_event is None
    assert Event.objects.get(pk=other.pk).references.count() == 1


def test_case_goes_with_proceedings_entries_parties_and_old_addresses() -> None:
    party = make.PartyFactory(name=f"Ann {WORD}", slug="ann-zorpquist")
    shared = make.PartyFactory(name="United States", slug="united-states")
    case = make.CaseFactory(name=f"{WORD} v. Noem", slug="zorpquist-v-noem", published=True)
    case.slug = "zorpquist-v-smith"
    case.save()
    proceeding = make.ProceedingFactory(case=case, caption=f"{WORD} v. Noem")
    make.DocketNumberFactory(proceeding=proceeding, number="8:25-cv-99999")
    elsewhere = make.ProceedingFactory()
    for each, one in ((party, proceeding), (shared, proceeding), (shared, elsewhere)):
        make.PartyRoleFactory(party=each, proceeding=one)
    make.RepresentationFactory(
        proceeding=proceeding, party=party, attorney=make.AttorneyFactory(name=f"Lawyer of {WORD}")
    )
    make.TransferFactory(origin=elsewhere, destination=proceeding, note=f"of {WORD}")
    docket = ImportedDocket.objects.create(proceeding=proceeding, format="json")
    ImportedEntry.objects.create(docket=docket, entry_key=1, digest="0123456789abcdef")
    full_entry(case=case)
    other = make.CaseFactory()
    case.related.add(other)
    case.topics.add(make.TopicFactory(name="Immigration", slug="immigration"))
    record = redact(withheld(case))
    assert places_with(WORD) == places_with("99999") == []
    assert Party.objects.filter(pk=shared.pk).exists()
    assert set(Case.objects.all()) == {elsewhere.case, other}
    assert Proceeding.objects.filter(pk=elsewhere.pk).exists()
    assert record.subject == "case"
    assert not ImportedEntry.objects.exists()
    assert record.rows["casetracker_event"] == 2
    for path in ("/cases/zorpquist-v-noem/", "/cases/zorpquist-v-smith/"):
        assert Client().get(path).status_code == 404


def test_report_of_an_import_into_the_case_outlives_it_without_a_word_of_it() -> None:
    case = make.CaseFactory(name=f"{WORD} v. Noem", published=True)
    told = {"case_key": case.pk, "case": case.name, "docket": "1", "files": ["a.csv"], "new": 2, "unsure": [WORD]}
    landed = make.ImportFactory(case=case, state="landed", data=None, finished_at=timezone.now(), landed=[told])
    waiting = make.ImportFactory(case=case)
    redact(withheld(case))
    assert places_with(WORD) == []
    landed.refresh_from_db()
    waiting.refresh_from_db()
    assert (landed.case, landed.new) == (None, 2)
    assert (waiting.case, waiting.data, waiting.state) == (None, None, "forgotten")


def test_what_was_deleted_or_merged_before_is_purged_from_the_history_too() -> None:
    entry = make.EventFactory(title="Kept so far", published=True)
    make.StatementFactory(event=entry, paraphrase=f"said that {WORD} left").delete()
    twin = make.EventFactory(case=entry.case, court=entry.court, title=f"Motion of {WORD}")
    twin.delete()
    FormerEntry.objects.create(public_id=twin.public_id, event=entry, was_public=True)
    assert "casetracker_statementrevision.paraphrase" in places_with(WORD)
    redact(withheld(entry))
    assert places_with(WORD) == places_with(twin.public_id) == []


def test_log_loses_the_names_of_what_went_and_open_forms_are_forgotten() -> None:
    chief = make.in_role(CHIEF_EDITOR)
    ruling = full_entry()
    presence.enter(ruling, chief)
    for model in (Event, Ruling):
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        LogEntry.objects.create(
            user=chief, content_type=kind, object_id=str(ruling.pk), object_repr=str(ruling), action_flag=CHANGE,
            change_message=f'[{{"changed": {{"object": "{WORD}"}}}}]',
        )  # fmt: skip
    redact(withheld(ruling), actor=chief)
    assert places_with(WORD) == []
    assert set(LogEntry.objects.values_list("object_repr", "user")) == {("[redacted]", chief.pk)}
    assert not OpenForm.objects.exists()


def test_only_what_is_withheld_is_removed() -> None:
    entry = make.EventFactory(published=True)
    with pytest.raises(redaction.RedactionError, match="Withhold it first"):
        redact(entry)
    assert Event.objects.filter(pk=entry.pk).exists()
    assert not Redaction.objects.exists()
    withheld(entry)
    redact(entry)
    with pytest.raises(redaction.RedactionError, match="gone already"):
        redact(entry)


def test_only_who_may_redact_removes() -> None:
    entry = withheld(make.EventFactory())
    with pytest.raises(PermissionDenied):
        redact(entry, actor=make.in_role(EDITOR))
    assert Event.objects.filter(pk=entry.pk).exists()


def test_extent_tells_beforehand_what_goes() -> None:
    ruling = full_entry()
    counts = redaction.extent(ruling).counts
    assert counts["statement"] == counts["document"] == counts["correction"] == 1
    assert counts["treatments"] == 2
    assert "Another order" in list(ruling.case.events.values_list("title", flat=True))


def test_what_keeps_published_matter_keeps_it_again_afterwards() -> None:
    redact(withheld(make.EventFactory(published=True)))
    entry = make.EventFactory(published=True)
    with pytest.raises(Exception, match="withdrawn, not deleted"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM casetracker_event WHERE id = %s", [entry.pk])


def merged(kept: Any, other: Any) -> None:
    join(JOINABLE[type(kept)._meta.model_name], kept.pk, other.pk)
    with connection.cursor() as cursor:
        # As at the beginning of a transaction.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_what_was_merged_into_the_case_and_its_parties_goes_with_them() -> None:
    case = make.CaseFactory(name="Kept so far", slug="kept", published=True)
    double = make.CaseFactory(name=f"{WORD} v. Noem", slug="zorpquist-v-noem", published=True)
    make.EventFactory(case=double, title=f"Motion of {WORD}").delete()
    party, twin = (
        make.PartyFactory(name="A. Z.", slug="a-z"),
        make.PartyFactory(name=f"Ann {WORD}", slug="ann-zorpquist"),
    )
    for owner, each in ((case, party), (double, twin)):
        make.PartyRoleFactory(proceeding=make.ProceedingFactory(case=owner), party=each)
    make.NotTheSameFactory(party=party, other_party=make.PartyFactory(), note=f"Not the {WORD}")
    merged(party, twin)
    merged(case, double)
    assert {"casetracker_partyrevision.name", "casetracker_caserevision.name", "casetracker_formerparty.slug"} <= set(
        places_with(WORD)
    )
    redact(withheld(Case.objects.get()))
    assert places_with(WORD) == []
    assert not FormerParty.objects.exists()
    assert not NotTheSame.objects.exists()
    for path in ("/cases/zorpquist-v-noem/", "/cases/kept/", "/parties/ann-zorpquist/", "/parties/a-z/"):
        assert Client().get(path).status_code == 404


def test_what_was_merged_into_an_attorney_of_the_case_alone_goes_too() -> None:
    case = make.CaseFactory(published=True)
    proceeding = make.ProceedingFactory(case=case)
    kept, other = make.AttorneyFactory(name="A. Z."), make.AttorneyFactory(name=f"Ann {WORD}", firm="Bell LLP")
    # Of the same name in another firm, and gone for another reason.
    make.AttorneyFactory(name=f"Ann {WORD}", firm="Another LLP").delete()
    for attorney in (kept, other):
        make.RepresentationFactory(proceeding=proceeding, attorney=attorney)
    merged(kept, other)
    assert {"casetracker_formerattorney.name", "casetracker_attorneyrevision.name"} <= set(places_with(WORD))
    redact(withheld(case))
    assert places_with(WORD) == ["casetracker_attorneyrevision.name"]
    assert not FormerAttorney.objects.exists()


def test_party_that_others_name_keeps_its_former_address() -> None:
    case, elsewhere = make.CaseFactory(published=True), make.CaseFactory(published=True)
    party, twin = make.PartyFactory(slug="kept"), make.PartyFactory(slug="double")
    for owner, each in ((case, twin), (elsewhere, party)):
        make.PartyRoleFactory(proceeding=make.ProceedingFactory(case=owner), party=each)
    merged(party, twin)
    redact(withheld(case))
    assert Client().get("/parties/double/").headers["Location"] == "/parties/kept/"
