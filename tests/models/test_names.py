"""What the names of columns promise: `_at` for a moment, `_on` for a day."""

from typing import Any

from django.apps import apps
from django.db.models import BooleanField, DateField, DateTimeField, GeneratedField

OURS: list[Any] = [
    model
    for model in apps.get_app_config("casetracker").get_models()
    if not model.__name__.endswith("Revision") and not model._meta.proxy
]


def _columns(kind: Any) -> set[str]:
    # A moment is a date to Django's classes, so the very class is asked for.
    return {field.name for model in OURS for field in model._meta.fields if type(field) is kind}


def test_people_read_entry_where_the_program_says_event() -> None:
    """On forms, in histories and in what they refuse; `Event` is the name of the model, and of one kind of entry."""
    labels = {
        f"{model.__name__}.{field.name}": str(field.verbose_name)
        for model in OURS
        for field in model._meta.concrete_fields
        if not hasattr(model, "pgh_tracked_model")
    }
    assert labels["Document.event"] == "entry"
    assert [name for name, label in labels.items() if "event" in label.lower()] == []


def test_moment_is_named_at() -> None:
    moments = _columns(DateTimeField)
    # From which moment on, and until which: the names that say more with another word.
    assert {name for name in moments if not name.endswith("_at")} == {"published_from", "due", "holds_until"}


def test_day_is_named_on() -> None:
    days = _columns(DateField)
    # Of a case the first and the latest of its entries: no days on which something was done to it.
    assert days == {"checked_on", "corrected_on", "dead_on", "first_day", "latest_day"}


def test_name_that_ends_in_at_is_a_moment_and_one_in_on_a_day() -> None:
    for model in OURS:
        for field in model._meta.fields:
            if field.name.endswith("_at") and field.name != "said_at":
                assert isinstance(field, DateTimeField), f"{model.__name__}.{field.name}"
            if field.name.endswith("_on"):
                assert isinstance(field, DateField) or type(field).__name__ == "UncertainDateField"


def test_moment_of_writing_is_never_part_of_an_order_or_a_page_of_the_domain() -> None:
    for model in OURS:
        used = [str(name).removeprefix("-") for name in model._meta.ordering]
        assert not {"created_at", "updated_at", "state_changed_at"} & set(used), model.__name__


def test_column_that_follows_from_others_is_generated_by_the_database() -> None:
    derived = {field.name for model in OURS for field in model._meta.fields if isinstance(field, GeneratedField)}
    assert derived >= {"earliest", "latest", "sort_date", "sort_rank", "sort_key", "key", "search"}


def test_every_switch_has_a_default() -> None:
    for model in OURS:
        for field in model._meta.fields:
            if isinstance(field, BooleanField):
                assert False in (field.default, field.db_default), f"{model.__name__}.{field.name}"
