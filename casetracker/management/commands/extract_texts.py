"""`manage.py extract_texts`"""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from casetracker import files

# How often it is looked for files that wait.
SECONDS = 3.0
# And how long the database is left alone that did not answer.
PATIENCE = 15.0


class Command(BaseCommand):
    help = "Read pages and text of the files that wait for it. Any number of these may run side by side."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="Go on for ever, and read each new file as it comes.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["watch"]:
            count = 0
            while read := files.read_waiting():
                count += read
            if options["verbosity"]:
                self.stdout.write(f"{count:,} files were read.")
            return
        ended = threading.Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: ended.set())
        self.watch(ended)

    def watch(self, ended: threading.Event) -> None:
        """Read what waits until `ended`; a database that is down is waited for."""
        while not ended.is_set():
            rest = SECONDS
            try:
                close_old_connections()
                files.read_waiting(stop=ended.is_set)
            except (OperationalError, InterfaceError):
                self.stderr.write("The database does not answer; trying again.")
                connection.close()
                rest = PATIENCE
            ended.wait(rest)
