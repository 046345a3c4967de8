"""What is asked of a worker: with the transaction or not at all, and nothing in it but the key of a row."""

import docket_samples as samples
import factories as make
import pdf_samples
import pytest
import workers
from django.db import connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob, ProcrastinateWorker

from casetracker import files, jobs, tasks
from casetracker.files import reading
from casetracker.importers.dockets import uploads
from casetracker.jobs import Outlook, Task
from casetracker.models import Document
from casetracker.roles import EDITOR

pytestmark = pytest.mark.django_db


def asked() -> list[tuple[str, dict[str, int]]]:
    return list(ProcrastinateJob.objects.order_by("pk").values_list("task_name", "args"))


@pytest.fixture
def no_worker() -> None:
    workers.forget_jobs()


@pytest.fixture
def alive(no_worker: None) -> None:
    workers.say_that_one_is_alive(seconds_ago=1)


def set_status(status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status", [status])


def a_document(**fields: object) -> Document:
    content = pdf_samples.pdf("Concerning Jane Canary")
    document: Document = make.DocumentFactory(file=files.store(content, uploaded_by=None), **fields)
    return document


# --- with the transaction -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_job_is_there_only_when_the_transaction_that_asked_for_it_is_committed(no_worker: None) -> None:
    with transaction.atomic():
        jobs.ask_for(Task.LAND_IMPORT, 1)
        assert asked() == [("land_import", {"key": 1})]
        transaction.set_rollback(True)
    assert asked() == []
    with transaction.atomic():
        document = a_document()
        transaction.set_rollback(True)
    assert asked() == []
    with transaction.atomic():
        document = a_document()
    assert asked() == [("read_document", {"key": document.pk})]
    workers.forget_jobs()


@pytest.mark.django_db(transaction=True)
def test_confirmation_that_fails_asks_for_nothing(no_worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    make.CourtFactory(id="mdd")
    editor = make.in_role(EDITOR)
    row = uploads.keep([uploads.Upload("a.csv", samples.CSV.encode())], actor=editor)
    with pytest.raises(uploads.UploadError):
        uploads.confirm(row.pk, actor=editor, sha256="0" * 64, kinds={})
    assert asked() == []
    uploads.confirm(row.pk, actor=editor, sha256=row.sha256, kinds={})
    # Pressed twice.
    uploads.confirm(row.pk, actor=editor, sha256=row.sha256, kinds={})
    assert asked() == [("land_import", {"key": row.pk})]
    workers.forget_jobs()


# --- nothing to redact ----------------------------------------------------------------------------------------------


def test_jobs_hold_keys_and_no_word_of_what_they_are_about(alive: None, monkeypatch: pytest.MonkeyPatch) -> None:
    make.CourtFactory(id="mdd")
    editor = make.in_role(EDITOR)
    canary = samples.CSV.replace("Doe v. Ledger Office", "Canary v. Ledger Office")
    row = uploads.keep([uploads.Upload("canary.csv", canary.encode())], actor=editor)
    uploads.confirm(row.pk, actor=editor, sha256=row.sha256, kinds={})
    monkeypatch.setattr(uploads, "AT_ONCE", 0)
    read = uploads.keep([uploads.Upload("canary.csv", canary.encode())], actor=editor)
    document = a_document(title="Letter of Jane Canary")
    assert asked() == [
        ("land_import", {"key": row.pk}),
        ("look_at_import", {"key": read.pk}),
        ("read_document", {"key": document.pk}),
    ]
    with connection.cursor() as cursor:
        for model in (ProcrastinateJob, ProcrastinateEvent, ProcrastinateWorker):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {model._meta.db_table} t")
            assert "canary" not in (cursor.fetchone()[0] or "").lower()


def test_every_task_that_can_be_asked_for_is_there_and_takes_a_key() -> None:
    from procrastinate.contrib.django import app

    assert {str(task) for task in Task} <= set(app.tasks)
    for task in Task:
        names = app.tasks[task].func.__code__.co_varnames[: app.tasks[task].func.__code__.co_argcount]
        assert names in {("key",), ("context", "key")}
    assert tasks.AgainLater is type(app.tasks[Task.LAND_IMPORT].retry_strategy)


# --- documents ------------------------------------------------------------------------------------------------------


def test_another_file_is_asked_for_again_and_another_title_is_not(no_worker: None) -> None:
    document = a_document()
    document.title = "Another title"
    document.save()
    Document.objects.filter(pk=document.pk).update(reading="read")
    assert asked() == [("read_document", {"key": document.pk})]
    second = files.store(pdf_samples.pdf("The second"), uploaded_by=None)
    Document.objects.filter(pk=document.pk).update(file=second)
    assert asked() == [("read_document", {"key": document.pk})] * 2


def test_document_without_a_file_asks_for_nothing(no_worker: None) -> None:
    make.DocumentFactory()
    assert asked() == []


def test_reading_by_command_leaves_nothing_to_be_done(no_worker: None) -> None:
    document = a_document()
    assert files.read_waiting() == 1
    assert asked() == []
    tasks.read_document(key=document.pk)
    document.refresh_from_db()
    assert document.text == "Concerning Jane Canary"


def test_document_that_somebody_else_reads_is_looked_at_once_more(no_worker: None) -> None:
    document = a_document()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [reading._LOCKS, document.pk])
        assert files.read_waiting() == 0
        # It is not taken out of the queue: the other one may die.
        assert asked() == [("read_document", {"key": document.pk})]
        with pytest.raises(tasks.StillWaitingError):
            tasks.read_document(key=document.pk)
    finally:
        other.close()


def test_document_that_is_gone_is_no_error_for_a_job(no_worker: None) -> None:
    tasks.read_document(key=10**9)
    assert asked() == []


# --- how it stands --------------------------------------------------------------------------------------------------


def test_worker_is_alive_while_it_says_so(no_worker: None) -> None:
    assert not jobs.is_worked()
    workers.say_that_one_is_alive(seconds_ago=jobs.DEAD_AFTER + 5)
    assert not jobs.is_worked()
    workers.say_that_one_is_alive(seconds_ago=1)
    assert jobs.is_worked()


@pytest.mark.parametrize(
    ("status", "outlook"),
    [
        ("todo", Outlook.UNDER_WAY),
        ("doing", Outlook.UNDER_WAY),
        ("failed", Outlook.GIVEN_UP),
        ("succeeded", Outlook.NOBODY),
        ("cancelled", Outlook.NOBODY),
    ],
)
def test_outlook_is_that_of_the_newest_job(alive: None, status: str, outlook: Outlook) -> None:
    assert jobs.outlook(Task.LAND_IMPORT, 7) is Outlook.NOBODY
    jobs.ask_for(Task.LAND_IMPORT, 7)
    set_status(status)
    jobs.ask_for(Task.LOOK_AT_IMPORT, 7)
    jobs.ask_for(Task.LAND_IMPORT, 8)
    assert jobs.outlook(Task.LAND_IMPORT, 7) is outlook
    if status == "failed":
        jobs.ask_for(Task.LAND_IMPORT, 7)
        assert jobs.outlook(Task.LAND_IMPORT, 7) is Outlook.UNDER_WAY


def test_without_a_worker_what_waits_is_stuck(no_worker: None) -> None:
    assert not jobs.queue().is_stuck
    jobs.ask_for(Task.LAND_IMPORT, 7)
    assert jobs.outlook(Task.LAND_IMPORT, 7) is Outlook.NOBODY
    assert jobs.queue().is_stuck
    workers.say_that_one_is_alive(seconds_ago=1)
    assert jobs.queue() == jobs.Queue(waiting=1, is_worked=True)
    assert not jobs.queue().is_stuck


def test_jobs_ahead_are_those_asked_for_before_that_are_not_done(alive: None) -> None:
    for key in (1, 2, 3):
        jobs.ask_for(Task.LAND_IMPORT, key)
    assert [jobs.ahead_of(Task.LAND_IMPORT, key) for key in (1, 2, 3, 4)] == [0, 1, 2, 0]
    jobs.take_back(Task.LAND_IMPORT, 1)
    assert jobs.ahead_of(Task.LAND_IMPORT, 3) == 1
    set_status("doing")
    assert jobs.ahead_of(Task.LAND_IMPORT, 3) == 0
    jobs.take_back(Task.LAND_IMPORT, 2)
    assert len(asked()) == 2
