"""
What a worker does, by the names that `casetracker.jobs` asks for. Each may be broken off at any moment and begun again,
by another process too: it looks at its row first, and what was done is not done twice.
"""

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job

from casetracker import files
from casetracker.importers.dockets import landing
from casetracker.jobs import MOST_ATTEMPTS, Task


class StillWaitingError(Exception):
    """It was not done, and is looked at later."""


class AgainLater(BaseRetryStrategy):
    """What ended with its worker is begun again at once; what failed after a while, and a few times at most."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, JobAborted):
            return RetryDecision()
        if job.attempts + 1 >= MOST_ATTEMPTS:
            return None
        return RetryDecision(retry_in={"seconds": 5 * 2**job.attempts})


@app.task(name=Task.LOOK_AT_IMPORT, retry=AgainLater(), pass_context=True)
def look_at_import(context: JobContext, key: int) -> None:
    if not landing.look(key, stop=context.should_abort):
        raise JobAborted


@app.task(name=Task.LAND_IMPORT, retry=AgainLater(), pass_context=True)
def land_import(context: JobContext, key: int) -> None:
    if not landing.land(key, stop=context.should_abort):
        raise JobAborted


@app.task(name=Task.READ_DOCUMENT, retry=AgainLater())
def read_document(key: int) -> None:
    files.read(key)
    if files.waits(key):
        # Somebody else is at it, or its file was replaced meanwhile: it is looked at once more, should they not end it.
        raise StillWaitingError
