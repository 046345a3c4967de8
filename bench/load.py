"""Puts a generated set into a database by COPY, in a form that is ready to be measured."""

import hashlib
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from bench import quick, ready_made, rows_in
from bench.generate import COLUMNS, Batch, Courts, Dataset
from casetracker.facets import keeping

# From so many cases on, rows are copied without triggers and without indexes, which are made behind them: the histories
# are then left out, and what triggers would have kept is worked out at the end.
QUICK_FROM = 50_000

Say = Callable[[str], None]


class ForeignDataError(Exception):
    """The database holds cases that no bench made."""


def ensure(cases: int, *, seed: int = 1, say: Say = lambda text: None) -> None:
    """
    See to it that the database of the settings holds exactly the set of so many cases; what is there already is kept if
    the generator, the seed and the tables are the same. Raises `ForeignDataError` rather than touch other data.
    """
    is_quick = cases >= QUICK_FROM
    call_command("migrate", interactive=False, verbosity=0)
    wanted = f"bench {cases} {seed} {_fingerprint(with_tables=not is_quick)}"
    found = mark()
    if found == wanted:
        return
    if found is None and _holds_cases():
        raise ForeignDataError(
            f"The database {connection.settings_dict['NAME']} holds cases that the bench did not make. "
            "Set DATABASE_URL to a database of its own."
        )
    started = time.monotonic()
    call_command("load_courts", verbosity=0)
    clear()
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE casetracker_case IS 'bench unfinished'")
    batches = Dataset(cases, courts=Courts.from_database(), seed=seed).batches()
    rows = quick.copy(batches, say=say) if is_quick else copy(batches, say=say)
    settle()
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE casetracker_case IS '{wanted}'")
    histories = "without histories" if is_quick else "histories included"
    say(f"{cases:,} cases, {rows:,} rows in {time.monotonic() - started:.0f} s, {histories}")


def copy(batches: Iterable[Batch], *, say: Say = lambda text: None) -> int:
    """Copy batches, each in a transaction of its own, with every trigger on; the number of rows."""
    total = cases = 0
    with connection.cursor() as cursor:
        # Without these settings each trigger of the histories ends a subtransaction by an error, and PostgreSQL then
        # goes through all deferred checks of the transaction: the time grows with the square of the rows.
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', false)")
        cursor.execute("SELECT set_config('pghistory.context_id', %s, false)", [str(uuid.uuid4())])
        cursor.execute("SELECT set_config('pghistory.context_metadata', %s, false)", ['{"command": "bench"}'])
    for batch in batches:
        with transaction.atomic(), connection.cursor() as cursor:
            for model, rows in batch.items():
                if rows:
                    rows_in.copy_rows(cursor, model, rows)
                    total += len(rows)
        cases += len(batch[next(model for model in batch if model._meta.model_name == "case")])
        say(f"{cases:,} cases, {total:,} rows")
    rows_in.advance_keys()
    return total


def clear() -> None:
    """Empty every table that the generator fills, and their histories."""
    histories = [model.pgh_event_model for model in COLUMNS if hasattr(model, "pgh_event_model")]
    tables = [model._meta.db_table for model in (*COLUMNS, *histories)]
    ready_made.clear()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(dict.fromkeys(tables))} RESTART IDENTITY CASCADE")


def settle() -> None:
    """
    Bring tables and indexes into the state that a site in use has them in: statistics gathered, pages marked
    all-visible (without which there is no index-only scan), pending words merged into the full text indexes.
    """
    with connection.cursor() as cursor:
        # Where commits are not waited for, as in the cluster of the tests, VACUUM was seen to mark no page as all-
        # visible.
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("CREATE TEMPORARY TABLE waited_for (nothing integer)")
        cursor.execute("DROP TABLE waited_for")
        for model in COLUMNS:
            cursor.execute(f'VACUUM (ANALYZE) "{model._meta.db_table}"')
        cursor.execute("VACUUM (ANALYZE) casetracker_court")
        # Where the rows came without their triggers nothing is counted yet.
        keeping.rebuild()
        cursor.execute("VACUUM (ANALYZE) casetracker_countedcase, casetracker_tally, casetracker_tallychange")
        cursor.execute("RESET synchronous_commit")


def mark() -> str | None:
    """What an earlier run wrote down about the set that it loaded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('casetracker_case'::regclass)")
        text: str | None = cursor.fetchone()[0]
    return text if text and text.startswith("bench ") else None


def _holds_cases() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM casetracker_case)")
        return bool(cursor.fetchone()[0])


def _fingerprint(*, with_tables: bool) -> str:
    """
    Changes when the same seed may give other rows: with the generator, and with the tables, which rewrite rows. What
    takes an hour to load is kept when tables change, for their migrations bring it along.
    """
    here = Path(__file__).parent
    root = here.parent / "casetracker"
    files = [
        here / "generate.py",
        here / "words.py",
        *(sorted((root / "migrations").glob("*.py")) if with_tables else ()),
        *((root / "models").glob("sql.py") if with_tables else ()),
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
