"""
`manage.py import_docket`

Exit codes: 0 everything landed, 1 a file or a docket was refused and the others landed, 2 called wrongly.
"""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casetracker.importers.dockets import formats, spreadsheets
from casetracker.importers.dockets.encoding import LARGEST
from casetracker.importers.dockets.loading import Wishes, load
from casetracker.importers.dockets.progress import Tell
from casetracker.importers.dockets.records import DocketError
from casetracker.importers.dockets.reports import Report
from casetracker.models import Case

# Characters of the line that says how far a docket has come.
_BAR = 30


class Command(BaseCommand):
    help = (
        "Import dockets as drafts: saved pages of PACER and the Supreme Court, JSON of CourtListener and juriscraper, "
        "docket.xml of RECAP, our own spreadsheets (CSV or XLSX) and JSON. A second run writes nothing; a newer "
        "version adds and updates, and keeps what an editor changed. Exit codes: 0 everything landed, 1 something was "
        "refused and the rest landed, 2 called wrongly."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
        parser.add_argument("--court", default="", help="The court, where the file does not say it: mdd, ca4.")
        parser.add_argument("--case", default="", help="The address of the case it belongs to: doe-v-office.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and write nothing.")
        parser.add_argument(
            "--into-public",
            action="store_true",
            help="Add proceedings, parties and counsel to a case that is public, where readers see them at once.",
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object instead of sentences.")
        parser.add_argument("--rows", action="store_true", help="With --json: the entries too.")
        parser.add_argument("--template", action="store_true", help="Print a CSV to fill in, and import nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"]:
            self.stdout.write(spreadsheets.TEMPLATE, ending="")
            return
        if not options["files"]:
            raise CommandError("Name at least one file.", returncode=2)
        if options["rows"] and not options["json"]:
            raise CommandError("--rows goes with --json.", returncode=2)
        case = Case.objects.filter(slug=options["case"]).first() if options["case"] else None
        if options["case"] and case is None:
            raise CommandError(f"There is no case {options['case']}.", returncode=2)
        wishes = Wishes(case=case, is_dry=options["dry_run"], may_show=options["into_public"])
        problems: list[str] = []
        files = ((str(path), partial(_bytes_of, path)) for path in options["files"])
        # One after the other, and of each no more is kept than is told: a thousand take no more memory than one.
        told = _Told(rows=options["rows"])
        for number, each in enumerate(formats.each_of(files, options["court"], problems), 1):
            try:
                with self._bar(each.docket.number) as tell:
                    report = load(each.docket, format=each.format, wishes=replace(wishes, tell=tell))
            except DocketError as error:
                problems.append(f"{each.files[-1]}: {error}")
                continue
            told.add(report)
            if not options["json"] and options["verbosity"] > 0:
                self._tell(report, f"{number}: ", is_dry=wishes.is_dry)
        if options["json"]:
            self.stdout.write(json.dumps(told.summary(problems), ensure_ascii=False))
        else:
            for problem in problems:
                self.stderr.write(f"Refused: {problem}")
            if options["verbosity"] > 0:
                done = "would land" if wishes.is_dry else "landed"
                self.stdout.write(f"Dockets: {len(told.dockets)} {done}, {len(problems)} refused.")
        if problems:
            sys.exit(1)

    @contextmanager
    def _bar(self, docket: str) -> Iterator[Tell | None]:
        """A line that says how far a long docket has come, for a person at a terminal; gone once it has landed."""
        if not self.stderr.isatty():
            yield None
            return
        shown = ""

        def tell(share: float) -> None:
            nonlocal shown
            full = int(share * _BAR)
            shown = f"{docket} [{'#' * full}{' ' * (_BAR - full)}] {share:4.0%}"
            self.stderr.write(f"\r{shown}", ending="")
            self.stderr.flush()

        try:
            yield tell
        finally:
            if shown:
                self.stderr.write(f"\r{' ' * len(shown)}\r", ending="")

    def _tell(self, report: Report, head: str, *, is_dry: bool) -> None:
        case = f"{'the new case' if report.is_new_case else 'the case'} {report.case}"
        done = "would be new" if is_dry else "new"
        self.stdout.write(
            f"{head}{report.docket} in {case}: {report.entries} entries, {report.new} {done}, "
            f"{report.changed} changed, {report.unchanged} unchanged, "
            f"{len(report.conflicts)} in conflict, {len(report.unsure)} unsure."
        )
        for label, lines in (
            ("kept", report.conflicts),
            ("gone", report.gone),
            ("unsure", report.unsure),
            ("left out", report.left),
            ("note", report.notes),
        ):
            for line in lines:
                self.stdout.write(f"  {label}: {line}")


def _bytes_of(path: Path) -> bytes:
    try:
        # Before it is read: a file of a gigabyte is not taken into memory to be refused.
        if path.stat().st_size > LARGEST:
            raise DocketError(f"The file has {path.stat().st_size:,} bytes; the most is {LARGEST:,}. Split it.")
        return path.read_bytes()
    except OSError as error:
        raise DocketError(f"It cannot be read: {error.strerror}.") from error


class _Told:
    """What `--json` tells of all dockets together; the lines of each only with `rows`."""

    _COUNTS = ("entries", "new", "changed", "unchanged")
    _LISTS = ("conflicts", "gone", "unsure", "left", "notes")

    def __init__(self, *, rows: bool) -> None:
        self.counts: Counter[str] = Counter()
        self.by_kind: Counter[str] = Counter()
        self.lists: dict[str, list[str]] = {name: [] for name in self._LISTS}
        self.dockets: list[dict[str, str]] = []
        self.rows: list[dict[str, str]] | None = [] if rows else None

    def add(self, report: Report) -> None:
        for name in self._COUNTS:
            self.counts[name] += getattr(report, name)
        for name in self._LISTS:
            self.lists[name] += getattr(report, name)
        self.by_kind.update(report.by_kind)
        self.dockets.append({"docket": report.docket, "case": report.case})
        if self.rows is not None:
            self.rows += [
                {"date": line.date.iso, "number": line.said.number, "kind": line.kind, "text": line.said.text}
                for line in report.lines
            ]

    def summary(self, problems: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {
            **{name: self.counts[name] for name in self._COUNTS},
            "by_kind": dict(sorted(self.by_kind.items())),
            "problems": problems,
            **self.lists,
            "dockets": self.dockets,
        }
        return found if self.rows is None else found | {"rows": self.rows}
