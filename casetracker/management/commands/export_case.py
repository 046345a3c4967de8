"""`manage.py export_case`"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casetracker.importers.dockets import own_json
from casetracker.importers.dockets.exporting import dockets_of
from casetracker.models import Case


class Command(BaseCommand):
    help = "Print the dockets of a case, drafts too, as JSON that import_docket reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", help="The address of the case: doe-v-office.")

    def handle(self, *args: Any, **options: Any) -> None:
        case = Case.objects.filter(slug=options["case"]).first()
        if case is None:
            raise CommandError(f"There is no case {options['case']}.", returncode=2)
        dockets = dockets_of(case)
        if not dockets:
            raise CommandError(f"{case.name} has no proceeding with a docket number.", returncode=1)
        self.stdout.write(own_json.write(dockets), ending="")
