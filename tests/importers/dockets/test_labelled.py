"""
The kinds that are found in real dockets, beside what a reader of them called each entry.

`labelled.csv` has the SHA-256 of the text of each entry and its label, and no text: the dockets are of real people and
not part of the repository. CASETRACKER_REAL_DOCKETS names the folder that holds them, else ../shared/data is looked
for. Where there is none a warning says so, and only the labels themselves are looked at.

What was labelled how: a *ruling* is what the court decides or orders, scheduling, warrants and endorsements included; a
*hearing* is what was held; a *filing* is a paper, whoever made it: notices and certificates of the clerk, transcripts,
recommendations of a magistrate judge, which decide nothing, and copies of what another court has ruled; *other* is what
is none of these: assignments, conferences of the justices, deadlines set, arrests, notes of the clerk.

An entry whose checksum begins with 8 to f was held out: the rules were mended without a look at what they made of it.
"""

import csv
import hashlib
import os
import warnings
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from casetracker.docket_lines.kinds import kind_of
from casetracker.importers.dockets.formats import parse
from casetracker.importers.dockets.records import DocketError

_HERE = Path(__file__).resolve()
_BESIDE = _HERE.parents[4] / "shared" / "data"
_FOLDER = os.environ.get("CASETRACKER_REAL_DOCKETS", "") or (str(_BESIDE) if _BESIDE.is_dir() else "")
_LABELS = ("filing", "hearing", "other", "ruling")


def labels() -> dict[str, str]:
    with (_HERE.parent / "labelled.csv").open(encoding="utf-8", newline="") as file:
        return {row["sha256"]: row["label"] for row in csv.DictReader(file)}


@cache
def texts() -> dict[str, str]:
    """The texts of all entries in the folder, by their checksums."""
    found = {}
    for path in sorted(Path(_FOLDER).rglob("*")):
        if path.suffix not in {".html", ".htm", ".xml", ".json"}:
            continue
        try:
            dockets = parse(path.read_bytes()).dockets
        except DocketError:
            continue
        for docket in dockets:
            for entry in docket.entries:
                text = entry.text or entry.short_text
                found[hashlib.sha256(text.encode()).hexdigest()] = text
    return found


def test_sample_has_at_least_400_entries_of_every_label_and_no_text() -> None:
    counts = Counter(labels().values())
    assert sum(counts.values()) >= 400
    assert tuple(sorted(counts)) == _LABELS
    assert min(counts.values()) >= 20
    assert all(len(checksum) == 64 and int(checksum, 16) for checksum in labels())
    if not _FOLDER:
        warnings.warn("NO REAL DOCKETS: the kinds were not compared with the labels.", stacklevel=1)


if _FOLDER:

    @pytest.mark.parametrize("half", ["whole", "held out"])
    def test_kinds_are_found_as_a_reader_labelled_them(half: str) -> None:
        known = texts()
        assert not labels().keys() - known.keys(), f"Labelled entries are missing in {_FOLDER}."
        compared: Counter[tuple[str, str]] = Counter()
        for checksum, label in labels().items():
            if half == "whole" or checksum[0] in "89abcdef":
                kind = kind_of(known[checksum])[0]
                compared[label, kind if kind in _LABELS else "other"] += 1
        rulings = compared["ruling", "ruling"]
        precision = rulings / sum(count for (_, found), count in compared.items() if found == "ruling")
        recall = rulings / sum(count for (label, _), count in compared.items() if label == "ruling")
        right = sum(count for (label, found), count in compared.items() if label == found) / compared.total()
        assert precision >= 0.97, compared
        assert recall >= 0.95, compared
        assert right >= 0.95, compared
