"""`manage.py run_worker`"""

import asyncio
import contextlib
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Status
from procrastinate.psycopg_connector import PsycopgConnector

from casetracker import jobs

# How long the database is left alone that did not answer, in seconds.
PATIENCE = 5.0
# One that ends when idle lets what it has begun come to its end; any other tells it to stop after the step at hand.
LONGEST = 24 * 3600
# What failed or was taken back is forgotten after so many hours; what succeeded is at once.
KEPT = 24 * 30


class Command(BaseCommand):
    help = (
        "Do what waits in the background: land imports, look at large ones, read the text of files. Runs until it is "
        "stopped, waits for a database that is down, and takes over what a worker left that died. Any number of these "
        "may run side by side."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at-once", type=int, default=2, metavar="N", help="Jobs that it does at a time (2).")
        parser.add_argument("--until-idle", action="store_true", help="End when nothing waits any more.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["at_once"] <= 32:
            raise CommandError("--at-once is 1 to 32.", returncode=2)
        asyncio.run(self.work(at_once=options["at_once"], until_idle=options["until_idle"]))

    async def work(self, *, at_once: int, until_idle: bool) -> None:
        ended = asyncio.Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(signum, ended.set)
        while not ended.is_set():
            session = asyncio.create_task(_session(at_once, until_idle=until_idle))
            stopping = asyncio.create_task(ended.wait())
            await asyncio.wait({session, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            # What is being done is told to stop, and waits for the next worker.
            session.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                try:
                    await session
                except ConnectorException as error:
                    if until_idle:
                        raise CommandError(f"The database does not answer: {error.__cause__ or error}") from error
                    self.stderr.write("The database does not answer; trying again.")
            if until_idle:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), PATIENCE)


async def _session(at_once: int, *, until_idle: bool) -> None:
    """Work until cancelled, or until the connection is lost. Raises `ConnectorException` where there is none."""
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=3, timeout=jobs.DEAD_AFTER)
    with app.replace_connector(connector) as worked:
        async with worked.open_async():
            manager = worked.job_manager
            await manager.delete_old_jobs(
                nb_hours=KEPT, include_failed=True, include_cancelled=True, include_aborted=True
            )
            await _take_over(worked)
            watch = asyncio.create_task(_watch(worked))
            try:
                await worked.run_worker_async(
                    concurrency=at_once,
                    wait=not until_idle,
                    install_signal_handlers=False,
                    delete_jobs=DeleteJobCondition.SUCCESSFUL,
                    shutdown_graceful_timeout=LONGEST if until_idle else 0,
                    update_heartbeat_interval=jobs.HEARTBEAT,
                    stalled_worker_timeout=jobs.DEAD_AFTER,
                )
            finally:
                watch.cancel()


async def _watch(worked: App) -> None:
    """Take over what other workers leave, for as long as this one works."""
    while True:
        await asyncio.sleep(jobs.HEARTBEAT)
        # Whether the database answers is found out by the worker itself.
        with contextlib.suppress(ConnectorException):
            await _take_over(worked)


async def _take_over(worked: App) -> None:
    """Put back into the queue what a worker was at that is dead, unless that has happened too often."""
    manager = worked.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=jobs.DEAD_AFTER):
        # Another worker may have been faster.
        with contextlib.suppress(ConnectorException):
            if job.attempts + 1 >= jobs.MOST_ATTEMPTS:
                await manager.finish_job(job, status=Status.FAILED, delete_job=False)
            else:
                await manager.retry_job(job)
