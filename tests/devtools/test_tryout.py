"""The worker beside the server of a try-out: there while the site is, and gone with it."""

import os
from pathlib import Path

import pytest
import workers
from procrastinate.contrib.django.models import ProcrastinateWorker

from casetracker import jobs
from devtools import processes, tryout

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_worker() -> None:
    workers.forget_jobs()


def test_worker_lives_as_long_as_the_site_and_says_when_it_ends(tmp_path: Path) -> None:
    env = {**os.environ, "DATABASE_URL": workers.url()}
    log = tmp_path / "worker.log"
    with tryout._worker(env, log=log):
        workers.eventually(jobs.is_worked)
        child = next(iter(processes.Child._living))
        assert "run_worker" in child.process.args  # type: ignore[operator]  # a list of words
        assert child.process.poll() is None
    # It was asked, and ended by itself: who is killed says nothing.
    assert child.process.returncode == 0, log.read_text()
    assert not ProcrastinateWorker.objects.exists()


def test_site_goes_on_when_the_worker_fails(tmp_path: Path) -> None:
    env = {**os.environ, "DATABASE_URL": "no address"}
    with tryout._worker(env, log=tmp_path / "worker.log"):
        child = next(iter(processes.Child._living))
        assert child.wait() != 0
    assert "DATABASE_URL" in (tmp_path / "worker.log").read_text()
