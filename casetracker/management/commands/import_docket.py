"""
`manage.py import_docket`

Exit codes: 0 everything landed, 1 a file or a docket was refused and the others landed, 2 called wrongly, 130 stopped.
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

from casetracker.importers.dockets import formats, processes, spreadsheets
from casetracker.importers.dockets.encoding import LARGEST
from casetracker.importers.dockets.loading import Wishes, load
from casetracker.importers.dockets.progress import Tell
from casetracker.importers.dockets.records import DocketError
from casetracker.importers.dockets.reports import Report
from casetracker.models import Case

# Characters of the line that says how far a docket has come.
_BAR = 30
# As shells count an end by SIGINT.
_INTERRUPTED = 130
_STOPPED = "It was stopped. Each docket is here whole or not at all; run it again, and the rest lands."
_KILLED = (
    "A process of the import was ended from outside, as when memory runs out. Each docket is here whole or not at "
    "all; run it again with fewer --processes, and the rest lands."
)


class Command(BaseCommand):
    help = (
        "Import dockets as drafts: saved pages of PACER and the Supreme Court, JSON of CourtListener and juriscraper, "
        "docket.xml of RECAP, our own spreadsheets (CSV or XLSX) and JSON. A second run writes nothing; a newer "
        "version adds and updates, and keeps what an editor changed. Exit codes: 0 everything landed, 1 something was "
        "refused and the rest landed, 2 called wrongly, 130 stopped by Ctrl-C."
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
        parser.add_argument(
            "--processes",
            type=int,
            default=1,
            metavar="N",
            help="Read and land so many dockets at once, each by a process with a connection of its own (1).",
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object instead of sentences.")
        parser.add_argument("--rows", action="store_true", help="With --json: the entries too.")
        parser.add_argument("--template", action="store_true", help="Print a CSV to fill in, and import nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"]:
            self.stdout.write(spreadsheets.TEMPLATE, ending="")
            return
        wishes = self._wishes(options)
        problems: list[str] = []
        # Of each no more is kept than is told: a thousand take no more memory than one.
        told = _Told(rows=options["rows"])
        stopped, code = "", 0
        try:
            for number, (names, outcome) in enumerate(self._outcomes(options, wishes, problems), 1):
                if isinstance(outcome, DocketError):
                    problems.append(f"{names[-1]}: {outcome}")
                    continue
                told.add(outcome)
                if not options["json"] and options["verbosity"] > 0:
                    self._tell(outcome, f"{number}: ", is_dry=wishes.is_dry)
        except processes.ProcessEndedError:
            stopped, code = _KILLED, 1
        except KeyboardInterrupt:
            stopped, code = _STOPPED, _INTERRUPTED
        if options["json"]:
            summary = told.summary([*problems, stopped] if stopped else problems)
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
        else:
            for problem in problems:
                self.stderr.write(f"Refused: {problem}")
            if options["verbosity"] > 0:
                done = "would land" if wishes.is_dry else "landed"
                self.stdout.write(f"Dockets: {len(told.dockets)} {done}, {len(problems)} refused.")
            if stopped:
                self.stderr.write(stopped)
        if problems or stopped:
            sys.exit(code or 1)

    def _wishes(self, options: dict[str, Any]) -> Wishes:
        """What was asked for. Raises `CommandError` if that cannot be meant."""
        if not options["files"]:
            raise CommandError("Name at least one file.", returncode=2)
        if options["rows"] and not options["json"]:
            raise CommandError("--rows goes with --json.", returncode=2)
        if options["processes"] < 1:
            raise CommandError("--processes is at least 1.", returncode=2)
        case = Case.objects.filter(slug=options["case"]).first() if options["case"] else None
        if options["case"] and case is None:
            raise CommandError(f"There is no case {options['case']}.", returncode=2)
        return Wishes(case=case, is_dry=options["dry_run"], may_show=options["into_public"])

    def _outcomes(self, options: dict[str, Any], wishes: Wishes, problems: list[str]) -> Iterator[processes.Outcome]:
        """What became of each docket, in the order of the files."""
        files = [(str(path), partial(_bytes_of, path)) for path in options["files"]]
        if options["processes"] > 1:
            with processes.started(options["processes"]) as several:
                dockets = formats.each_of(several.parsed(files, options["court"]), problems)
                yield from several.landed(dockets, wishes, with_lines=options["rows"])
            return
        parsed = ((name, partial(formats.parse_from, data, options["court"])) for name, data in files)
        for each in formats.each_of(parsed, problems):
            yield each.files, self._landed(each, wishes)

    def _landed(self, found: formats.Found, wishes: Wishes) -> Report | DocketError:
        try:
            with self._bar(found.docket.number) as tell:
                return load(found.docket, format=found.format, wishes=replace(wishes, tell=tell))
        except DocketError as error:
            return error

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
