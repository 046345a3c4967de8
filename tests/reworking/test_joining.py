"""Two of a kind become one: all that hung on either is there, and the old address leads on."""

import datetime
import threading
import time
from collections.abc import Callable
from typing import Any

import factories as make
import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from threads import PATIENCE, run_together

from casetracker import publication, roles
from casetracker.importers.dockets.judges import merged_judges
from casetracker.models import (
    Attorney,
    Case,
    Court,
    CourtAppeal,
    Event,
    FormerAttorney,
    FormerCourt,
    FormerParty,
    FormerSlug,
    Import,
    Judge,
    NotTheSame,
    Party,
    PartyRole,
    Proceeding,
    ProceedingJudge,
    Representation,
    Role,
    RulingJudge,
    merged_attorneys,
)
from casetracker.reworking import JOINABLE, BusyError, ChangedMeanwhileError, ReworkError, join, joining, version

pytestmark = pytest.mark.django_db

MAKERS: dict[str, Any] = {
    "party": make.PartyFactory, "attorney": make.AttorneyFactory, "judge": make.JudgeFactory,
    "court": make.CourtFactory, "case": make.CaseFactory,
}  # fmt: skip
# What hangs on people.
PARTS: dict[str, Any] = {
    "party": make.PartyRoleFactory, "attorney": make.RepresentationFactory, "judge": make.RulingJudgeFactory,
}  # fmt: skip
each_kind = pytest.mark.parametrize("slug", list(JOINABLE))
each_kind_with_an_address = pytest.mark.parametrize(
    "slug", [slug for slug, kind in JOINABLE.items() if kind.has_address]
)


def joined(kept: Any, other: Any, **how: Any) -> Any:
    slug = type(kept)._meta.model_name
    return join(JOINABLE[slug], kept.pk, other.pk, **how)


def two(slug: str) -> tuple[Any, Any]:
    first, second = MAKERS[slug].create_batch(2)
    return first, second


def refused(kept: Any, other: Any, **how: Any) -> str:
    with pytest.raises(ReworkError) as refusal:
        joined(kept, other, **how)
    assert type(kept).objects.filter(pk__in=[kept.pk, other.pk]).count() == 2
    return " ".join(refusal.value.reasons)


# --- what hangs on them -----------------------------------------------------------------------------------------------


@each_kind
def test_every_key_to_the_row_is_moved_or_goes_with_it(slug: str) -> None:
    """A new one fails here until it is said what becomes of it."""
    kind = JOINABLE[slug]
    keys = {
        (model._meta.db_table, field.name)
        for model in apps.get_app_config("casetracker").get_models(include_auto_created=True)
        # The place of a case in the lists is the doing of triggers: it goes with the case, and each has its own.
        if not hasattr(model, "pgh_tracked_model") and model.__name__ != "CasePlace"
        for field in model._meta.concrete_fields
        if field.remote_field and field.related_model is kind.model
    }
    # Where a case stands in the lists is the database's own doing, and goes with it.
    keys.discard(("casetracker_caseplace", "case"))
    assert keys == {(each.model._meta.db_table, each.key) for each in (*kind.hanging, *kind.going)}


def test_all_that_hung_on_a_party_hangs_on_the_one_that_stays() -> None:
    kept, other = two("party")
    role = make.PartyRoleFactory(party=other)
    counsel = make.RepresentationFactory(party=other)
    told = joined(kept, other).told
    for row in (role, counsel):
        row.refresh_from_db()
        assert row.party == kept
    assert "Moves over: 1 roles in proceedings." in told
    assert not Party.objects.filter(pk=other.pk).exists()


def test_role_that_both_have_stays_once_and_says_what_either_said() -> None:
    kept, other = two("party")
    role = make.PartyRoleFactory(party=kept, role=Role.DEFENDANT, as_written="", note="One.")
    make.PartyRoleFactory(
        proceeding=role.proceeding, party=other, role=Role.DEFENDANT, as_written="Defendant", note="Two."
    )
    make.PartyRoleFactory(proceeding=role.proceeding, party=other, role=Role.PLAINTIFF)
    done = joined(kept, other)
    roles_now = {each.role: each for each in PartyRole.objects.filter(party=kept)}
    assert set(roles_now) == {Role.DEFENDANT, Role.PLAINTIFF}
    assert (roles_now[Role.DEFENDANT].as_written, roles_now[Role.DEFENDANT].note) == ("Defendant", "One.")
    told = " ".join(done.warnings)
    assert "in the same role, which stays once" in told
    assert "do they stand against each other?" in told
    assert "Two." in told


def test_all_that_hung_on_a_court_hangs_on_the_one_that_stays(dispute: make.Dispute) -> None:
    old, kept = dispute.trial_court, make.CourtFactory(id="kept")
    above, below = make.CourtFactory(), make.CourtFactory()
    old.appeals_to.set([above])
    below.appeals_to.set([old])
    transfers = [
        make.TransferFactory(origin=None, origin_court=old, origin_number="1", destination=dispute.appeal),
        make.TransferFactory(destination=None, destination_court=old, destination_number="1", origin=dispute.appeal),
    ]
    treatment = make.TreatmentFactory(act=dispute.appeal_order, target=None, target_court=old, target_number="7")
    entries = Event.objects.filter(court=old).count()
    joined(kept, old)
    assert Event.objects.filter(court=kept).count() == entries > 0
    assert Proceeding.objects.get(pk=dispute.trial.pk).court == kept
    assert set(kept.appeals_to.all()) == {above}
    assert set(kept.hears_appeals_from.all()) == {below}
    for row in transfers:
        row.refresh_from_db()
    treatment.refresh_from_db()
    assert (transfers[0].origin_court, transfers[1].destination_court) == (kept, kept)
    assert treatment.target_court == kept
    assert list(Event.objects.filter(court=kept, docket_entries__isnull=False))


def test_hour_told_in_the_zone_of_a_court_that_goes_stays_that_hour() -> None:
    kept = make.CourtFactory(time_zone="America/New_York")
    other = make.CourtFactory(time_zone="America/Chicago")
    hour = datetime.time(9, 30)
    moved = make.EventFactory(court=other, time=hour)
    own_zone = make.EventFactory(court=other, time=hour, time_zone="America/Denver")
    no_hour = make.EventFactory(court=other)
    there = make.EventFactory(court=kept, time=hour)
    done = joined(kept, other)
    assert {str(Event.objects.get(pk=row.pk).zone) for row in (moved,)} == {"America/Chicago"}
    assert Event.objects.get(pk=own_zone.pk).time_zone == "America/Denver"
    assert Event.objects.get(pk=no_hour.pk).time_zone == Event.objects.get(pk=there.pk).time_zone == ""
    assert "Hours that keep the time zone America/Chicago: 1." in done.told


def test_hour_of_the_court_that_stays_is_kept_when_it_takes_the_zone_of_the_other() -> None:
    kept = make.CourtFactory(time_zone="America/New_York")
    other = make.CourtFactory(time_zone="America/Chicago")
    before = make.EventFactory(court=kept, time=datetime.time(9, 30))
    joined(kept, other, take=["time_zone"])
    there = Event.objects.get(pk=before.pk)
    assert there.court is not None
    assert (there.court.time_zone, str(there.zone)) == ("America/Chicago", "America/New_York")


def test_all_that_hung_on_a_case_hangs_on_the_one_that_stays(dispute: make.Dispute) -> None:
    old, kept = dispute.case, make.CaseFactory(published=True)
    shared, own, related = make.TopicFactory(), make.TopicFactory(), make.CaseFactory()
    old.topics.set([shared, own])
    kept.topics.set([shared])
    old.related.set([related, kept])
    kept.related.add(related)
    make.ReferenceFactory(event=None, case=old)
    make.CorrectionFactory(case=old, event=dispute.order)
    report = make.ImportFactory(
        case=old, state="landed", data=None, finished_at=datetime.datetime.now(datetime.UTC),
        landed=[{"case_key": old.pk, "case": old.name}, {"case_key": related.pk}],
    )  # fmt: skip
    entries, proceedings = old.events.count(), old.proceedings.count()
    done = joined(kept, old)
    assert (kept.events.count(), kept.proceedings.count()) == (entries, proceedings)
    assert set(kept.topics.all()) == {shared, own}
    assert set(kept.related.all()) == {related}
    assert set(related.related.all()) == {kept}
    assert kept.references.count() == kept.corrections.count() == 1
    report.refresh_from_db()
    assert report.case == kept
    assert [docket["case_key"] for docket in report.landed] == [kept.pk, related.pk]
    assert "They are named as related to each other; that link goes." in done.warnings
    # The rules over several rows hold: each entry stands on a docket of its case and its court.
    connection.check_constraints()


def test_fields_stay_unless_the_other_one_has_the_better_of_them() -> None:
    kept = make.PartyFactory(name="Kristi Noem", description="One.", kind="person")
    other = make.PartyFactory(name="Kristi L. Noem", description="Two.", kind="government")
    joined(kept, other, take=["name", "kind", "slug", "nothing"])
    slug = kept.slug
    kept.refresh_from_db()
    assert (kept.name, kept.description, kept.kind, kept.slug) == ("Kristi L. Noem", "One.", "government", slug)


def test_values_that_do_not_go_together_are_refused() -> None:
    kept, other = make.PartyFactory(name="Ann Bell"), make.PartyFactory(name="A.B.", is_minor=True)
    with pytest.raises(ValidationError, match="initials"):
        joined(kept, other, take=["is_minor"])
    assert Party.objects.filter(pk=other.pk).exists()


# --- what is refused, and what is warned of ---------------------------------------------------------------------------

SEEN, NEVER_SEEN, GONE = {"published"}, {"draft", "in_review"}, {"withdrawn"}
MIXED = ["published", "draft", "in_review", "withdrawn", "withheld", "withheld_unseen", "embargoed"]


@pytest.mark.parametrize("other_state", MIXED)
@pytest.mark.parametrize("kept_state", MIXED)
def test_cases_are_merged_only_where_readers_see_what_they_saw(kept_state: str, other_state: str) -> None:
    kept, other = (make.CaseFactory(**{state: True}) for state in (kept_state, other_state))
    pair = (kept_state, other_state)
    is_allowed = pair in {
        *((a, b) for a in SEEN | NEVER_SEEN | GONE for b in NEVER_SEEN),
        ("published", "published"), ("withdrawn", "withdrawn"),
    }  # fmt: skip
    if is_allowed:
        joined(kept, other)
        assert Case.objects.get() == kept
        return
    said = refused(kept, other)
    if any(state.startswith("withheld") for state in pair):
        assert "withheld. Lift the withholding first" in said
    elif "embargoed" in pair:
        assert "under an embargo" in said
    elif set(pair) == {"published", "withdrawn"} and kept_state == "published":
        assert "would appear again" in said
    else:
        assert "Keep the one that they" in said


@pytest.mark.parametrize("state", ["published", "withdrawn", "withheld", "embargoed"])
def test_entry_that_only_its_case_hid_keeps_the_cases_apart(state: str) -> None:
    kept, other = make.CaseFactory(published=True), make.CaseFactory()
    make.STATES[state](make.EventFactory(case=other))
    assert "Publish that case first" in refused(kept, other)


def test_what_becomes_public_with_a_draft_is_told() -> None:
    kept, other = make.CaseFactory(published=True), make.CaseFactory()
    make.PartyRoleFactory(proceeding=make.ProceedingFactory(case=other))
    assert any("1 proceedings, 1 roles of parties" in text for text in joined(kept, other, trial=True).warnings)


def test_invented_example_is_merged_with_no_real_case() -> None:
    assert "invented example" in refused(make.CaseFactory(is_invented=True), make.CaseFactory())


def test_all_that_hung_on_a_judge_hangs_on_the_one_that_stays(dispute: make.Dispute) -> None:
    kept = make.JudgeFactory(name="Ada Bench", title="")
    other = dispute.judge
    parts = set(RulingJudge.objects.filter(judge=other).values_list("ruling", "role"))
    sat = set(ProceedingJudge.objects.filter(judge=other).values_list("proceeding", "role"))
    assert parts
    assert "Keep the one that they see" in refused(kept, other)
    make.RulingJudgeFactory(ruling=make.RulingFactory(published=True), judge=kept)
    done = joined(kept, other, take=["title"])
    assert not done.warnings or "Readers see at once" in done.warnings[0]
    assert parts <= set(RulingJudge.objects.filter(judge=kept).values_list("ruling", "role"))
    assert sat == set(ProceedingJudge.objects.filter(judge=kept).values_list("proceeding", "role"))


def test_judges_who_sat_together_are_warned_of_and_stay_once_where_both_had_one_part() -> None:
    kept, other = two("judge")
    ruling = make.RulingFactory(title="Order of both")
    for judge in (kept, other):
        make.RulingJudgeFactory(ruling=ruling, judge=judge, role="author")
    done = joined(kept, other)
    assert any("did they sit together" in text and "Order of both" in text for text in done.warnings)
    assert RulingJudge.objects.get().judge == kept


def test_filter_by_an_old_address_of_a_judge_finds_the_one_that_stayed() -> None:
    judge, double = seen_judge(slug="bench"), seen_judge(slug="double", name="Quite Another")
    make.RulingFactory(title="By nobody of them", published=True)
    joined(judge, double)
    body = Client().get("/rulings/?judge=double").content.decode()
    assert body.count('data-kind="ruling"') == 2
    assert "By nobody of them" not in body


def test_all_that_hung_on_an_attorney_hangs_on_the_one_that_stays_and_either_gap_is_filled() -> None:
    kept, other = make.AttorneyFactory(name="Ada Counsel", firm="Bell LLP"), make.AttorneyFactory(name="A. Counsel")
    both = make.RepresentationFactory(attorney=kept, lead=False, note="")
    make.RepresentationFactory(
        attorney=other, proceeding=both.proceeding, party=both.party, lead=True, note="By leave of the court."
    )
    alone = make.RepresentationFactory(attorney=other)
    done = joined(kept, other)
    assert set(Representation.objects.filter(attorney=kept)) == {both, alone}
    both.refresh_from_db()
    assert (both.lead, both.note) == (False, "By leave of the court.")
    assert "Not kept, for the other says otherwise: representation, lead attorney: True." in done.warnings
    assert "Moves over: 1 representations of parties." in done.told
    assert not Attorney.objects.filter(pk=other.pk).exists()
    former = FormerAttorney.objects.get()
    assert (former.name, former.firm, former.attorney) == ("A. Counsel", other.firm, kept)


def test_attorneys_of_one_proceeding_or_of_two_firms_are_warned_of() -> None:
    kept, other = make.AttorneyFactory(firm="Bell LLP"), make.AttorneyFactory(firm="Office of the Solicitor General")
    representation = make.RepresentationFactory(attorney=kept)
    make.RepresentationFactory(attorney=other, proceeding=representation.proceeding)
    told = " ".join(joined(kept, other, trial=True).warnings)
    assert f"do they appear beside or against each other? {representation.proceeding}." in told
    assert "They are of different firms or offices." in told
    make.AttorneyFactory.create_batch(2, firm="Bell LLP")
    assert joined(*Attorney.objects.filter(firm="Bell LLP").exclude(pk=kept.pk), trial=True).warnings == []


def test_attorney_whom_readers_see_is_not_merged_into_one_whom_they_do_not() -> None:
    """A name that no reader knows would come out."""
    hidden = make.RepresentationFactory().attorney
    seen = make.RepresentationFactory(proceeding__case=make.CaseFactory(published=True)).attorney
    assert "Keep the one that they see" in refused(hidden, seen)
    joined(seen, hidden)


def test_name_of_an_attorney_follows_through_a_chain_of_merges_and_tells_none_of_several() -> None:
    names = ("A. Counsel", "Ada Counsel", "Ada B. Counsel", "Somebody else")
    first, second, third, fourth = (make.AttorneyFactory(name=name, firm="Bell LLP") for name in names)
    joined(second, first)
    joined(third, second)
    assert merged_attorneys(names) == {
        ("A. Counsel", "Bell LLP"): third,
        ("Ada Counsel", "Bell LLP"): third,
    }
    # One more of the same name, who is somebody else.
    joined(fourth, make.AttorneyFactory(name="A. Counsel", firm="Bell LLP"))
    assert merged_attorneys(["A. Counsel"]) == {}
    assert FormerAttorney.objects.filter(name="A. Counsel").count() == 2
    row = FormerAttorney.objects.earliest("pk")
    assert "Cannot update" in refuses(lambda: FormerAttorney.objects.filter(pk=row.pk).update(name="Another"))


def test_import_finds_the_judge_that_stayed() -> None:
    judge, double = make.JudgeFactory(name="Ada Bench"), make.JudgeFactory(name="A. Bench", slug="a-bench")
    joined(judge, double)
    assert merged_judges({"a. bench": "A. Bench", "somebody": "Some Body"}) == {"a. bench": [judge]}


def test_party_whom_readers_see_stays() -> None:
    hidden = make.PartyFactory()
    seen = make.PartyRoleFactory(proceeding=make.ProceedingFactory(case=make.CaseFactory(published=True))).party
    assert "Keep the one that they see" in refused(hidden, seen)
    joined(seen, hidden)


def test_court_that_hears_appeals_from_the_other_is_another() -> None:
    above, below = two("court")
    below.appeals_to.add(above)
    assert "so they are two" in refused(above, below)
    assert "so they are two" in refused(below, above)


def test_courts_that_differ_in_what_they_are_are_warned_of() -> None:
    kept = make.CourtFactory(level="trial", system="federal", is_local=True)
    other = make.CourtFactory(level="appellate", system="state")
    origin = make.ProceedingFactory(court=kept)
    make.TransferFactory(origin=origin, destination=make.ProceedingFactory(case=origin.case, court=other))
    told = " ".join(joined(kept, other, trial=True).warnings)
    for words in ("differ in level", "differ in system", "courts-db", "went from one of them to the other"):
        assert words in told


@pytest.mark.parametrize("slug", ["court", "case"])
def test_docket_that_stands_in_both_is_warned_of_in_whatever_spelling(slug: str) -> None:
    kept, other = two(slug)
    court = make.CourtFactory()
    for owner, number in ((kept, "8:25-cv-00951"), (other, "8:25-cv-951-PX")):
        of = {slug: owner, **({"court": court} if slug == "case" else {})}
        proceeding = make.ProceedingFactory(**of)
        make.DocketNumberFactory(proceeding=proceeding, number=number)
        entry = make.EventFactory(case=proceeding.case, court=proceeding.court)
        make.DocketEntryFactory(event=entry, proceeding=proceeding, number="21")
    told = " ".join(joined(kept, other, trial=True).warnings)
    assert "The same docket stands in both" in told
    if slug == "case":
        assert "1 number of a docket is that of an entry in both" in told


@each_kind
def test_row_is_not_merged_with_itself_or_with_one_that_is_gone(slug: str) -> None:
    row, gone = two(slug)
    with pytest.raises(ReworkError, match="with itself"):
        joined(row, row)
    key = gone.pk
    gone.delete()
    gone.pk = key
    with pytest.raises(ChangedMeanwhileError, match="not there any more"):
        joined(row, gone)


@each_kind
def test_only_a_chief_editor_merges(slug: str) -> None:
    kept, other = two(slug)
    for role in (roles.CONTRIBUTOR, roles.EDITOR):
        with pytest.raises(PermissionDenied):
            joined(kept, other, actor=make.in_role(role))
    joined(kept, other, actor=make.in_role(roles.CHIEF_EDITOR))
    assert not type(kept).objects.filter(pk=other.pk).exists()


# --- addresses --------------------------------------------------------------------------------------------------------


def seen_party(**fields: Any) -> Party:
    case = make.CaseFactory(published=True)
    party: Party = make.PartyRoleFactory(
        proceeding=make.ProceedingFactory(case=case), party=make.PartyFactory(**fields)
    ).party
    return party


def seen_judge(**fields: Any) -> Judge:
    ruling = make.RulingFactory(published=True)
    judge: Judge = make.RulingJudgeFactory(ruling=ruling, judge=make.JudgeFactory(**fields)).judge
    return judge


def seen_court(key: str) -> Court:
    court: Court = make.CourtFactory(id=key)
    make.ProceedingFactory(court=court, case=make.CaseFactory(published=True))
    return court


def answer(path: str) -> tuple[int, str]:
    response = Client().get(path)
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.parametrize(
    ("maker", "path"),
    [
        (lambda name: seen_party(slug=name), "/parties/{}/"),
        (lambda name: seen_judge(slug=name), "/judges/{}/"),
        (lambda name: seen_judge(slug=name), "/es/judges/{}/"),
        (lambda name: seen_court(name), "/courts/{}/"),
        (lambda name: make.CaseFactory(slug=name, published=True), "/cases/{}/"),
        (lambda name: make.CaseFactory(slug=name, published=True), "/cases/{}/print/"),
        (lambda name: make.CaseFactory(slug=name, published=True), "/cases/{}/standing/"),
        (lambda name: make.CaseFactory(slug=name, published=True), "/es/cases/{}/print/"),
        (lambda name: seen_party(slug=name), "/es/parties/{}/"),
    ],
)
def test_old_address_leads_for_ever_to_the_one_that_stayed_and_keeps_the_query(
    maker: Callable[[str], Any], path: str
) -> None:
    rows = [maker(f"{name}-slug") for name in ("first", "second", "third")]
    joined(rows[1], rows[0])
    assert answer(path.format("first-slug")) == (301, path.format("second-slug"))
    # Of a chain each leads to the last at once.
    joined(rows[2], rows[1])
    for old in ("first-slug", "second-slug"):
        assert answer(path.format(old) + "?kind=ruling&q=a%20b") == (
            301, path.format("third-slug") + "?kind=ruling&q=a%20b",
        )  # fmt: skip
    assert answer(path.format("third-slug"))[0] == 200


def test_addresses_of_entries_lead_to_them_under_the_case_that_stayed(dispute: make.Dispute) -> None:
    kept = make.CaseFactory(slug="kept", published=True)
    old = dispute.order.get_absolute_url()
    joined(kept, dispute.case)
    for below in ("", "said/"):
        if below and not dispute.order.statements.exists():
            continue
        assert answer(old + below) == (301, f"/cases/kept/{dispute.order.public_id}/{below}")


def test_former_slug_of_a_case_that_is_merged_leads_on_too() -> None:
    old, kept = make.CaseFactory(slug="a", published=True), make.CaseFactory(slug="c", published=True)
    Case.objects.filter(pk=old.pk).update(slug="b")
    joined(kept, Case.objects.get(pk=old.pk))
    assert answer("/cases/a/") == answer("/cases/b/") == (301, "/cases/c/")


def test_old_address_answers_as_what_it_leads_to_does() -> None:
    old, kept = make.CaseFactory(slug="old", published=True), make.CaseFactory(slug="new", published=True)
    joined(kept, old)
    publication.withhold(kept, actor=None, reason="Ordered.")
    assert (answer("/cases/old/")[0], answer("/cases/old/print/")[0]) == (410, 410)
    party, double = seen_party(slug="party"), seen_party(slug="double")
    joined(party, double)
    for case in Case.objects.filter(proceedings__party_roles__party=party):
        publication.withdraw(case, actor=None)
    assert answer("/parties/double/")[0] == 404


def test_old_address_that_no_reader_had_answers_nothing_and_is_kept() -> None:
    kept, draft = make.CaseFactory(slug="kept", published=True), make.CaseFactory(slug="secret-name")
    done = joined(kept, draft)
    assert any("it answers nothing" in text for text in done.told)
    party, hidden = seen_party(slug="seen"), make.PartyFactory(slug="hidden-name")
    joined(party, hidden)
    court, unused = seen_court("seen"), make.CourtFactory(id="unused")
    joined(court, unused)
    for path in ("/cases/secret-name/", "/cases/secret-name/print/", "/parties/hidden-name/", "/courts/unused/"):
        assert answer(path)[0] == 404
    assert FormerSlug.objects.get().slug == "secret-name"
    assert (FormerParty.objects.get().slug, FormerCourt.objects.get().identifier) == ("hidden-name", "unused")


def test_filters_by_an_old_address_find_what_the_new_one_does() -> None:
    party, double = seen_party(name="Kristi Noem", slug="noem"), seen_party(name="K. L. N.", slug="double")
    other = make.CaseFactory(name="Quite another", published=True)
    joined(party, double)
    body = Client().get("/cases/?party=double").content.decode()
    assert "2 cases" in body
    assert other.name not in body
    court, old = seen_court("new-court"), seen_court("old-court")
    make.RulingFactory(court=old, case=make.CaseFactory(published=True), title="Found", published=True)
    joined(court, old)
    for path in ("/cases/?court=old-court", "/cases/?court=old-court&court=new-court"):
        body = Client().get(path).content.decode()
        assert "Choose" not in body
        assert "3 cases" in body
        assert court.name in body
    body = Client().get("/rulings/?court=old-court").content.decode()
    assert "Found" in body
    assert "not one of the available choices" not in body


def test_filter_by_an_old_court_that_readers_never_had_is_unknown() -> None:
    court, old = seen_court("new-court"), make.CourtFactory(id="old-court")
    joined(court, old)
    keys = ("old-court", "never-court")
    bodies = [Client().get(f"/cases/?court={key}").content.decode().replace(key, "") for key in keys]
    assert bodies[0] == bodies[1]


# --- kept by the database ---------------------------------------------------------------------------------------------


def checked_at_once(write: Callable[[], object]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        write()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refuses(write: Callable[[], object]) -> str:
    with pytest.raises((IntegrityError, ProgrammingError)) as refusal:
        checked_at_once(write)
    return str(refusal.value)


@each_kind_with_an_address
def test_old_address_is_given_to_no_new_row(slug: str) -> None:
    kept, other = two(slug)
    name = other.pk if slug == "court" else other.slug
    column = "id" if slug == "court" else "slug"
    joined(kept, other)
    assert name in refuses(lambda: MAKERS[slug](**{column: name}))
    assert name in refuses(lambda: type(kept).objects.bulk_create([MAKERS[slug].build(**{column: name})]))
    if slug != "court":
        third = MAKERS[slug]()
        assert name in refuses(lambda: type(kept).objects.filter(pk=third.pk).update(slug=name))
        third.slug = name
        with pytest.raises(ValidationError) as told:
            third.full_clean()
        assert "choose another" in " ".join(told.value.message_dict["slug"])


@pytest.mark.parametrize(
    ("slug", "factory"),
    [("party", make.FormerPartyFactory), ("court", make.FormerCourtFactory), ("judge", make.FormerJudgeFactory)],
)
def test_old_address_that_readers_had_stays_and_is_beside_no_row(slug: str, factory: Any) -> None:
    ((column, own),) = JOINABLE[slug].keeps.items()
    row = factory(was_public=True)
    assert "leads on for ever" in refuses(lambda: row.delete())
    assert "Cannot update" in refuses(lambda: type(row).objects.filter(pk=row.pk).update(**{column: "another"}))
    assert "Cannot update" in refuses(lambda: type(row).objects.filter(pk=row.pk).update(was_public=False))
    owner = MAKERS[slug]()
    assert f"is the address of a {slug}" in refuses(lambda: factory(**{column: getattr(owner, own)}))
    factory(was_public=False).delete()


def test_public_case_is_still_not_deleted_and_its_address_changes_no_hands_while_it_is_there() -> None:
    case, other = make.CaseFactory(published=True), make.CaseFactory()
    assert "withdrawn, not deleted" in refuses(lambda: case.delete())
    Case.objects.filter(pk=case.pk).update(slug="renamed")
    assert "leads there for ever" in refuses(lambda: FormerSlug.objects.update(case=other))


# --- trial, history, versions -----------------------------------------------------------------------------------------


@each_kind
def test_trial_tells_what_would_be_done_and_does_nothing(slug: str) -> None:
    kept, other = two(slug)
    tried = joined(kept, other, take=["name"], trial=True)
    assert type(kept).objects.filter(pk=other.pk).exists()
    assert not JOINABLE[slug].former.objects.exists()
    done = joined(kept, other, take=["name"])
    assert (done.told, done.warnings) == (tried.told, tried.warnings)


@each_kind
def test_history_says_that_it_was_a_merge_and_keeps_what_went(slug: str) -> None:
    kept, other = two(slug)
    joined(kept, other, take=["name"])
    revisions = apps.get_model("casetracker", f"{type(kept).__name__}Revision").objects
    gone = revisions.filter(pgh_obj_id=other.pk).latest("pgh_id")
    changed = revisions.filter(pgh_obj_id=kept.pk).latest("pgh_id")
    assert (gone.pgh_label, gone.name, changed.name) == ("delete", other.name, other.name)
    assert gone.pgh_context.metadata["act"] == changed.pgh_context.metadata["act"] == "merge"


def _touch_the_row(slug: str, row: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(name="Changed meanwhile")


def _hang_something(slug: str, row: Any) -> None:
    PARTS.get(slug, make.EventFactory if slug == "case" else make.ProceedingFactory)(**{slug: row})


def _take_something_away(slug: str, row: Any) -> None:
    kind = JOINABLE[slug]
    first = kind.hanging[0]
    first.model._default_manager.filter(**{first.key: row.pk}).delete()


@pytest.mark.parametrize("write", [_touch_the_row, _hang_something, _take_something_away])
@pytest.mark.parametrize("which", [0, 1])
@each_kind
def test_what_changed_after_it_was_seen_is_left_alone(slug: str, which: int, write: Any) -> None:
    pair = two(slug)
    for row in pair:
        PARTS.get(slug, make.ProceedingFactory)(**{slug: row})
    keys = [row.pk for row in pair]
    seen = version(JOINABLE[slug], keys)
    assert version(JOINABLE[slug], keys) == seen
    write(slug, pair[which])
    with pytest.raises(ChangedMeanwhileError):
        joined(*pair, seen=seen)
    assert type(pair[0]).objects.filter(pk__in=keys).count() == 2
    joined(*pair, seen=version(JOINABLE[slug], keys))


@each_kind
def test_queries_do_not_grow_with_what_hangs_on_the_rows(slug: str) -> None:
    maker: Any = PARTS.get(slug, make.EventFactory)
    counts = []
    for many in (1, 12):
        kept, other = two(slug)
        maker.create_batch(many, **{slug: other})
        with CaptureQueriesContext(connection) as queries:
            version(JOINABLE[slug], [kept.pk, other.pk])
            JOINABLE[slug].counts([kept.pk, other.pk])
            joined(kept, other, trial=True)
        counts.append(len(queries) - (many if slug in PARTS else 0))
    # Roles are looked at one by one, since two may be the same.
    assert counts[1] <= counts[0]


# --- several at once --------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@each_kind
def test_two_who_merge_the_same_two_at_once_leave_one(slug: str) -> None:
    first, second = two(slug)
    start = threading.Barrier(2)

    def run(kept: Any, other: Any) -> Any:
        start.wait(PATIENCE)
        return joined(kept, other)

    outcomes = run_together(lambda: run(first, second), lambda: run(second, first))
    assert sorted(isinstance(outcome, ReworkError) for outcome in outcomes) == [False, True]
    assert type(first).objects.filter(pk__in=[first.pk, second.pk]).count() == 1
    assert JOINABLE[slug].former.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_chains_that_are_merged_at_once_end_in_one_party_and_lose_no_role() -> None:
    a, b, c = make.PartyFactory.create_batch(3)
    for party in (a, b, c):
        make.PartyRoleFactory.create_batch(3, party=party)
    start = threading.Barrier(3)

    def run(kept: Any, other: Any) -> Any:
        start.wait(PATIENCE)
        return joined(kept, other)

    outcomes = run_together(lambda: run(b, a), lambda: run(c, b), lambda: run(a, c))
    assert not [
        outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, ReworkError)
    ]
    assert PartyRole.objects.count() == 9
    left = set(Party.objects.values_list("pk", flat=True))
    assert set(PartyRole.objects.values_list("party", flat=True)) <= left
    assert FormerParty.objects.count() == 3 - len(left)


@pytest.mark.django_db(transaction=True)
def test_role_that_is_added_meanwhile_is_not_lost_and_waits_for_nobody_who_waits_for_it() -> None:
    """An editor holds a role and then names the party that is being merged: the worst order of all."""
    kept, other = make.PartyFactory.create_batch(2)
    role = make.PartyRoleFactory(party=other)
    proceeding = make.ProceedingFactory()
    holds, is_trying = threading.Event(), threading.Event()

    def edit() -> None:
        with transaction.atomic():
            PartyRole.objects.select_for_update().get(pk=role.pk)
            holds.set()
            is_trying.wait(PATIENCE)
            time.sleep(0.3)
            PartyRole.objects.create(proceeding=proceeding, party=other, role=Role.AMICUS)

    def merge() -> Any:
        holds.wait(PATIENCE)
        is_trying.set()
        return joined(kept, other)

    edited, merged = run_together(edit, merge)
    assert edited is None
    assert not isinstance(merged, Exception)
    assert set(PartyRole.objects.filter(party=kept).values_list("role", flat=True)) == {role.role, Role.AMICUS}


@pytest.mark.django_db(transaction=True)
def test_whoever_holds_a_row_for_long_is_not_waited_for_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "TRIES", 3)
    kept, other = make.PartyFactory.create_batch(2)
    holds, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Party.objects.select_for_update().get(pk=other.pk)
            holds.set()
            is_over.wait(PATIENCE)

    def merge() -> Any:
        holds.wait(PATIENCE)
        try:
            return joined(kept, other)
        finally:
            is_over.set()

    _held, merged = run_together(hold, merge)
    assert isinstance(merged, BusyError)
    assert Party.objects.count() == 2
    joined(kept, other)


@pytest.mark.django_db(transaction=True)
def test_row_that_names_one_that_is_merged_away_meanwhile_is_refused_and_not_lost_in_silence() -> None:
    kept, other = make.CaseFactory.create_batch(2)
    is_done = threading.Event()

    def merge() -> None:
        with transaction.atomic():
            joined(kept, other)
            is_done.set()
            time.sleep(0.3)

    def add() -> None:
        is_done.wait(PATIENCE)
        make.EventFactory(case=other)

    merged, added = run_together(merge, add)
    assert merged is None
    assert isinstance(added, IntegrityError)
    assert not Event.objects.exists()


# --- pairs that are two -----------------------------------------------------------------------------------------------


@each_kind
def test_note_that_they_are_two_goes_with_either(slug: str) -> None:
    none = {"party": None, "other_party": None}
    first, second = two(slug)
    third = MAKERS[slug]()
    make.NotTheSameFactory(**{**none, slug: first, f"other_{slug}": second})
    make.NotTheSameFactory(**{**none, slug: third, f"other_{slug}": second})
    stays = make.NotTheSameFactory(**{**none, slug: first, f"other_{slug}": third})
    joined(first, second)
    assert NotTheSame.objects.get() == stays
    third.delete()
    assert not NotTheSame.objects.exists()


def test_nothing_of_an_import_that_is_landing_is_merged_under_it() -> None:
    case, other = two("case")
    make.ImportFactory(case=other)
    joined(case, other)
    assert Import.objects.get().case == case


def test_way_of_appeal_that_both_have_stays_once() -> None:
    kept, other = two("court")
    above = make.CourtFactory()
    for court in (kept, other):
        court.appeals_to.add(above)
    joined(kept, other)
    assert CourtAppeal.objects.get().from_court == kept
