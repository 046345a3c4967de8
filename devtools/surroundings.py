"""
The environment variables that Casetracker's own programs are run with, and the database behind them.

`DATABASE_URL` of the caller wins over the embedded server. Every other setting is ours: a try-out, a test or a check
must not depend on what a developer's shell happens to hold.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from devtools.console import Console
from devtools.paths import data_directory
from devtools.postgres import Cluster

LOOPBACK_HOSTS = "localhost,127.0.0.1"


class Database(NamedTuple):
    """A database that is there, and the folder with PostgreSQL's own programs when it is one of ours."""

    url: str
    programs: Path | None = None


@contextlib.contextmanager
def database(
    folder: Path, name: str, *, console: Console, fast: bool = False, step: str = "Starting PostgreSQL"
) -> Iterator[Database]:
    """A database that is there for as long as the context: the caller's, or one of a cluster of ours."""
    if given := os.environ.get("DATABASE_URL", "").strip():
        yield Database(given)
        return
    with contextlib.ExitStack() as stack:
        with console.step(step):
            cluster = stack.enter_context(Cluster(folder, fast=fast, console=console))
            cluster.create_database(name)
        yield Database(cluster.url(name), cluster.binaries.folder)


def tryout(
    held: Database, *, static_root: Path, secret_key: str, debug: bool = False, hosts: str = LOOPBACK_HOSTS
) -> dict[str, str]:
    """The variables of a start on this machine only, over plain HTTP."""
    variables = _with(held) | {
        "CASETRACKER_TRYOUT": "1",
        "CASETRACKER_SECRET_KEY": secret_key,
        "CASETRACKER_ALLOWED_HOSTS": hosts,
        "CASETRACKER_STATIC_ROOT": str(static_root),
    }
    if debug:
        variables["CASETRACKER_DEBUG"] = "1"
    return variables


def testing(held: Database, *, static_root: Path) -> dict[str, str]:
    """The variables that the tests run with; `testserver` is the name that Django's test client calls."""
    return tryout(
        held, static_root=static_root, secret_key=secrets.token_urlsafe(60), hosts=f"{LOOPBACK_HOSTS},testserver"
    )


def production(held: Database, *, static_root: Path) -> dict[str, str]:
    """The variables of a public site, for `check --deploy`."""
    return _with(held) | {
        "CASETRACKER_SECRET_KEY": secrets.token_urlsafe(60),
        "CASETRACKER_ALLOWED_HOSTS": "casetracker.example",
        "CASETRACKER_STATIC_ROOT": str(static_root),
        "CASETRACKER_CONTACT": "editors@casetracker.example",
    }


def kept_secret_key() -> str:
    """The try-out's secret key, made once and kept, so that a restart signs nobody out."""
    path = data_directory() / "secret-key"
    with contextlib.suppress(OSError):
        if len(key := path.read_text().strip()) >= 50:
            return key
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(60)
    unfinished = path.with_name(f"secret-key.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="ascii") as stream:
        stream.write(key + "\n")
    unfinished.replace(path)
    return key


# Whom to write to; where the tests find real dockets, and put the pictures of the handbook.
_PASSED_ON = {"CASETRACKER_CONTACT", "CASETRACKER_REAL_DOCKETS", "CASETRACKER_PICTURES"}


def _with(held: Database) -> dict[str, str]:
    """
    Our own variables with the database, without settings of Casetracker, of Django, and of libpq, which would steer the
    connection. PostgreSQL's programs are on PATH, last, so that `manage dbshell` finds a psql where none is installed.
    """
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CASETRACKER_", "DJANGO_", "PG")) or name in _PASSED_ON
    }
    if held.programs is not None:
        variables["PATH"] = os.pathsep.join((variables.get("PATH", os.defpath), str(held.programs)))
    return variables | {"DATABASE_URL": held.url}
