"""`manage.py load_demonstration`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casetracker.importers import demonstration


class Command(BaseCommand):
    help = "Add the demonstration cases and publish them. What is there already is compared and never overwritten."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reports = demonstration.load()
        except demonstration.FormatError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] == 0:
            return
        for report in reports:
            if report.is_new:
                self.stdout.write(f"{report.name}: added, with {report.entries} entries.")
            elif report.entries:
                self.stdout.write(f"{report.name}: there already; {report.entries} new entries added.")
            else:
                self.stdout.write(f"{report.name}: there already.")
            for line in report.differences:
                self.stdout.write(f"  differs from the file and was left as it is: {line}")
        entries = sum(report.entries for report in reports)
        new = sum(report.is_new for report in reports)
        self.stdout.write(f"Demonstration: {new} of {len(reports)} cases and {entries} entries added.")
