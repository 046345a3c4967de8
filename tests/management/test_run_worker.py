"""`manage.py run_worker` as a process: killed, stopped, two at once; what was asked for is done, and once."""

import signal
from collections.abc import Iterator

import docket_samples as samples
import factories as make
import pdf_samples
import pytest
import workers
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from casetracker import files, jobs
from casetracker.importers.dockets import landing, uploads
from casetracker.models import Case, Document, Event, Import, ImportedEntry, ImportState
from casetracker.roles import EDITOR

pytestmark = pytest.mark.django_db(transaction=True)

OF_MDD, OF_CA4, OF_SCOTUS = (
    samples.CSV.replace("mdd", court).replace("8:25-cv-00951", number).replace("Doe v.", f"{name} v.")
    for court, number, name in (("mdd", "8:25-cv-1", "Doe"), ("ca4", "25-1345", "Roe"), ("scotus", "24A949", "Poe"))
)
SECOND = "casetracker_court WHERE id = 'ca4'"


@pytest.fixture(autouse=True)
def courts() -> Iterator[None]:
    workers.forget_jobs()
    for court in ("mdd", "ca4", "scotus"):
        make.CourtFactory(id=court, short_name=court)
    yield
    workers.forget_jobs()


@pytest.fixture
def editor() -> User:
    user: User = make.in_role(EDITOR)
    return user


def confirmed(editor: User, *dockets: str) -> int:
    sent = [uploads.Upload(f"{number}.csv", docket.encode()) for number, docket in enumerate(dockets, 1)]
    row = uploads.keep(sent, actor=editor)
    uploads.confirm(row.pk, actor=editor, sha256=row.sha256, kinds={})
    return row.pk


def landed(key: int) -> int:
    return len(Import.objects.get(pk=key).landed)


def second_docket_is_landing(key: int) -> bool:
    return landed(key) == 1 and workers.somebody_waits_for_a_lock()


def counts() -> tuple[int, int, int]:
    return Case.objects.count(), Event.objects.count(), ImportedEntry.objects.count()


def test_worker_lands_what_was_confirmed_and_reads_what_was_uploaded(editor: User) -> None:
    key = confirmed(editor, OF_MDD, OF_CA4)
    document: Document = make.DocumentFactory(
        file=files.store(pdf_samples.pdf("A motion"), uploaded_by=None), event=make.EventFactory()
    )
    assert jobs.queue() == jobs.Queue(waiting=2, is_worked=False)
    workers.work_until_idle()
    row = Import.objects.get(pk=key)
    assert (row.state, row.new, row.data) == (ImportState.LANDED, 6, None)
    document.refresh_from_db()
    assert (document.reading, document.text) == ("read", "A motion")
    # What succeeded leaves nothing behind, and neither does a worker that has ended.
    assert not ProcrastinateJob.objects.exists()
    assert not ProcrastinateWorker.objects.exists()


def test_what_lands_is_in_the_history_as_done_by_who_uploaded_it(editor: User) -> None:
    confirmed(editor, OF_MDD)
    workers.work_until_idle()
    entry = Event.objects.first()
    assert entry is not None
    assert entry.created_by == editor
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.metadata->>'user', c.metadata->>'act' FROM casetracker_eventrevision r"
            " JOIN pghistory_context c ON c.id = r.pgh_context_id"
        )
        assert cursor.fetchall() == [(str(editor.pk), "import")]


def test_worker_that_is_killed_is_taken_over_and_all_is_there_once(editor: User) -> None:
    key = confirmed(editor, OF_MDD, OF_CA4, OF_SCOTUS)
    with workers.held(SECOND), workers.running() as worker:
        workers.eventually(lambda: second_docket_is_landing(key))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert counts() == (1, 3, 3)
    assert Import.objects.get(pk=key).state == ImportState.LANDING
    assert ProcrastinateJob.objects.get().status == "doing"
    # For so long it might be alive; then another takes over what it was at.
    assert jobs.outlook(jobs.Task.LAND_IMPORT, key) is jobs.Outlook.UNDER_WAY
    the_time_passes()
    assert jobs.outlook(jobs.Task.LAND_IMPORT, key) is jobs.Outlook.NOBODY
    workers.work_until_idle()
    row = Import.objects.get(pk=key)
    assert (row.state, row.new, len(row.landed)) == (ImportState.LANDED, 9, 3)
    assert counts() == (3, 9, 9)


def the_time_passes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")


def test_job_that_takes_its_workers_down_again_and_again_is_given_up(editor: User) -> None:
    key = confirmed(editor, OF_MDD)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", [jobs.MOST_ATTEMPTS - 1])
    workers.work_until_idle()
    assert jobs.outlook(jobs.Task.LAND_IMPORT, key) is jobs.Outlook.GIVEN_UP
    assert counts() == (0, 0, 0)


def test_worker_that_is_stopped_ends_after_the_docket_at_hand_and_the_next_goes_on(editor: User) -> None:
    key = confirmed(editor, OF_MDD, OF_CA4, OF_SCOTUS)
    with workers.running() as worker:
        with workers.held(SECOND):
            workers.eventually(lambda: second_docket_is_landing(key))
            worker.send_signal(signal.SIGTERM)
            # It has heard, and no longer says that it is alive to take more.
            workers.eventually(lambda: not workers.is_listening())
        assert worker.wait(timeout=240) == 0
    assert (landed(key), Import.objects.get(pk=key).state) == (2, ImportState.LANDING)
    assert ProcrastinateJob.objects.get().status == "todo"
    workers.work_until_idle()
    assert Import.objects.get(pk=key).state == ImportState.LANDED
    assert counts() == (3, 9, 9)


def test_import_that_is_stopped_while_a_docket_lands_takes_that_docket_back_at_once(editor: User) -> None:
    key = confirmed(editor, OF_MDD, OF_CA4, OF_SCOTUS)
    with workers.running():
        with workers.held(SECOND):
            workers.eventually(lambda: second_docket_is_landing(key))
            uploads.cancel(key, actor=editor)
            row = Import.objects.get(pk=key)
            assert (row.state, row.new, row.data) == (ImportState.STOPPED, 3, None)
        workers.eventually(lambda: not ProcrastinateJob.objects.exists())
    assert counts() == (1, 3, 3)


def test_two_workers_at_once_and_a_request_beside_them_land_everything_once(editor: User) -> None:
    keys = [confirmed(editor, docket) for docket in (OF_MDD, OF_CA4, OF_SCOTUS)]
    # Asked for twice, which only a fault of ours would do.
    jobs.ask_for(jobs.Task.LAND_IMPORT, keys[0])
    first, second = workers.start("--until-idle"), workers.start("--until-idle", "--at-once", "3")
    landing.step(keys[1], actor=editor)
    for worker in (first, second):
        _, errors = worker.communicate(timeout=300)
        assert worker.returncode == 0, errors
    assert {row.state for row in Import.objects.all()} == {ImportState.LANDED}
    assert [row.new for row in Import.objects.all()] == [3, 3, 3]
    assert counts() == (3, 9, 9)


@pytest.mark.parametrize("number", ["0", "33"])
def test_number_of_jobs_at_once_has_bounds(number: str) -> None:
    with pytest.raises(CommandError, match="1 to 32"):
        call_command("run_worker", "--at-once", number)
