"""What is deleted with what: nothing, but the rows that are part of another."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from casetracker.models import distinct

# Owned rows go with their owner; everything else stands in the way of a deletion. A new key has to be written here.
OWNED = {
    ("CaseTopic", "case"),
    ("CaseTopic", "topic"),
    ("RelatedCase", "from_case"),
    ("RelatedCase", "to_case"),
    ("CourtAppeal", "from_court"),
    ("CourtAppeal", "to_court"),
    ("FormerSlug", "case"),
    ("FormerEntry", "event"),
    ("FormerParty", "party"),
    ("FormerCourt", "court"),
    ("FormerJudge", "judge"),
    ("FormerDocument", "document"),
    ("FormerAttorney", "attorney"),
    *(("NotTheSame", f"{other}{kind}") for kind in distinct.KINDS for other in ("", "other_")),
    ("DocketNumber", "proceeding"),
    ("ExternalId", "proceeding"),
    ("ProceedingJudge", "proceeding"),
    ("PartyRole", "proceeding"),
    ("Representation", "proceeding"),
    ("CasePlace", "case"),
    ("DocketEntry", "event"),
    ("Response", "event"),
    ("RulingJudge", "ruling"),
    ("RulingCitation", "ruling"),
    ("Provision", "ruling"),
    ("Treatment", "act"),
    ("Reference", "event"),
    ("Reference", "statement"),
    ("Reference", "case"),
    ("OpenForm", "user"),
    ("ImportedDocket", "proceeding"),
    ("ImportedEntry", "docket"),
}
# The report of an import outlives the case into which it went.
OUTLIVED = {("Import", "case")}
# Deleting the object of a revision leaves the revision as it is; a lost context takes no revision with it.
KEPT_BY_HISTORY = {"pgh_obj", "pgh_context"}


def _keys() -> list[tuple[Any, Any]]:
    ours: list[Any] = list(apps.get_app_config("casetracker").get_models())
    return [
        (model, field)
        for model in ours
        for field in model._meta.concrete_fields
        if field.remote_field and not (model._meta.proxy and model.__name__ == "Ruling")
    ]


def test_only_owned_rows_are_deleted_with_their_owner() -> None:
    cascading = {
        (model.__name__, field.name)
        for model, field in _keys()
        if field.remote_field.on_delete is models.CASCADE and not model.__name__.endswith("Revision")
    }
    assert cascading == OWNED


def test_every_other_key_protects_what_it_points_at() -> None:
    for model, field in _keys():
        if not model.__name__.endswith("Revision") and (model.__name__, field.name) not in OWNED | OUTLIVED:
            assert field.remote_field.on_delete is models.PROTECT, f"{model.__name__}.{field.name}"


def test_keys_of_the_history_hold_nothing_and_lose_nothing() -> None:
    found = set()
    for model, field in _keys():
        if model.__name__.endswith("Revision"):
            assert field.remote_field.on_delete is models.DO_NOTHING, f"{model.__name__}.{field.name}"
            assert not field.db_constraint or field.name not in KEPT_BY_HISTORY
            found.add(field.name)
    assert found >= KEPT_BY_HISTORY


@pytest.mark.django_db
def test_every_key_outside_the_history_is_kept_by_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, a.attname FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) WHERE c.contype = 'f'"
        )
        kept = set(cursor.fetchall())
    expected = {
        (model._meta.db_table, field.column) for model, field in _keys() if not model.__name__.endswith("Revision")
    }
    assert expected <= kept
