"""
A docket that says what it said the last time is known by one digest, and its lines are neither read nor compared again.

The note of it (`ImportedDocket.fingerprints["whole"]`) is made only where nothing was in conflict or gone. It holds
digests, counts and places, never a text.
"""

import functools
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef

from casetracker import docket_lines
from casetracker.dates import UncertainDate
from casetracker.models import DocketEntry, ImportedDocket

from .cleaning import cleaned
from .meaning import Line, fingerprint, in_order, lines_of, since
from .records import Docket, Entry
from .reports import Report

WHOLE = "whole"


def digest_of(docket: Docket) -> str:
    """Of all that the docket says as it was read, and of the program that reads it: another one may read otherwise."""
    entries = repr([_said(each) for each in docket.entries])
    return fingerprint(f"{_program()} {replace(docket, entries=())!r} {entries}")


def _said(entry: Entry) -> tuple[object, ...]:
    return (
        _written(entry.filed), _written(entry.entered), entry.number, entry.text, entry.short_text, entry.sequence,
        entry.attachments, entry.kind, entry.form, entry.outcome, entry.title, entry.judges,
    )  # fmt: skip


def _written(date: UncertainDate | None) -> str:
    return date.edtf if date else ""


@functools.cache
def _program() -> str:
    folders = [Path(__file__).parent, Path(docket_lines.__file__).parent]
    files = sorted(path for folder in folders for path in folder.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def note_of(digest: str, docket: Docket, report: Report, said: list[str]) -> dict[str, Any] | None:
    """What to remember of a docket that was just loaded; nothing where a second look would have something to tell."""
    if report.conflicts or report.gone or report.deleted:
        return None
    unsure = {id(line.said) for line in report.lines if line.is_unsure}
    return {
        "digest": digest,
        "entries": report.entries,
        "by_kind": dict(sorted(report.by_kind.items())),
        "unsure": [at for at, each in enumerate(in_order(docket.entries)) if id(each) in unsure],
        "left": report.left_lines,
        "said": said,
    }


def is_known(imported: ImportedDocket, digest: str, *, is_first: bool) -> bool:
    """Whether this is what was loaded last, and every line of it is still there."""
    noted = None if is_first else imported.fingerprints.get(WHOLE)
    if not noted or noted["digest"] != digest:
        return False
    there = Exists(DocketEntry.objects.filter(pk=OuterRef("entry_key")))
    return imported.entries.filter(there).count() == imported.entries.count() == noted["entries"]


def tell(docket: Docket, noted: dict[str, Any], report: Report) -> list[str]:
    """Fill in the report of a docket that is known, as if it had been read; its notes, as they were made of it."""
    report.entries = report.unchanged = noted["entries"]
    report.by_kind.update(noted["by_kind"])
    report.left += noted["left"]
    report.read = functools.partial(_lines, docket, None)
    report.unsure += [line.doubt for line in _lines(docket, noted["unsure"])]
    return list(noted["said"])


def _lines(docket: Docket, places: list[int] | None) -> list[Line]:
    """The lines of the docket, or of the entries at these places of its order."""
    if places is None:
        return lines_of(cleaned(docket).docket)[0]
    entries = in_order(docket.entries)
    some = replace(docket, entries=tuple(entries[at] for at in places))
    return lines_of(cleaned(some).docket, since(docket))[0]
