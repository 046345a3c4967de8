"""`manage.py attach_files`"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pghistory
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casetracker.files.carrying import attach_all
from casetracker.models import Document


class Command(BaseCommand):
    help = (
        "Give the files of a folder to the documents that describe them, by their checksum, and have no file. What "
        "readers see of a document they can download from then on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="As export_case --files has written it; the names do not matter.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.", returncode=2)
        given: list[Document] = []
        unknown = refused = 0
        with pghistory.context(source="attach_files"):
            for path, documents, refusal in attach_all(folder, largest=settings.LARGEST_FILE):
                given += documents
                if refusal:
                    refused += 1
                    self.stderr.write(f"{path.name}: {refusal}")
                elif not documents:
                    unknown += 1
        if options["verbosity"]:
            public = Document.objects.public().filter(pk__in=[row.pk for row in given]).count()
            self.stdout.write(
                f"{len(given)} documents have their file now, {public} of them for readers; "
                f"{unknown} files are awaited by none, {refused} were refused."
            )
        if refused:
            sys.exit(1)
