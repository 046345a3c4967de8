"""Rows into tables by COPY, with what the generator leaves to the model."""

from typing import Any

from django.db import connection, models
from django.db.models import Model

from bench.generate import COLUMNS


def copy_rows(cursor: Any, model: type[Model], rows: list[tuple[Any, ...]]) -> None:
    named = COLUMNS[model]
    constants = _defaults(model, named)
    columns = ", ".join(f'"{name}"' for name in (*named, *constants))
    values = tuple(constants.values())
    with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as sink:
        for row in rows:
            sink.write_row(row + values)


def _defaults(model: type[Model], named: tuple[str, ...]) -> dict[str, Any]:
    """What the columns that the generator does not name hold: the default that Django, not the database, would give."""
    found = {}
    for field in model._meta.concrete_fields:
        if (
            field.column is None
            or field.column in named
            or isinstance(field, models.GeneratedField)
            or field.primary_key
        ):
            continue
        if field.has_db_default() or field.null:
            continue
        found[field.column] = field.get_default()
    return found


def advance_keys() -> None:
    """After COPY with keys of its own, let the next key that the database gives be a free one."""
    with connection.cursor() as cursor:
        for model, columns in COLUMNS.items():
            if "id" in columns:
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM \"{table}\"))"
                    f' WHERE EXISTS (SELECT 1 FROM "{table}")'
                )
