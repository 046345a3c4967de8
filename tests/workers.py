"""Real workers for tests, as processes of their own on the database of the test."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


def url() -> str:
    """The address of the database that the test has."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def forget_jobs() -> None:
    """What other tests left in the queue: its tables are not Django's to empty."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


def say_that_one_is_alive(*, seconds_ago: int = 1) -> None:
    """As a worker does, without one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_worker", *arguments],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": url()}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def work_until_idle() -> None:
    """What waits is done when this returns."""
    worker = start("--until-idle")
    _, errors = worker.communicate(timeout=300)
    assert worker.returncode == 0, errors


@contextlib.contextmanager
def running() -> Iterator[subprocess.Popen[str]]:
    worker = start()
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.kill()
        worker.communicate()


@contextlib.contextmanager
def held(row: str) -> Iterator[None]:
    """A row that nobody can point at until the end, as `casetracker_court WHERE id = 'mdd'`."""
    with psycopg.connect(url()) as other:
        other.execute(f"SELECT FROM {row} FOR UPDATE")
        yield


def eventually(holds: Callable[[], object]) -> None:
    """Wait until it holds; a failure after a time that only a machine at a standstill needs."""
    end = time.monotonic() + 240
    while not holds():
        assert time.monotonic() < end, "It did not come to hold."
        time.sleep(0.05)


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


def is_listening() -> bool:
    """Whether a worker listens for new jobs, which it does until it is told to stop."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%%')"
        )
        return bool(cursor.fetchone()[0])
