"""Rows that are copied in are rows as any other: with defaults, constraints and a history."""

import factories as make
import pghistory
import pytest
from django.db import IntegrityError, connection, transaction
from pghistory.models import Context

from casetracker.importers.dockets.copying import copy_in, copy_with_keys, make_ready
from casetracker.models import Event, Reference, Response, State

pytestmark = pytest.mark.django_db


def row(number: int, **more: object) -> dict[str, object]:
    case = make.CaseFactory()
    return {
        "case_id": case.pk,
        "court_id": None,
        "kind": "event",
        "title": f"Entry {number}",
        "date": "2025-04-10",
    } | more


def test_copied_rows_have_keys_defaults_and_what_the_database_computes() -> None:
    keys = copy_with_keys(Event, [row(1), row(2, title="A tab\tand a \\ and a line\nmore")])
    first, second = Event.objects.filter(pk__in=keys).order_by("pk")
    assert [first.pk, second.pk] == keys
    assert (first.state, first.version, first.sort_date.isoformat()) == (State.DRAFT, 1, "2025-04-10")
    assert first.public_id != second.public_id
    assert second.title == "A tab\tand a \\ and a line\nmore"


def test_copied_row_has_a_history_that_says_where_it_came_from() -> None:
    with transaction.atomic(), pghistory.context(source="import_docket"):
        make_ready()
        keys = copy_with_keys(Event, [row(1)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_context_id FROM casetracker_eventrevision WHERE pgh_obj_id = %s", keys)
        ((context,),) = cursor.fetchall()
    assert Context.objects.get(pk=context).metadata["source"] == "import_docket"


def test_constraint_is_told_as_for_any_other_write() -> None:
    event = make.EventFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in(Response, [{"event_id": event.pk, "responds_to_id": event.pk}])


def test_nothing_is_copied_of_no_rows_and_an_unknown_column_is_refused() -> None:
    copy_in(Reference, [])
    assert copy_with_keys(Reference, []) == []
    with pytest.raises(ValueError, match="no columns nonsense"):
        copy_in(Event, [row(1) | {"nonsense": 1}])
