"""`manage.py rebuild_counts`"""

from typing import Any

from django.core.management.base import BaseCommand

from casetracker.facets import keeping


class Command(BaseCommand):
    help = "Count anew what stands beside the choices of the lists. Readers and writers go on meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        keeping.rebuild()
        if options["verbosity"]:
            self.stdout.write("Everything is counted.")
