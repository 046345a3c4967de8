"""
`manage.py import_docket` killed after each of its statements and after each row of its COPYs, and run again: as if it
had run once.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import docket_samples as samples
import factories as make
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from casetracker.models import CaseChange, CountedCase, Event, ImportedEntry, RecordChange, Tally, TallyChange

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]

# Each run is a process of its own, forked from one that has Django loaded; it kills itself after its nth statement or
# row, each of which has reached the server by then.
# Told is, for each, how it ended and how many entries, and known entries, there were afterwards.
RUNS = """
import itertools, json, os, signal, sys
import django
django.setup()
from psycopg import Copy, _copy_base
from django.core.management import call_command
from django.db import connection
from casetracker.models import Event, ImportedEntry, RecordChange

connection.settings_dict["NAME"] = sys.argv[1]

_copy_base.BUFFER_SIZE = 0
write_row = Copy.write_row

def run(left):
    def count(what):
        nonlocal left
        left -= 1
        if left == 0:
            print(what, file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        count("statement")
        return result

    def counted_row(copy, row):
        write_row(copy, row)
        count("row")

    Copy.write_row = counted_row
    with connection.execute_wrapper(counted):
        call_command("import_docket", *sys.argv[2:], verbosity=0)
    os._exit(0)

for statement in itertools.count(1):
    child = os.fork()
    if child == 0:
        try:
            run(statement)
        finally:
            os._exit(1)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([ended, Event.objects.count(), ImportedEntry.objects.count()]), flush=True)
    # The next process must not speak through this connection.
    connection.close()
    if ended != -signal.SIGKILL:
        break
"""
# Given anew to each row, or with each moment.
_OF_THE_MOMENT = {
    "id", "public_id", "created_at", "updated_at", "state_changed_at", "loaded_at", "pgh_id", "pgh_created_at",
    "pgh_context", "pgh_obj",
}  # fmt: skip


def everything() -> dict[str, Counter[str]]:
    """All rows of all tables of the project, histories too, by what they say and not by their keys."""
    found = {}
    for model in apps.get_app_config("casetracker").get_models():
        if model in {RecordChange, CaseChange, CountedCase, Tally, TallyChange}:
            # The number of a transaction and its moment; keys of rows, and what follows from the others.
            continue
        columns = [
            field.name
            for field in model._meta.concrete_fields
            if field.name not in _OF_THE_MOMENT and not field.is_relation and field.name != "entry_key"
        ]
        rows = model._base_manager.values_list(*columns) if columns else []
        found[model._meta.label] = Counter(map(repr, rows))
    return {label: rows for label, rows in found.items() if rows}


def test_import_that_is_killed_at_any_statement_or_row_and_run_again_ends_as_if_run_once(tmp_path: Path) -> None:
    make.CourtFactory(id="mdd", short_name="D. Md.")
    other = samples.CSV.replace("8:25-cv-00951", "8:25-cv-00111").replace("Doe v.", "Roe v.")
    files = [tmp_path / "first.csv", tmp_path / "second.csv"]
    for path, text in zip(files, (samples.CSV, other), strict=True):
        path.write_text(text, encoding="utf-8")
    with transaction.atomic():
        call_command("import_docket", *map(str, files), verbosity=0)
        once = everything()
        transaction.set_rollback(True)
    assert Event.objects.count() == 0

    runs, kills = _killed_again_and_again(files)

    assert {ended for ended, _, _ in runs[:-1]} == {-signal.SIGKILL}
    assert runs[-1] == [0, 6, 6]
    # Whole or not at all, docket by docket; and it was killed while nothing and while one docket had landed.
    assert {(entries, known) for _, entries, known in runs} == {(0, 0), (3, 3), (6, 6)}
    assert kills["statement"] > 25
    # Each row of the first docket at least: three entries in four tables.
    assert kills["row"] >= 3 * 4
    assert everything() == once
    assert ImportedEntry.objects.count() == 6


def _killed_again_and_again(files: list[Path]) -> tuple[list[list[Any]], Counter[str]]:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "casetracker.settings"}
    name = str(connection.settings_dict["NAME"])
    done = subprocess.run(
        [sys.executable, "-c", RUNS, name, *map(str, files)],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()], Counter(done.stderr.split())
