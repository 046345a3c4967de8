"""
Where text stands in the database: every column of every table, those of the history included, that could hold a word
somebody typed. A table that is added later is among them without a further step.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.apps import apps
from django.db.models import AutoField, CharField, GeneratedField, JSONField, Model, SlugField, TextField

from casetracker.models import (
    CountedCase,
    ImportedDocket,
    ImportedEntry,
    OpenForm,
    Redaction,
    StoredFile,
    Tally,
    TallyChange,
)
from casetracker.models.fields import UncertainDateField
from casetracker.validators import time_zone_name, web_address


class Holds(Enum):
    TEXT = "text"
    # A word of an address: unique, letters and hyphens alone.
    SLUG = "slug"
    # A web address: half of one leads nowhere, so it goes as a whole.
    ADDRESS = "address"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    holds: Holds
    longest: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A table with its columns of text. `is_history` is whether it holds what rows said before."""

    model: Any
    columns: tuple[Column, ...]

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)

    @property
    def is_history(self) -> bool:
        return hasattr(self.model, "pgh_tracked_model")


# Applications whose rows are no text of the desk: accounts and who signs in (an account that has to go is deactivated
# and renamed by hand; sessions are looked through one by one), names of tables, tokens, and jobs, which name a task and
# the key of a row (`casetracker.jobs`).
LEFT_OUT = frozenset({"auth", "contenttypes", "sessions", "accounts", "otp_static", "otp_totp", "procrastinate"})
# Columns that the program fills with what nobody types.
_BY_THE_PROGRAM = frozenset({"pgh_label", "public_id", "sha256"})
# They hold names of tables, keys, digests and numbers; that of a redaction is looked at before it is written. Files
# have a module of their own (`files`), for nothing in them can be replaced.
_TABLES_LEFT_OUT = frozenset(
    {OpenForm, ImportedDocket, ImportedEntry, Redaction, StoredFile, CountedCase, Tally, TallyChange}
)


def places() -> Iterator[Place]:
    """Every table with text in it; those of rows before those of the history."""
    found = []
    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed or model._meta.app_label in LEFT_OUT:
            continue
        if model in _TABLES_LEFT_OUT:
            continue
        columns = tuple(_columns(model))
        if columns:
            found.append(Place(model, columns))
    yield from sorted(found, key=lambda place: (place.is_history, place.table))


def _columns(model: type[Model]) -> Iterator[Column]:
    tracked = getattr(model, "pgh_tracked_model", None)
    key_of_row = tracked._meta.pk.name if tracked is not None else ""
    for field in model._meta.concrete_fields:
        if (
            field.name == key_of_row
            or isinstance(field, GeneratedField | UncertainDateField | AutoField)
            or field.primary_key
        ):
            continue
        if field.is_relation or field.choices or field.name in _BY_THE_PROGRAM or time_zone_name in field.validators:
            continue
        column = str(field.column)
        if isinstance(field, JSONField):
            yield Column(column, Holds.JSON, None)
        elif isinstance(field, SlugField):
            yield Column(column, Holds.SLUG, field.max_length)
        elif isinstance(field, CharField | TextField):
            is_address = web_address in field.validators
            yield Column(column, Holds.ADDRESS if is_address else Holds.TEXT, field.max_length)
