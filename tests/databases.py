"""
Databases that are copied, not made: to play all migrations takes longer than many a run of tests, and every process of
a run needs a database of its own.

What commands have filled once is kept in the PostgreSQL of the tests, under a name that tells what it was made from:
`test_casetracker_empty_0123456789ab`. When the code has changed it is made anew, and the one before is dropped.
"""

import contextlib
import datetime
import functools
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
# Whoever makes, copies or drops one of them holds this lock of the server; nothing else asks for the number.
_LOCK = 2_109_384_756

Server = psycopg.Connection[Any]


@dataclass(frozen=True)
class Recipe:
    """Django's commands that fill a database, one after the other; perhaps one that another recipe has filled first."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    base: "Recipe | None" = None
    # What it is made from besides the code and the packages.
    beside: str = ""

    @property
    def kept_as(self) -> str:
        made_from = f"{_fingerprint()} {self.commands} {self.beside} {self.base and self.base.kept_as}"
        return f"{self.prefix}{hashlib.sha256(made_from.encode()).hexdigest()[:12]}"

    @property
    def prefix(self) -> str:
        return f"test_casetracker_{self.name}_"


EMPTY = Recipe("empty", (("migrate", "--verbosity", "0"),))


def demonstration(today: datetime.date) -> Recipe:
    """Courts and all demonstration cases, as loaded on a day."""
    return Recipe("demonstration", (("load_courts",), ("load_demonstration",)), base=EMPTY, beside=today.isoformat())


@contextlib.contextmanager
def copied(name: str, recipe: Recipe) -> Iterator[None]:
    """A new database called `name`, as the recipe makes it, until it is dropped again."""
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        _drop(server, name)
        _create(server, name, template=_kept(server, recipe))
    try:
        yield
    finally:
        with _server() as server:
            _drop(server, name)


def address(name: str) -> str:
    """The value of DATABASE_URL for a database beside the one of the tests."""
    ours = settings.DATABASES["default"]
    account = quote(str(ours["USER"]), safe="")
    if ours["PASSWORD"]:
        account += ":" + quote(str(ours["PASSWORD"]), safe="")
    port = f"&port={ours['PORT']}" if ours["PORT"] else ""
    return f"postgresql://{account}@/{name}?host={quote(str(ours['HOST']), safe='/')}{port}"


def _kept(server: Server, recipe: Recipe) -> str:
    """The name of the database that the recipe has filled, which is made if it is not there. Called under the lock."""
    name = recipe.kept_as
    if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return name
    base = _kept(server, recipe.base) if recipe.base else None
    found = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [recipe.prefix]).fetchall()
    for (old,) in found:
        _drop(server, old)
    # Under a passing name, so that one half made is never taken for whole.
    unfinished = f"{recipe.prefix}unfinished"
    _create(server, unfinished, template=base)
    for command in recipe.commands:
        done = subprocess.run(
            [sys.executable, "-m", "django", *command],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": address(unfinished)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"`{' '.join(command)}` failed for the tests:\n{done.stderr[-4000:]}")
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name)))
    return name


@functools.cache
def _fingerprint() -> str:
    """Of all our code, for roles and triggers come from it too, of the data that is loaded, and of the packages."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted((ROOT / "casetracker").rglob("*")):
        if path.suffix in {".py", ".yaml"}:
            digest.update(f"{path.relative_to(ROOT)} ".encode() + path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def _server() -> Iterator[Server]:
    ours = settings.DATABASES["default"]
    options: dict[str, Any] = {"host": ours["HOST"], "user": ours["USER"], "dbname": "postgres"}
    if ours["PASSWORD"]:
        options["password"] = ours["PASSWORD"]
    if ours["PORT"]:
        options["port"] = ours["PORT"]
    with psycopg.connect(**options, autocommit=True) as connection:
        yield connection


def _create(server: Server, name: str, *, template: str | None) -> None:
    command = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        command += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    server.execute(command)


def _drop(server: Server, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
