"""`manage.py extract_texts`"""

from typing import Any

from django.core.management.base import BaseCommand

from casetracker import files


class Command(BaseCommand):
    help = (
        "Read pages and text of the files that wait for it, and end. A worker does so by itself (run_worker); any "
        "number of these may run beside it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        while read := files.read_waiting():
            count += read
        if options["verbosity"]:
            self.stdout.write(f"{count:,} files were read.")
