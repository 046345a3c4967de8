"""
Datasette on the same public rows in the same minutes: what somebody would use who wants a site over tables at once.

Its wheel is fetched by pip into an environment of its own, where it is missing; it is no dependency of the project. It
serves an SQLite file with the tables, indexes and the full text index that a competent owner would give it, immutable,
with its counts kept and the suggestion of facets off.
"""

import json
import os
import sqlite3
import subprocess
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from bench import served
from bench.served import Reader, free_port

Say = Callable[[str], None]

VERSION = "0.65"
# The most rows that it is let answer at once.
MOST_ROWS = 1_000
# It answers with what it has when its time is over, which would be no comparison.
_SETTINGS = {
    "suggest_facets": "off",
    "facet_time_limit_ms": 60_000,
    "sql_time_limit_ms": 60_000,
    "max_returned_rows": MOST_ROWS,
    "default_page_size": 25,
}
_TABLES = """
    CREATE TABLE court (id text PRIMARY KEY, name text, level text);
    CREATE TABLE cases (id integer PRIMARY KEY, slug text, name text, sort_key text, court text REFERENCES court(id),
        number text, filed text, latest text, status text, topic text, entries integer, summary text);
    CREATE TABLE entry (id integer PRIMARY KEY, public_id text, case_id integer REFERENCES cases(id), day text,
        kind text, court text, title text, summary text, outcome text);
"""
_INDEXES = """
    CREATE INDEX cases_order ON cases(sort_key);
    CREATE INDEX cases_latest ON cases(latest DESC);
    CREATE INDEX cases_court ON cases(court, filed DESC);
    CREATE INDEX cases_status ON cases(status);
    CREATE INDEX cases_topic ON cases(topic);
    CREATE INDEX entry_case ON entry(case_id, day);
    CREATE VIRTUAL TABLE cases_fts USING fts5(name, summary, content="cases", content_rowid="id");
    INSERT INTO cases_fts(cases_fts) VALUES('rebuild');
    INSERT INTO cases_fts(cases_fts) VALUES('optimize');
    ANALYZE;
"""
_ROWS = {
    "court": "SELECT id, name, level FROM casetracker_court WHERE short_name IN (SELECT courts[1][1] FROM bench_line)",
    "cases": """
        SELECT l.id, l.slug, l.name, l.sort_key, (SELECT p.court_id FROM casetracker_proceeding p WHERE p.case_id = l.id
                ORDER BY p.display_order, p.id LIMIT 1),
            l.courts[1][3], to_char(d.first_day, 'YYYY-MM-DD'), to_char(d.latest_day, 'YYYY-MM-DD'), l.status,
            l.topics[1], (SELECT count(*) FROM casetracker_event e WHERE e.case_id = l.id AND e.state = 'published'),
            l.summary
        FROM bench_line l JOIN casetracker_caseplace d ON d.case_id = l.id ORDER BY l.id""",
    "entry": """
        SELECT e.id, e.public_id, e.case_id, to_char(e.sort_date, 'YYYY-MM-DD'), e.kind, e.court_id, e.title, e.summary,
            e.outcome
        FROM casetracker_event e JOIN bench_line l ON l.id = e.case_id
        WHERE e.state = 'published' AND e.published_from <= now() ORDER BY e.id""",
}


class MissingError(Exception):
    """There is no Datasette to be had here, and why."""


@dataclass(frozen=True, slots=True)
class Datasette:
    """A running one."""

    version: str
    reader: Reader

    def get(self, address: str) -> bytes:
        return self.reader.get(address)

    def place_of(self, address: str, page: int, size: int) -> str:
        """What leads to a page: found once, by walking there in the largest steps that it takes."""
        place, left = "", (page - 1) * size
        while left > 0:
            step = min(left, MOST_ROWS)
            body = json.loads(self.get(f"{address}&_size={step}&_shape=objects&_nocount=1&_nofacet=1{place}"))
            place, left = f"&_next={quote(body['next'])}", left - step
        return place


@contextmanager
def running(folder: Path, mark: str, *, say: Say) -> Iterator[Datasette]:
    """
    Serves the rows of the present database, kept in `folder` under `mark` for the next time. Raises `MissingError`
    where it cannot be installed or does not begin to answer.
    """
    program = _installed(folder, say=say)
    file = folder / f"{mark}.db"
    if not file.exists():
        say("an SQLite file for Datasette")
        _fill(file)
    inspected = file.with_suffix(".json")
    if not inspected.exists():
        inspected.write_bytes(_told([program, "-m", "datasette", "inspect", file]))
    version = _told([program, "-m", "datasette", "--version"]).decode().split()[-1]
    port = free_port()
    command = (
        program, "-m", "datasette", "serve", "--immutable", file, "--port", port, "--inspect-file", inspected,
        *(part for name, value in _SETTINGS.items() for part in ("--setting", name, value)),
    )  # fmt: skip
    with served.running(command, port, environment=_environment()) as reader:
        yield Datasette(version, reader)


def _told(command: list[Any]) -> bytes:
    return subprocess.run(command, check=True, capture_output=True, env=_environment()).stdout


def _environment() -> dict[str, str]:
    """Without ours, which names our database and our key."""
    return {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}


def _installed(folder: Path, *, say: Say) -> Path:
    place = folder / "environment"
    program = place / "bin" / "python"
    if not (place / "installed").exists():
        say(f"Datasette {VERSION} is installed, apart from everything else")
        try:
            venv.create(place, with_pip=True, clear=True)
            subprocess.run(
                [program, "-m", "pip", "install", "--quiet", f"datasette~={VERSION}.0"], check=True, capture_output=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise MissingError(f"Datasette could not be installed: {error}") from error
        (place / "installed").touch()
    return program


def _fill(file: Path) -> None:
    unfinished = file.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    database = sqlite3.connect(unfinished)
    database.executescript("PRAGMA journal_mode=off; PRAGMA synchronous=off;" + _TABLES)
    for table, sql in _ROWS.items():
        for rows in _batches(sql):
            marks = ", ".join("?" * len(rows[0]))
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    database.executescript(_INDEXES)
    database.commit()
    database.close()
    unfinished.rename(file)


def _batches(sql: str) -> Iterator[list[tuple[Any, ...]]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(5_000):
            yield rows
