"""
Many new rows of one table at once, by COPY: without an object of the model, and a placeholder, for each value.

Triggers and constraints hold as for any other write, so the history has every row. What a form would check is not
checked, as in `bulk_create`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import NOT_PROVIDED


def copy_in(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """
    Write the rows, each the values by the names of the columns, all with the same; the keys that they got. A column
    that is not named has its default. To be called within a transaction. Raises `django.db.DatabaseError`.
    """
    if not rows:
        return []
    meta = model._meta
    named = [field for field in meta.concrete_fields if field.attname in rows[0]]
    filled = [
        field
        for field in meta.concrete_fields
        if not (field in named or field.primary_key or field.generated or field.db_default is not NOT_PROVIDED)
    ]
    if unknown := rows[0].keys() - {field.attname for field in named}:
        raise ValueError(f"{meta.label} has no columns {', '.join(sorted(unknown))}.")
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in (meta.pk, *named, *filled))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        # pghistory says who writes at the head of each statement that goes through Django, until the transaction ends.
        # COPY does not, so one that does nothing goes before it.
        cursor.execute("DO $$ BEGIN END $$")
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [quote(meta.db_table), str(meta.pk.column), len(rows)],
        )
        keys: list[int] = [key for (key,) in cursor.fetchall()]
        with cursor.copy(f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN") as copy:
            for key, row in zip(keys, rows, strict=True):
                values = [field.get_db_prep_save(row[field.attname], connection) for field in named]
                values += [field.get_db_prep_save(field.get_default(), connection) for field in filled]
                copy.write_row((key, *values))
    return keys
