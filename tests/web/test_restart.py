"""
A server under load while its PostgreSQL goes away and comes back, and while it is asked to stop itself.

Both run for real: a cluster of their own and the web server of the try-out. Requests are few and bounded.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from devtools.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Running:
    cluster: Cluster
    process: "subprocess.Popen[bytes]"
    base: str

    def get(self, path: str) -> tuple[int, str]:
        """The status of an answer and its Retry-After."""
        try:
            with urllib.request.urlopen(f"{self.base}{path}", timeout=20) as answer:
                return answer.status, ""
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Retry-After", "")


@pytest.fixture
def running(static_files: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Cluster(tmp_path_factory.mktemp("cluster"), fast=True) as cluster:
        cluster.create_database("restart")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        env = {
            **os.environ,
            "DATABASE_URL": cluster.url("restart"),
            "CASETRACKER_TRYOUT": "1",
            "CASETRACKER_ALLOWED_HOSTS": "127.0.0.1",
            "CASETRACKER_STATIC_ROOT": str(settings.STATIC_ROOT),
        }
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True, timeout=120
        )
        process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "casetracker.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4",
                "--worker-class", "gthread", "--graceful-timeout", "15", "--no-control-socket",
            ],
            cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        found = Running(cluster, process, f"http://127.0.0.1:{port}")
        try:
            wait_until(lambda: ready(found))
            yield found
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


def ready(running: Running) -> bool:
    with contextlib.suppress(OSError):
        return running.get("/readyz")[0] == 200
    return False


def wait_until(true: object, *, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if callable(true) and true():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def test_a_restart_of_postgresql_under_load_leaves_no_error_behind(running: Running) -> None:
    seen: Counter[tuple[int, str]] = Counter()
    done = threading.Event()

    def ask() -> None:
        for _ in range(2_000):
            if done.is_set():
                return
            seen[running.get("/cases/")] += 1

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    running.cluster._stop()
    down = running.get("/cases/")
    assert running.get("/readyz")[0] == 503
    assert running.get("/livez") == (200, "")
    running.cluster._start()
    wait_until(running.cluster.is_ready)
    # From now on every thread of the server takes a new connection and notices nothing.
    after = Counter(running.get("/cases/") for _ in range(40))
    done.set()
    for thread in threads:
        thread.join(30)
    assert down == (503, "30")
    assert after == {(200, ""): 40}
    assert set(seen) == {(200, ""), (503, "30")}


def test_a_request_that_runs_is_answered_before_the_server_stops(running: Running) -> None:
    answers: list[tuple[int, str]] = []
    with psycopg.connect(running.cluster.url("restart")) as connection:
        connection.execute("LOCK TABLE casetracker_case IN ACCESS EXCLUSIVE MODE")
        thread = threading.Thread(target=lambda: answers.append(running.get("/cases/")))
        thread.start()
        watch = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        wait_until(lambda: connection.execute(watch).fetchone() != (0,))
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert answers == []
        connection.rollback()
    thread.join(30)
    assert answers == [(200, "")]
    assert running.process.wait(30) == 0
