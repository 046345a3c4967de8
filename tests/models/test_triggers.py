"""What the database refuses or writes by itself, whoever writes: ORM, bulk or raw SQL."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import factories as make
import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from casetracker import publication
from casetracker.models import Case, DocketEntry, Event, FormerSlug, Kind, Treatment

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: Any) -> int:
    """Run raw SQL; the number of rows that it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


@contextmanager
def allowed() -> Iterator[None]:
    """What happens within is checked as at the end of a transaction of its own."""
    connection.check_constraints()
    with transaction.atomic():
        yield
        connection.check_constraints()


@contextmanager
def refused(words: str, *, kind: type[Error] = IntegrityError) -> Iterator[None]:
    """What happens within is refused at the latest when the transaction ends."""
    connection.check_constraints()
    with pytest.raises(kind, match=words), allowed():
        yield


# --- the permanent address ------------------------------------------------------------------------------------------


def test_permanent_address_cannot_be_changed_by_any_way_of_writing() -> None:
    event = make.EventFactory(public_id="bcdfghjkmn")
    with refused("public_id|updat", kind=Error):
        Event.objects.filter(pk=event.pk).update(public_id="bcdfghjkmp")
    with refused("public_id|updat", kind=Error):
        sql("UPDATE casetracker_event SET public_id = 'bcdfghjkmp' WHERE id = %s", event.pk)
    event.public_id = "bcdfghjkmp"
    with refused("public_id|updat", kind=Error):
        event.save()
    event.refresh_from_db()
    assert event.public_id == "bcdfghjkmn"


# --- what was public is not deleted ---------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", ["published", "withdrawn", "withheld", "embargoed"])
@pytest.mark.parametrize(
    ("factory", "table"), [(make.CaseFactory, "casetracker_case"), (make.EventFactory, "casetracker_event")]
)
def test_what_readers_have_seen_is_never_deleted(factory: Any, table: str, flag: str) -> None:
    row = factory(**{flag: True})
    with refused("withdrawn, not deleted"):
        row.delete()
    with refused("withdrawn, not deleted"):
        type(row).objects.filter(pk=row.pk).delete()
    with refused("withdrawn, not deleted"):
        sql(f"DELETE FROM {table} WHERE id = %s", row.pk)
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("flag", ["draft", "in_review", "withdrawn_unseen", "withheld_unseen"])
@pytest.mark.parametrize("factory", [make.CaseFactory, make.EventFactory])
def test_what_nobody_has_seen_may_be_deleted(factory: Any, flag: str) -> None:
    row = factory(**{flag: True})
    row.delete()
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_case_with_entries_is_not_deleted_under_them() -> None:
    event = make.EventFactory()
    with pytest.raises(ProtectedError):
        event.case.delete()
    with refused("foreign key"):
        sql("DELETE FROM casetracker_case WHERE id = %s", event.case.pk)


# --- what readers have seen stays seen ------------------------------------------------------------------------------


@pytest.mark.parametrize("factory", [make.CaseFactory, make.EventFactory])
def test_first_moment_of_being_public_cannot_be_unwritten(factory: Any) -> None:
    row = factory(published=True)
    others = type(row).objects.filter(pk=row.pk)
    with refused("first public"):
        others.update(state="draft", published_from=None, first_public_at=None)
    with refused("first public"):
        others.update(first_public_at=timezone.now() + datetime.timedelta(days=1))
    with refused("first public"):
        others.update(state="withheld", first_public_at=None)
    others.update(state="withdrawn")
    row.refresh_from_db()
    assert row.is_gone


@pytest.mark.parametrize("factory", [make.CaseFactory, make.EventFactory])
def test_copy_loaded_before_publication_cannot_take_it_back(factory: Any) -> None:
    stale = factory()
    publication.publish(type(stale).objects.get(pk=stale.pk), actor=None)
    with refused("first public"):
        stale.save()
    stale.refresh_from_db()
    assert stale.is_published_now


@pytest.mark.parametrize("factory", [make.CaseFactory, make.EventFactory])
def test_embargo_may_be_moved_before_it_ends(factory: Any) -> None:
    row = factory(embargoed=True)
    later = timezone.now() + datetime.timedelta(days=9)
    type(row).objects.filter(pk=row.pk).update(published_from=later, first_public_at=later)
    row.refresh_from_db()
    assert row.first_public_at == later


# --- versions -------------------------------------------------------------------------------------------------------

VERSIONED = [(make.CaseFactory, "name"), (make.EventFactory, "title")]


@pytest.mark.parametrize(("factory", "column"), VERSIONED)
def test_every_change_counts_up_the_version_and_stamps_the_moment(factory: Any, column: str) -> None:
    row = factory()
    model = type(row)
    rows = model.objects.filter(pk=row.pk)
    long_ago = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    rows.update(updated_at=long_ago)
    row.refresh_from_db()
    version = row.version
    # The trigger stamps over what is given: no way of writing chooses its own moment.
    assert row.updated_at > long_ago

    setattr(row, column, "by save")
    row.save()
    rows.update(**{column: "by update"})
    row.refresh_from_db()
    setattr(row, column, "by bulk_update")
    model.objects.bulk_update([row], [column])
    sql(f"UPDATE {model._meta.db_table} SET {column} = 'by raw SQL' WHERE id = %s", row.pk)
    row.refresh_from_db()
    assert (row.version, getattr(row, column)) == (version + 4, "by raw SQL")


@pytest.mark.parametrize(("factory", "column"), VERSIONED)
def test_write_that_changes_nothing_is_no_new_version(factory: Any, column: str) -> None:
    row = factory()
    row.refresh_from_db()
    version = row.version
    row.save()
    type(row).objects.filter(pk=row.pk).update(**{column: getattr(row, column)})
    row.refresh_from_db()
    assert row.version == version == 1


@pytest.mark.parametrize(("factory", "column"), VERSIONED)
def test_version_cannot_be_chosen(factory: Any, column: str) -> None:
    row = factory()
    type(row).objects.filter(pk=row.pk).update(version=99)
    row.refresh_from_db()
    assert row.version == 2


@pytest.mark.parametrize(("factory", "column"), VERSIONED)
def test_act_of_publication_is_one_version(factory: Any, column: str) -> None:
    row = factory(published=True)
    row.refresh_from_db()
    assert row.version == 2


# --- former slugs ---------------------------------------------------------------------------------------------------


@pytest.fixture
def renamed() -> Case:
    """A case that was `smith-v-doe` and is `smith-v-jones` now."""
    case = make.CaseFactory(slug="smith-v-doe", published=True)
    Case.objects.filter(pk=case.pk).update(slug="smith-v-jones")
    case.refresh_from_db()
    return case


def former(case: Case) -> list[str]:
    return list(case.former_slugs.values_list("slug", flat=True))


def test_former_slug_is_remembered_by_every_way_of_writing() -> None:
    case = make.CaseFactory(slug="a")
    case.slug = "b"
    case.save()
    Case.objects.filter(pk=case.pk).update(slug="c")
    case.refresh_from_db()
    case.slug = "d"
    Case.objects.bulk_update([case], ["slug"])
    sql("UPDATE casetracker_case SET slug = 'e' WHERE id = %s", case.pk)
    assert former(case) == ["a", "b", "c", "d"]


def test_write_that_keeps_the_slug_remembers_nothing() -> None:
    case = make.CaseFactory(slug="a")
    case.name = "Another name"
    case.save()
    assert former(case) == []


def test_case_takes_its_own_former_slug_back(renamed: Case) -> None:
    renamed.slug = "smith-v-doe"
    renamed.save()
    assert former(renamed) == ["smith-v-jones"]


@pytest.mark.parametrize("way", ["update", "insert", "bulk_create", "raw insert"])
def test_former_slug_is_reserved_for_ever(renamed: Case, way: str) -> None:
    other = make.CaseFactory()
    with refused("belongs to another case"):
        if way == "update":
            Case.objects.filter(pk=other.pk).update(slug="smith-v-doe")
        elif way == "insert":
            make.CaseFactory(slug="smith-v-doe")
        elif way == "bulk_create":
            Case.objects.bulk_create([make.CaseFactory.build(slug="smith-v-doe")])
        else:
            sql(
                "INSERT INTO casetracker_case"
                " (name, short_name, slug, summary, note, status, is_invented, state, state_reason)"
                " VALUES ('A', 'A', 'smith-v-doe', '', '', 'ongoing', false, 'draft', '')"
            )
    assert Case.objects.filter(former_slugs__slug="smith-v-doe").get() == renamed


def test_former_slug_is_not_given_for_the_slug_of_a_case() -> None:
    case, other = make.CaseFactory(slug="smith-v-jones"), make.CaseFactory()
    with refused("address of a case"):
        FormerSlug.objects.create(slug=case.slug, case=other)


def test_former_slug_of_what_was_public_is_never_freed(renamed: Case) -> None:
    with refused("leads there for ever"):
        renamed.former_slugs.all().delete()
    with refused("leads there for ever"):
        sql("DELETE FROM casetracker_formerslug WHERE slug = 'smith-v-doe'")
    with refused("leads there for ever"):
        FormerSlug.objects.update(slug="something-else")
    with refused("leads there for ever"):
        FormerSlug.objects.update(case=make.CaseFactory())
    with refused("leads there for ever"):
        FormerSlug.objects.update(is_unseen=True)
    assert former(renamed) == ["smith-v-doe"]


def test_former_slug_of_a_draft_goes_with_it() -> None:
    case = make.CaseFactory(slug="a")
    Case.objects.filter(pk=case.pk).update(slug="b")
    case.delete()
    assert not FormerSlug.objects.exists()


# --- dockets --------------------------------------------------------------------------------------------------------

DOCKET = "docket of another court or case"


def test_docket_entry_agrees_with_its_event_in_case_and_court() -> None:
    entry = make.DocketEntryFactory()
    same_case = make.ProceedingFactory(case=entry.event.case)
    same_court = make.ProceedingFactory(court=entry.event.court)
    for proceeding in (same_case, same_court):
        with refused(DOCKET):
            DocketEntry.objects.create(event=entry.event, proceeding=proceeding)
        with refused(DOCKET):
            DocketEntry.objects.bulk_create([DocketEntry(event=entry.event, proceeding=proceeding)])
        with refused(DOCKET):
            DocketEntry.objects.filter(pk=entry.pk).update(proceeding=proceeding)
        with refused(DOCKET):
            sql("UPDATE casetracker_docketentry SET proceeding_id = %s WHERE id = %s", proceeding.pk, entry.pk)
    with refused(DOCKET):
        DocketEntry.objects.filter(pk=entry.pk).update(event=make.EventFactory())


def test_event_on_a_docket_keeps_its_case_and_court() -> None:
    entry = make.DocketEntryFactory()
    events = Event.objects.filter(pk=entry.event.pk)
    for values in ({"case": make.CaseFactory()}, {"court": make.CourtFactory()}, {"court": None}):
        with refused(DOCKET):
            events.update(**values)


def test_proceeding_with_docketed_events_keeps_its_case_and_court() -> None:
    entry = make.DocketEntryFactory()
    proceedings = type(entry.proceeding).objects.filter(pk=entry.proceeding.pk)
    for values in ({"case": make.CaseFactory()}, {"court": make.CourtFactory()}):
        with refused(DOCKET):
            proceedings.update(**values)


def test_event_and_its_docket_may_move_together_within_a_transaction() -> None:
    entry = make.DocketEntryFactory()
    court = make.CourtFactory()
    with allowed():
        Event.objects.filter(pk=entry.event.pk).update(court=court)
        type(entry.proceeding).objects.filter(pk=entry.proceeding.pk).update(court=court)
    entry.refresh_from_db()
    assert entry.event.court == entry.proceeding.court == court


def test_one_argument_stands_on_several_dockets_of_a_court() -> None:
    first = make.DocketEntryFactory()
    second = make.ProceedingFactory(case=first.event.case, court=first.event.court)
    with allowed():
        DocketEntry.objects.create(event=first.event, proceeding=second)
    assert first.event.docket_entries.count() == 2


# --- rows that belong to rulings ------------------------------------------------------------------------------------

OF_RULINGS = [
    (make.RulingJudgeFactory, "ruling"),
    (make.RulingCitationFactory, "ruling"),
    (make.ProvisionFactory, "ruling"),
    (make.TreatmentFactory, "target"),
]


@pytest.mark.parametrize(("factory", "column"), OF_RULINGS)
def test_row_of_a_ruling_hangs_on_nothing_else(factory: Any, column: str) -> None:
    filing = make.EventFactory()
    row = factory()
    with refused("is not a ruling"):
        type(row).objects.filter(pk=row.pk).update(**{column: filing})
    with refused("is not a ruling"):
        type(row).objects.bulk_create([factory.build(**{**_parents(row), column: filing})])
    with refused("is not a ruling"):
        sql(f"UPDATE {row._meta.db_table} SET {column}_id = %s WHERE id = %s", filing.pk, row.pk)


def _parents(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row._meta.fields if column.many_to_one}


def make_filing_of(ruling: Event) -> None:
    Event.objects.filter(pk=ruling.pk).update(kind=Kind.FILING, form="", outcome="")


@pytest.mark.parametrize(("factory", "column"), OF_RULINGS)
def test_ruling_on_which_rows_hang_stays_one(factory: Any, column: str) -> None:
    ruling = getattr(factory(), column)
    with refused("stays a ruling"):
        make_filing_of(ruling)
    ruling.refresh_from_db()
    assert ruling.is_ruling


def test_ruling_without_such_rows_may_become_a_filing_and_back() -> None:
    ruling = make.RulingFactory()
    with allowed():
        make_filing_of(ruling)
    assert Event.objects.get(pk=ruling.pk).kind == Kind.FILING
    with allowed():
        Event.objects.filter(pk=ruling.pk).update(kind=Kind.RULING, form="order")
    assert Event.objects.get(pk=ruling.pk).is_ruling


def test_ruling_may_lose_its_rows_and_its_kind_in_one_transaction() -> None:
    provision = make.ProvisionFactory()
    with allowed():
        make_filing_of(provision.ruling)
        provision.delete()
    assert Event.objects.get(pk=provision.ruling.pk).kind == Kind.FILING


def test_act_of_a_treatment_may_be_any_entry() -> None:
    settlement = make.EventFactory(kind=Kind.EVENT)
    with allowed():
        make.TreatmentFactory(act=settlement, verb="dissolves")
    assert settlement.treatments_made.count() == 1


# --- provisions -----------------------------------------------------------------------------------------------------


@pytest.fixture
def treatment() -> Treatment:
    """Of one provision of its target."""
    target = make.RulingFactory()
    made: Treatment = make.TreatmentFactory(target=target, provision=make.ProvisionFactory(ruling=target))
    return made


def test_treated_provision_is_one_of_the_target(treatment: Treatment) -> None:
    treatments = Treatment.objects.filter(pk=treatment.pk)
    with refused("no part of ruling"):
        treatments.update(provision=make.ProvisionFactory())
    with refused("no part of ruling"):
        treatments.update(target=make.RulingFactory())
    with refused("no part of ruling"):
        # In two statements, as any order of them may leave the row.
        treatments.update(target=make.RulingFactory())
        treatments.update(provision=make.ProvisionFactory())
    with refused("no part of ruling"):
        make.TreatmentFactory(provision=make.ProvisionFactory())


def test_treated_provision_stays_with_its_ruling(treatment: Treatment) -> None:
    other = make.RulingFactory()
    assert treatment.provision is not None
    with refused("stays with its ruling"):
        type(treatment.provision).objects.filter(pk=treatment.provision.pk).update(ruling=other)


def test_target_and_provision_may_change_together(treatment: Treatment) -> None:
    provision = make.ProvisionFactory()
    with allowed():
        Treatment.objects.filter(pk=treatment.pk).update(target=provision.ruling, provision=provision)
        other = make.ProvisionFactory()
        Treatment.objects.filter(pk=treatment.pk).update(target=other.ruling)
        Treatment.objects.filter(pk=treatment.pk).update(provision=other)
    treatment.refresh_from_db()
    assert treatment.provision == other


def test_treated_provision_is_not_deleted(treatment: Treatment) -> None:
    assert treatment.provision is not None
    with pytest.raises(ProtectedError):
        treatment.provision.delete()
