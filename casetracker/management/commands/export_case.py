"""`manage.py export_case`"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casetracker.files.carrying import files_on_dockets, write_out
from casetracker.importers.dockets import own_json
from casetracker.importers.dockets.exporting import dockets_of
from casetracker.models import Case


class Command(BaseCommand):
    help = "Print the dockets of a case, drafts too, as JSON that import_docket reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", help="The address of the case: doe-v-office.")
        parser.add_argument(
            "--files",
            type=Path,
            metavar="FOLDER",
            help="Write the files of its documents into this folder too, for attach_files; sealed ones are among them.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        case = Case.objects.filter(slug=options["case"]).first()
        if case is None:
            raise CommandError(f"There is no case {options['case']}.", returncode=2)
        dockets = dockets_of(case)
        if not dockets:
            raise CommandError(f"{case.name} has no proceeding with a docket number.", returncode=1)
        if options["files"] is not None:
            try:
                options["files"].mkdir(parents=True, exist_ok=True)
                for file in files_on_dockets(case):
                    write_out(file, options["files"])
            except OSError as error:
                raise CommandError(f"{options['files']}: {error.strerror}.", returncode=2) from error
        self.stdout.write(own_json.write(dockets), ending="")
