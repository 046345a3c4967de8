"""`manage.py load_courts`"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casetracker.importers import courts


class Command(BaseCommand):
    help = "Add the courts of courts-db and our local ones. What is there already is compared and never overwritten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--differences", action="store_true", help="List every court that is not as the files say.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = courts.load()
        except courts.CourtsError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] == 0:
            return
        self.stdout.write(f"Courts: {report.added:,} added, {report.unchanged:,} there already and unchanged.")
        if report.different:
            self.stdout.write(f"{len(report.different):,} differ from the files and were left as they are.")
            if options["differences"] or len(report.different) <= 20:
                for line in report.different:
                    self.stdout.write(f"  {line}")
            else:
                self.stdout.write("  load_courts --differences lists them.")
