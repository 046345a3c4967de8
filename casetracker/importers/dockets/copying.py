"""
Many new rows of one table at once, by COPY: without an object of the model, and a placeholder, for each value.

Triggers and constraints hold as for any other write, so the history has every row. What a form would check is not
checked, as in `bulk_create`.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from django.db import connection, models
from django.db.models import NOT_PROVIDED

from .progress import NOBODY, Progress

_AS_THEY_ARE: dict[type[object], set[type]] = {
    models.CharField: {str},
    models.TextField: {str},
    models.BooleanField: {bool},
    models.SmallIntegerField: {int},
    models.PositiveSmallIntegerField: {int},
    models.PositiveIntegerField: {int},
    models.BigIntegerField: {int},
    models.BigAutoField: {int},
    models.ForeignKey: {int, str},
}


def make_ready() -> None:
    """
    To be called in the transaction before rows are copied in, once.

    pghistory says who writes at the head of each statement that goes through Django, until the transaction ends. COPY
    does not, so this goes before it. Where nobody has set what is to be ignored, each trigger of each row asks in vain
    and ends a subtransaction by an error, which then looks through all that waits for the end: the time would grow with
    the square of the rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN PERFORM set_config('pgtrigger.ignore', '{}', true); END $$")


def copy_with_keys(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], progress: Progress = NOBODY
) -> list[int]:
    """Write the rows as `copy_in` does; the keys that they got, in their order."""
    if not rows:
        return []
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(meta.db_table), str(meta.pk.column), len(rows)],
        )
        keys: list[int] = [key for (key,) in cursor.fetchall()]
    copy_in(model, [{meta.pk.attname: key} | dict(row) for key, row in zip(keys, rows, strict=True)], progress)
    return keys


def copy_in(model: type[models.Model], rows: Sequence[Mapping[str, Any]], progress: Progress = NOBODY) -> None:
    """
    Write the rows, each the values by the names of the columns, all with the same. A column that is not named has its
    default. To be called after `make_ready`. Raises `django.db.DatabaseError`.
    """
    if not rows:
        return
    meta = model._meta
    named = [field for field in meta.concrete_fields if field.attname in rows[0]]
    filled = [
        field
        for field in meta.concrete_fields
        if not (field in named or field.primary_key or field.generated or field.db_default is not NOT_PROVIDED)
    ]
    if unknown := rows[0].keys() - {field.attname for field in named}:
        raise ValueError(f"{meta.label} has no columns {', '.join(sorted(unknown))}.")
    # What is made anew for each row goes in front, and what all have alike behind.
    made = [field for field in filled if field.has_default() and callable(field.default)]
    alike = [field for field in filled if field not in made]
    # Value after value of one column is made ready far sooner than row after row.
    values: list[Iterable[Any]] = [
        *([field.get_default() for _ in rows] for field in made),
        *(_stored(field, [row[field.attname] for row in rows]) for field in named),
        *(repeat(field.get_db_prep_save(field.get_default(), connection)) for field in alike),
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in (*made, *named, *alike))
    statement = f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in progress.over(zip(*values, strict=False)):
            copy.write_row(row)


def _stored(field: "models.Field[Any, Any]", values: list[Any]) -> list[Any]:
    """
    What the driver is given for the values of a column: of a plain one the values themselves, else what Django makes of
    each, once for one that comes again, as dates and kinds do.
    """
    if set(map(type, values)) <= {*_AS_THEY_ARE.get(type(field), ()), type(None)}:
        return values
    known: dict[Any, Any] = {}

    def read(value: Any) -> Any:
        try:
            return known[value]
        except KeyError:
            found = known[value] = field.get_db_prep_save(value, connection)
            return found
        except TypeError:  # no key of a dictionary, as JSON
            return field.get_db_prep_save(value, connection)

    return [read(value) for value in values]
