"""`manage.py check_counts`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casetracker.facets import keeping


class Command(BaseCommand):
    help = "Compare the numbers beside the choices of the lists with the rows; 1 if any differs."

    def handle(self, *args: Any, **options: Any) -> None:
        found = keeping.differences()
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError("The numbers differ from the rows; `manage.py rebuild_counts` makes them anew.")
        if options["verbosity"]:
            self.stdout.write("The numbers are what the rows say.")
