"""
Work that a process beside the site does: how it is asked for, whether anybody does it, and how that stands.

The queue is procrastinate's and lies in PostgreSQL, so that a job is there if, and only if, the transaction that asked
for it was committed. A job says what is to be done and the key of one row, and nothing else: what is to be known about
it stands in that row, where redaction and the rules of who sees what find it. What each job does is in
`casetracker.tasks`; `manage.py run_worker` does it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, StrEnum
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

# A worker says so often that it is alive, and counts as dead when it has not for so long. Both in seconds.
HEARTBEAT = 3
DEAD_AFTER = 15
# So many times is a job begun that fails, or takes its worker down with it, before it is given up.
MOST_ATTEMPTS = 5


class Task(StrEnum):
    """What can be asked for, each about the row with a key."""

    LOOK_AT_IMPORT = "look_at_import"
    LAND_IMPORT = "land_import"
    READ_DOCUMENT = "read_document"


class Outlook(Enum):
    """What becomes of something that was asked for."""

    # A worker is at it, or will be.
    UNDER_WAY = "under way"
    # No worker is alive, or nobody asked for it.
    NOBODY = "nobody"
    # It failed again and again.
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Queue:
    """What there is to do: how many jobs wait that nobody has begun, and whether a worker is alive."""

    waiting: int
    is_worked: bool

    @property
    def is_stuck(self) -> bool:
        return bool(self.waiting) and not self.is_worked


def ask_for(task: Task, key: int) -> None:
    """Have it done once the transaction is committed. Two jobs of one task and key are never done at once."""
    configure_task(name=task.value, job_manager=_manager(), lock=f"{task}:{key}").defer(key=key)


def take_back(task: Task, key: int) -> None:
    """Have it not done any more, for it is done or not wanted. What a worker is at already goes on."""
    for job in _of(task, key).filter(status="todo").values_list("pk", flat=True):
        _manager().cancel_job_by_id(job, delete_job=True)


def is_worked() -> bool:
    """Whether a worker is alive. One that was killed is believed to be for `DEAD_AFTER` seconds."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=Now() - timedelta(seconds=DEAD_AFTER)).exists()


def outlook(task: Task, key: int) -> Outlook:
    newest = _of(task, key).order_by("-pk").values_list("status", flat=True).first()
    if newest == "failed":
        return Outlook.GIVEN_UP
    return Outlook.UNDER_WAY if newest in {"todo", "doing"} and is_worked() else Outlook.NOBODY


def ahead_of(task: Task, key: int) -> int:
    """How many jobs were asked for before this one and are not done; 0 if this one has begun or is not there."""
    mine = _of(task, key).filter(status="todo").order_by("pk").values("pk")[:1]
    return ProcrastinateJob.objects.filter(status__in=["todo", "doing"], pk__lt=mine).count()


def queue() -> Queue:
    return Queue(ProcrastinateJob.objects.filter(status="todo").count(), is_worked())


def _of(task: Task, key: int) -> QuerySet[Any]:
    # By the lock, which has an index while the job is open.
    return ProcrastinateJob.objects.filter(lock=f"{task}:{key}")


def _manager() -> JobManager:
    """Through Django's connection, in its transaction; also within a worker, whose own connections are its own."""
    return JobManager(DjangoConnector())
