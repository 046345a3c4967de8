"""What is kept of an import: of each docket what it would do or did, as plain values, cut to what a page shows."""

from collections.abc import Sequence
from typing import Any

from .formats import Found
from .meaning import Line
from .records import DocketError
from .reports import Report

# As many as fit into one form beside everything else, and more than anybody corrects by hand.
MOST_CHOICES = 500
MOST_LINES = 200


def told(found: Found, report: Report) -> dict[str, Any]:
    """The report as what is kept of it: counts whole, lists cut to what a page shows."""
    lists = {name: getattr(report, name) for name in ("updated", "conflicts", "gone", "unsure", "left", "notes")}
    return {
        "files": list(found.files),
        "problem": "",
        "docket": storable(report.docket),
        "case": storable(report.case),
        "case_key": report.case_key,
        "is_new_case": report.is_new_case,
        "lines": len(found.docket.entries),
        "entries": report.entries,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "by_kind": dict(sorted(report.by_kind.items())),
        **{name: [storable(line) for line in lines[:MOST_LINES]] for name, lines in lists.items()},
        "counts": {name: len(lines) for name, lines in lists.items()},
    }


def refused(found: Found, error: DocketError) -> dict[str, Any]:
    return {
        "files": list(found.files),
        "docket": storable(found.docket.number),
        "lines": len(found.docket.entries),
        "problem": storable(f"{', '.join(found.files)}: {error}"),
    }


def choices(added: Sequence[Line]) -> list[dict[str, Any]]:
    """The new lines, each with the kind that it was taken for; those first that a person should look at."""
    lines = {line.key: line for line in added}
    return [
        {
            "key": line.key,
            "label": storable(line.label),
            "text": storable((line.said.text or line.said.short_text)[:300]),
            "kind": str(line.kind),
            "is_unsure": line.is_unsure,
        }
        for line in sorted(lines.values(), key=lambda line: not line.is_unsure)
    ]


def storable(text: str) -> str:
    """
    Without what PostgreSQL does not take or nobody can see: names of files, and messages that quote a file full of it.
    """
    return "".join(each if each.isprintable() else "?" for each in text)
