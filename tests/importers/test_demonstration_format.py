"""A file of the demonstration that cannot be used says where; one that can becomes a case that readers see."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from casetracker.importers import courts, demonstration
from casetracker.importers.demonstration import FOLDER, FormatError, files
from casetracker.models import (
    Case,
    Court,
    Event,
)

BROWN, MARBURY = "brown-v-board-of-education", "marbury-v-madison"
TODAY = datetime.date(2026, 11, 24)


def _replace(folder: Path, slug: str, old: str, new: str) -> None:
    path = folder / f"{slug}.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, text.count(old)
    path.write_text(text.replace(old, new), encoding="utf-8")


FAULTS: list[tuple[str, str, str]] = [
    (
        "    date: 1951-02-28\n",
        "    date: 1951-02-30\n",
        "entries: brown-complaint: date: “1951-02-30”: February 1951 has 28 days",
    ),
    ("    title: Argument on relief\n", "", "entries: relief-argument: title is missing"),
    ("    title: Argument on relief\n", "    titel: Argument\n", "entries: relief-argument: title is missing"),
    (
        "    title: Argument on relief\n",
        "    title: Argument on relief\n    titel: x\n",
        "entries: relief-argument: there is no “titel” here. Known are key, kind, title",
    ),
    (
        "    sources: [oyez-brown-2]\n",
        "    sources: [oyez-brown-3]\n",
        "entries: relief-argument: sources: there is no “oyez-brown-3” among the sources",
    ),
    (
        "    responds_to: [relief-argument]\n",
        "    responds_to: [argument]\n",
        "entries: brown-2: responds_to: there is no “argument” among the entries",
    ),
    (
        "{verb: vacates, target: briggs-1951}",
        "{verb: vacates, target: briggs-1951, provision: facilities}",
        "entries: briggs-sent-back: treatments: provision: there is no “facilities” among the provisions of",
    ),
    ("  - key: bolling-1954\n", "  - key: brown-1\n", "entries: “brown-1” is there twice"),
    (
        "    form: decree\n",
        "    form: decreee\n",
        "entries: briggs-1955: form: Value 'decreee' is not a valid choice",
    ),
    ("    form: decree\n", "", "entries: briggs-1955: form: Say what form the ruling has"),
    (
        "    court: del\n    title",
        "    court: delaware\n    title",
        "entries: delaware-supreme: court: there is no court",
    ),
    (
        '    per_curiam: "yes"\n    holding',
        "    per_curiam: yeah\n    holding",
        "per_curiam: “yeah” is neither yes nor no",
    ),
    (
        "    date: 1955-10-28\n",
        '    date_offset: "+3"\n',
        "entries: kansas-1955: days are counted from the loading only in",
    ),
    ("    date: 1955-10-28\n", "", "entries: kansas-1955: give either a date or"),
    (
        "  slug: brown-v-board-of-education\n",
        "  slug: brown\n",
        "case: slug: it is brown, and the file has another name",
    ),
    ("  status: concluded\n", "  status: over\n", "case: status: Value 'over' is not a valid choice"),
    ("  checked_on: 2026-11-24\n", "  checked_on: November\n", "case: checked_on: “November” is not a day such as"),
    (
        "{kind: remand, from: sct-davis, to: edva, date: 1955-05-31}",
        "{kind: remand, from: sct-davis, to: sct-davis}",
        "transfers: number 11: A proceeding does not come from itself",
    ),
    (
        "{party: sharpe, role: respondent}",
        "{party: sharpe, role: respondent, note: An A-number, A 012 345 678}",
        "proceedings: sct-bolling: parties: number 2: there is no “A 012 345 678” here",
    ),
    (
        "    summary: Parents in Topeka sue",
        "    summary: A012345678 and other parents in Topeka sue",
        "entries: brown-complaint: summary: This contains what looks like an alien registration number",
    ),
    (
        'url: "https://scdb.wustl.edu/"',
        'url: "scdb.wustl.edu"',
        "sources: scdb: url: Write a full address",
    ),
    (
        "  mellott: {name: Arthur J. Mellott,",
        "  mellott: {name: Walter A. Huxman,",
        "judges: mellott: this is the same as judges: huxman",
    ),
    (
        "    docket: [{proceeding: delch}]\n",
        "    docket: [{proceeding: del}]\n",
        "entries: delaware-chancery: docket: del: proceeding: This docket is of",
    ),
    ("\nentries:\n", "\nentries: [\n", "is not YAML"),
    ("\nrelated: []", "\nrelated: [nobody-v-nothing]", "related: there is no case nobody-v-nothing"),
    ("\nrelated: []", "\nrelated: nobody", "related: here belongs a list"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("old", "new", "message"), FAULTS, ids=[message[:60] for _, _, message in FAULTS])
def test_file_with_a_fault_is_refused_by_file_row_and_field(
    brown_alone: Path, old: str, new: str, message: str
) -> None:
    _replace(brown_alone, BROWN, old, new)
    before = Case.objects.count()
    with pytest.raises(FormatError) as refused:
        demonstration.load(brown_alone, today=TODAY)
    assert str(refused.value).startswith(f"{BROWN}.yaml")
    assert message in str(refused.value)
    if not message.startswith("related: there"):
        assert Case.objects.count() == before == 0


@pytest.fixture
def brown_alone(tmp_path: Path) -> Path:
    """A folder with Brown, in a database with the courts that it needs."""
    name = f"{BROWN}.yaml"
    (tmp_path / name).write_text((FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
    needed = {"scotus", "ksd", "southcarolinaed", "vaed", "delch", "del", "dcd"}
    rows: list[Any] = [row for row in courts.parse() if row.id in needed]
    Court.objects.bulk_create(Court(**{name: getattr(row, name) for name in ("id", *courts.COLUMNS)}) for row in rows)
    return tmp_path


@pytest.mark.django_db
def test_case_without_its_courts_says_what_comes_first(tmp_path: Path) -> None:
    name = f"{MARBURY}.yaml"
    (tmp_path / name).write_text((FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(
        FormatError, match=r"marbury.*there is no court scotus\. Courts come first: manage.py load_courts"
    ):
        demonstration.load(tmp_path)


@pytest.mark.django_db(transaction=True)
def test_readers_see_every_case_once_it_is_loaded() -> None:
    courts.load()
    demonstration.load()
    assert Case.objects.public().count() == len(files())
    assert Event.objects.public().count() == Event.objects.count() > 100
    assert Court.objects.public().filter(pk__in=["uksc", "mdd", "southcarolinaed", "eoir-baltimore"]).count() == 4
