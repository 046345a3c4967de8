"""
Loads a large set in the time that there is: no triggers, no histories, indexes made when all rows are in.

Rows of the same seed are the same as those of `load.copy`. What triggers keep beside the rows is worked out at the end,
by the functions that a restored dump would be mended with.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from bench import rows_in
from bench.generate import COLUMNS, Batch
from casetracker.models import CasePlace

Say = Callable[[str], None]


def copy(batches: Iterable[Batch], *, say: Say = lambda text: None) -> int:
    """The number of rows."""
    total = cases = 0
    started = time.monotonic()
    with without_triggers(), _without_indexes(say):
        for batch in batches:
            with transaction.atomic(), connection.cursor() as cursor:
                for model, rows in batch.items():
                    if rows:
                        rows_in.copy_rows(cursor, model, rows)
                        total += len(rows)
            cases += len(batch[next(model for model in batch if model._meta.model_name == "case")])
            say(f"{cases:,} cases, {total:,} rows, {time.monotonic() - started:.0f} s")
    rows_in.advance_keys()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE casetracker_case; ANALYZE casetracker_event")
    CasePlace.objects.rebuild()
    say(f"what triggers keep is worked out, {time.monotonic() - started:.0f} s")
    return total


@contextmanager
def without_triggers() -> Iterator[None]:
    """Nor the checks of foreign keys, which the generator keeps. The account must be allowed to: the bench's own is."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET session_replication_role")


@contextmanager
def _without_indexes(say: Say) -> Iterator[None]:
    """
    Takes away all indexes of the tables that are filled but those of constraints, and makes them again. Where it is
    stopped in between, a table of the bench keeps what is to be made again.
    """
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_index (definition text PRIMARY KEY)")
        for name, definition in _indexes(cursor):
            cursor.execute("INSERT INTO bench_index VALUES (%s) ON CONFLICT DO NOTHING", [definition])
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SELECT definition FROM bench_index ORDER BY definition")
        for place, (definition,) in enumerate(cursor.fetchall(), start=1):
            cursor.execute(definition.replace("INDEX ", "INDEX IF NOT EXISTS ", 1))
            say(f"index {place}: {definition[:90]}")
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute("DROP TABLE bench_index")


def _indexes(cursor: Any) -> list[tuple[str, str]]:
    """Name and definition of each index of the tables that are filled that no constraint needs."""
    cursor.execute(
        """
        SELECT i.relname, pg_get_indexdef(i.oid)
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        WHERE x.indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid)
        """,
        [[model._meta.db_table for model in COLUMNS]],
    )
    found: list[tuple[str, str]] = cursor.fetchall()
    return found
