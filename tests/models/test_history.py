"""
Every write to every table leaves a revision with all values, whoever writes and however. The tables are found, not
listed: a new model that is not tracked fails here.
"""

import datetime
from collections.abc import Iterator
from typing import Any

import factories as make
import pghistory
import pytest
from django.apps import apps
from django.db import Error, connection, transaction
from django.db.models import GeneratedField

from casetracker import publication
from casetracker.models import (
    Case,
    CaseChange,
    CasePlace,
    CaseTopic,
    CountedCase,
    CourtAppeal,
    Event,
    FormerAttorney,
    FormerDocument,
    FormerJudge,
    FormerParty,
    FormerSlug,
    Import,
    ImportedDocket,
    ImportedEntry,
    OpenForm,
    RecordChange,
    Redaction,
    RelatedCase,
    StoredFile,
    Tally,
    TallyChange,
)

pytestmark = pytest.mark.django_db


NO_HISTORY = {
    CasePlace, OpenForm, Import, ImportedDocket, ImportedEntry, RecordChange, Redaction, StoredFile,
    CaseChange, CountedCase, Tally, TallyChange,
}  # fmt: skip


def _tables() -> Iterator[Any]:
    """One model for each table of ours that is no history itself: for a link between two models its named proxy."""
    models: list[Any] = list(apps.get_app_config("casetracker").get_models(include_auto_created=True))
    named = {model._meta.db_table: model for model in models if model._meta.proxy}
    for model in models:
        # Which forms are open, and what an import once wrote, is no part of what stands there.
        if not model.__name__.endswith("Revision") and not model._meta.proxy and model not in NO_HISTORY:
            yield named.get(model._meta.db_table, model) if model._meta.auto_created else model


TABLES: list[Any] = list(_tables())
LINKS: dict[Any, Any] = {
    CaseTopic: lambda: CaseTopic.objects.create(case=make.CaseFactory(), topic=make.TopicFactory()),
    RelatedCase: lambda: RelatedCase.objects.create(from_case=make.CaseFactory(), to_case=make.CaseFactory()),
    CourtAppeal: lambda: CourtAppeal.objects.create(from_court=make.CourtFactory(), to_court=make.CourtFactory()),
}
# A former address changes hands only with a row that is merged: tests/reworking/test_joining.py.
NEVER_UPDATED = {FormerSlug, FormerParty, FormerAttorney, FormerJudge, FormerDocument}

each_table = pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
each_changing_table = pytest.mark.parametrize(
    "model", [model for model in TABLES if model not in NEVER_UPDATED], ids=lambda model: model.__name__
)


def new(model: Any) -> Any:
    return LINKS[model]() if model in LINKS else make.FACTORIES[model]()


def revisions(row: Any) -> list[Any]:
    """Oldest first."""
    return list(
        apps.get_model("casetracker", f"{type(row).__name__}Revision")
        .objects.filter(pgh_obj_id=row.pk)
        .order_by("pgh_id")
    )


def labels(row: Any) -> list[str]:
    return [revision.pgh_label for revision in revisions(row)]


def columns(model: Any) -> dict[str, str]:
    """Of a table, but those that follow from others: attribute and column."""
    return {
        field.attname: field.column for field in model._meta.concrete_fields if not isinstance(field, GeneratedField)
    }


def values(row: Any, *, of: Any = None) -> dict[str, Any]:
    return {name: getattr(row, name) for name in columns(of or type(row))}


def a_change(row: Any) -> tuple[str, Any]:
    """An attribute of `row` and another value that it may have."""
    for field in row._meta.concrete_fields:
        if field.attname in {
            "text",
            "title",
            "caption",
            "name",
            "slug",
            "value",
            "number",
            "note",
            "pinpoint",
            "speaker",
        }:
            return field.attname, f"{getattr(row, field.attname)}-changed"
    for name, factory in (
        ("position", lambda: row.position + 1),
        ("role", lambda: "panel"),
        ("responds_to_id", lambda: make.EventFactory().pk),
        ("topic_id", lambda: make.TopicFactory().pk),
        ("to_case_id", lambda: make.CaseFactory().pk),
        ("to_court_id", lambda: make.CourtFactory().pk),
        ("event_id", lambda: make.EventFactory().pk),
        ("court_id", lambda: make.CourtFactory().pk),
    ):
        if hasattr(row, name):
            return name, factory()
    raise AssertionError(f"Say how a {type(row).__name__} changes.")


def execute(statement: str, *given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def insert_raw(row: Any) -> None:
    """The row as it was, put back by raw SQL."""
    given = values(row)
    names = ", ".join(connection.ops.quote_name(columns(type(row))[name]) for name in given)
    places = ", ".join("%s" for _ in given)
    prepared = [row._meta.get_field(name).get_db_prep_save(value, connection) for name, value in given.items()]
    execute(f"INSERT INTO {row._meta.db_table} ({names}) VALUES ({places})", *prepared)


def reloaded(row: Any) -> Any:
    return type(row)._base_manager.get(pk=row.pk)


@each_table
def test_table_has_its_triggers_switched_on(model: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [model._meta.db_table],
        )
        found = dict(cursor.fetchall())
    for operation in ("insert", "update", "delete"):
        (name,) = [name for name in found if name.startswith(f"pgtrigger_{operation}_{operation}_")]
        assert found[name] in {"O", "A", b"O", b"A"}


@each_table
def test_revision_has_every_column_that_does_not_follow_from_others(model: Any) -> None:
    revision: Any = apps.get_model("casetracker", f"{model.__name__}Revision")
    assert columns(model).items() <= {field.attname: field.column for field in revision._meta.concrete_fields}.items()


@each_table
def test_saved_row_is_recorded_with_all_its_values(model: Any) -> None:
    row = reloaded(new(model))
    first = revisions(row)[0]
    assert first.pgh_label == "insert"
    assert values(first, of=model) == values(row)


@each_table
def test_row_written_in_bulk_is_recorded(model: Any) -> None:
    row = reloaded(new(model))
    execute(f"DELETE FROM {model._meta.db_table} WHERE {model._meta.pk.column} = %s", row.pk)
    row._state.adding = True
    model._base_manager.bulk_create([row])
    assert labels(row) == ["insert", "delete", "insert"]
    assert values(revisions(row)[-1], of=model) == values(row)


@each_table
def test_row_written_in_raw_sql_is_recorded(model: Any) -> None:
    row = reloaded(new(model))
    execute(f"DELETE FROM {model._meta.db_table} WHERE {model._meta.pk.column} = %s", row.pk)
    insert_raw(row)
    assert labels(row) == ["insert", "delete", "insert"]
    assert values(revisions(row)[-1], of=model) == values(row) == values(reloaded(row))


@each_changing_table
@pytest.mark.parametrize("way", ["save", "update", "bulk_update", "raw SQL"])
def test_change_is_recorded_and_the_old_value_can_be_read(model: Any, way: str) -> None:
    row = reloaded(new(model))
    before = values(row)
    name, value = a_change(row)
    if way == "save":
        setattr(row, name, value)
        row.save()
    elif way == "update":
        model._base_manager.filter(pk=row.pk).update(**{name: value})
    elif way == "bulk_update":
        setattr(row, name, value)
        model._base_manager.bulk_update([row], [row._meta.get_field(name).name])
    else:
        column = connection.ops.quote_name(columns(model)[name])
        execute(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE {model._meta.pk.column} = %s", value, row.pk)
    old, changed = revisions(row)[-2:]
    assert changed.pgh_label == "update"
    assert values(old, of=model) == before
    assert getattr(changed, name) == value
    assert values(changed, of=model) == values(reloaded(row))


@each_changing_table
def test_write_that_changes_nothing_leaves_no_revision(model: Any) -> None:
    row = reloaded(new(model))
    before = len(revisions(row))
    row.save()
    assert len(revisions(row)) == before


@each_table
@pytest.mark.parametrize("way", ["delete", "queryset", "raw SQL"])
def test_deleted_row_can_be_read_in_full(model: Any, way: str) -> None:
    row = reloaded(new(model))
    pk, before = row.pk, values(row)
    if way == "delete":
        row.delete()
        row.pk = pk
    elif way == "queryset":
        model._base_manager.filter(pk=pk).delete()
    else:
        execute(f"DELETE FROM {model._meta.db_table} WHERE {model._meta.pk.column} = %s", pk)
    last = revisions(row)[-1]
    assert last.pgh_label == "delete"
    assert values(last, of=model) == before


def test_cascade_is_recorded_for_each_row_that_it_takes() -> None:
    ruling = make.RulingFactory()
    taken: list[Any] = [
        make.RulingJudgeFactory(ruling=ruling),
        make.RulingCitationFactory(ruling=ruling),
        make.ProvisionFactory(ruling=ruling),
        make.TreatmentFactory(act=ruling),
        make.ResponseFactory(event=ruling, responds_to=make.EventFactory(case=ruling.case)),
        make.ReferenceFactory(event=ruling),
        make.DocketEntryFactory(event=ruling, proceeding=make.ProceedingFactory(case=ruling.case, court=ruling.court)),
    ]
    pks = [row.pk for row in taken]
    ruling.delete()
    for row, pk in zip(taken, pks, strict=True):
        row.pk = pk
        assert labels(row) == ["insert", "delete"], row


def test_links_of_a_case_are_recorded_when_they_come_and_go() -> None:
    case, other, topic = make.CaseFactory(), make.CaseFactory(), make.TopicFactory(name="Immigration")
    case.topics.add(topic)
    case.related.add(other)
    case.topics.clear()
    case.related.set([])
    topics: Any = apps.get_model("casetracker", "CaseTopicRevision").objects.order_by("pgh_id")
    related: Any = apps.get_model("casetracker", "RelatedCaseRevision").objects.order_by("pgh_id")
    assert list(topics.values_list("pgh_label", "case", "topic")) == [
        ("insert", case.pk, topic.pk),
        ("delete", case.pk, topic.pk),
    ]
    assert sorted(related.values_list("pgh_label", "from_case", "to_case")) == sorted(
        (label, *pair) for label in ("insert", "delete") for pair in ((case.pk, other.pk), (other.pk, case.pk))
    )


# --- who ------------------------------------------------------------------------------------------------------------


def test_revision_names_who_wrote_and_why() -> None:
    user = make.UserFactory()
    case = make.CaseFactory()
    with pghistory.context(user=user.pk, act="put the name right"):
        Case.objects.filter(pk=case.pk).update(name="Smith v. Doe")
        execute("UPDATE casetracker_case SET short_name = 'Smith' WHERE id = %s", case.pk)
    made, renamed, shortened = revisions(case)
    assert made.pgh_context is None
    assert renamed.pgh_context.metadata == {"user": user.pk, "act": "put the name right"}
    assert shortened.pgh_context == renamed.pgh_context


def test_write_without_a_context_is_recorded_all_the_same() -> None:
    case = make.CaseFactory()
    execute("UPDATE casetracker_case SET name = 'By hand' WHERE id = %s", case.pk)
    assert [(revision.pgh_label, revision.name, revision.pgh_context) for revision in revisions(case)][-1] == (
        "update",
        "By hand",
        None,
    )


def test_act_of_publication_is_labelled_in_the_history() -> None:
    user = make.UserFactory(is_superuser=True)
    event = make.EventFactory()
    publication.publish(event, actor=user)
    last = revisions(event)[-1]
    assert last.pgh_context.metadata["act"] == "publish"
    assert (last.state, last.state_changed_by_id) == ("published", user.pk)


def test_moment_of_a_revision_is_the_moment_of_the_write() -> None:
    before = datetime.datetime.now(datetime.UTC)
    case = make.CaseFactory()
    (revision,) = revisions(case)
    # The clock of the database is that of this machine, or nearly.
    assert abs(revision.pgh_created_at - before) < datetime.timedelta(minutes=1)


# --- the history itself ---------------------------------------------------------------------------------------------


@each_table
def test_history_is_append_only(model: Any) -> None:
    row = reloaded(new(model))
    revision = revisions(row)[0]
    table = revision._meta.db_table
    for write in (
        lambda: type(revision).objects.filter(pk=revision.pk).update(pgh_label="forged"),
        lambda: type(revision).objects.filter(pk=revision.pk).delete(),
        lambda: execute(f"UPDATE {table} SET pgh_label = 'forged'"),
        lambda: execute(f"DELETE FROM {table}"),
    ):
        with pytest.raises(Error, match=r"Cannot (update|delete)"), transaction.atomic():
            write()
    assert revisions(row)[0].pgh_label == "insert"


def test_history_outlives_the_row() -> None:
    event = make.EventFactory(title="Motion to reopen")
    pk = event.pk
    event.delete()
    revision: Any = apps.get_model("casetracker", "EventRevision")
    assert not Event.objects.filter(pk=pk).exists()
    assert set(revision.objects.filter(pgh_obj_id=pk).values_list("title", flat=True)) == {"Motion to reopen"}
