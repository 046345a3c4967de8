"""
The demonstration cases: YAML files that a person can read and mend, in `casetracker/data/demonstration/`.

A file holds the parts of `records.CaseRecord`, under the names of its fields. Besides:

* Sources, parties, judges, attorneys and proceedings are written `key: {...}`; entries and provisions are lists whose
  rows have a `key`.
* A date is written as anywhere else on the site ("March 2025", "1952-12-09 to 1952-12-11", "c. 1801"), yes or no as
  "yes" and "no".
* A source behind something is its key, or `{source: key, pinpoint: "p. 3"}`.
* The ends of a transfer are `from` and `to`, or `from_court`, `from_number`, `to_court`, `to_number`.
* In an invented example `date_offset: "+21"` takes the place of `date`, and `postponed_to` may be such a number too.

Nothing is guessed: an unknown word, a missing one or a key that nothing has is an error that names the file, the row
and the field.
"""

import datetime
import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml

from casetracker.dates import DateError, UncertainDate
from casetracker.dates import parse as parse_date

from .load import CaseReport, LoadError, load_case, relate
from .records import CaseRecord, EntryRecord, ReferenceRecord

FOLDER = Path(__file__).resolve().parent.parent / "data" / "demonstration"
SOURCE = "load_demonstration"

R = TypeVar("R")
_OFFSET = re.compile(r"[+-]\d{1,4}")


class FormatError(Exception):
    """A file that cannot be used; the message names the file, the row and the field, and says what is wrong."""


def files(folder: Path = FOLDER) -> list[Path]:
    """The files of the folder, in order of their names."""
    return sorted(folder.glob("*.yaml"))


def parse(path: Path) -> CaseRecord:
    """Read one file. Raises `FormatError`."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - it makes only text
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path.name} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise FormatError(f"{path.name} is not YAML: {error}") from error
    record = _record(CaseRecord, raw, _Place(path.name))
    if record.case.slug != path.stem:
        raise FormatError(f"{path.name}: case: slug: it is {record.case.slug}, and the file has another name.")
    _check_keys(record, _Place(path.name))
    return record


def load(folder: Path = FOLDER, *, today: datetime.date | None = None) -> list[CaseReport]:
    """
    Add all cases of the folder, each in a transaction of its own, and publish what is new.

    What is there already is compared and never written, so a second run writes nothing. Every file is read before the
    first is loaded. `today` is the day from which an invented example counts; by default that of the clock, in UTC.
    Raises `FormatError` for a file that cannot be used.
    """
    today = today or datetime.datetime.now(tz=datetime.UTC).date()
    records = {path.name: parse(path) for path in files(folder)}
    reports = []
    for name, record in records.items():
        try:
            reports.append(load_case(record, today=today, source=SOURCE))
        except LoadError as error:
            raise FormatError(f"{name}: {error}") from error
    for name, record in records.items():
        try:
            relate(record, source=SOURCE)
        except LoadError as error:
            raise FormatError(f"{name}: {error}") from error
    return reports


# --- from text to records, by the types of their fields -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in which file something stands, for the message."""

    file: str
    path: tuple[str, ...] = ()

    def at(self, *steps: str) -> "_Place":
        return _Place(self.file, self.path + steps)

    def error(self, text: str) -> FormatError:
        return FormatError(": ".join((self.file, *self.path, text)))


def _record(kind: type[R], raw: object, place: _Place, **known: str) -> R:
    """A record of `kind` from a mapping; `known` are values that stand elsewhere than in the mapping."""
    if kind is ReferenceRecord and isinstance(raw, str):
        raw = {"source": raw}
    if not isinstance(raw, Mapping):
        raise place.error("here belong names with values, as in “title: ...”.")
    written = {**raw, **known}
    if kind is EntryRecord:
        written = _with_offsets(written, place)
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    expected: list[str] = []
    for each in fields(kind):  # type: ignore[arg-type]  # one of the dataclasses above
        name = each.metadata.get("written", each.name)
        expected.append(name)
        if name in written:
            value = written.pop(name)
            # Nothing behind a name is the same as no name: "related:" and "related: []".
            if value not in ("", [], {}):
                values[each.name] = _value(hints[each.name], value, place.at(name))
        if each.name not in values and each.default is MISSING and each.default_factory is MISSING:
            raise place.error(f"{name} is missing.")
    if written:
        raise place.error(f"there is no “{next(iter(written))}” here. Known are {', '.join(expected)}.")
    return kind(**values)


def _with_offsets(written: Mapping[str, Any], place: _Place) -> dict[str, Any]:
    """The values of an entry, its days counted from the loading under names of their own."""
    found = dict(written)
    if not ("date" in found) ^ ("date_offset" in found):
        raise place.error("give either a date or, in an invented example, a date_offset.")
    if "postponed_offset" in found:
        raise place.error("there is no “postponed_offset” here. Write the number of days behind postponed_to.")
    if _OFFSET.fullmatch(str(found.get("postponed_to", ""))):
        found["postponed_offset"] = found.pop("postponed_to")
    return found


def _value(kind: Any, raw: object, place: _Place) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
        origin = get_origin(kind)
    if origin is tuple:
        return _rows(get_args(kind)[0], raw, place)
    if origin is dict:
        if not isinstance(raw, Mapping):
            raise place.error("here belong names with values.")
        return {str(name): _text(value, place.at(str(name))) for name, value in raw.items()}
    if kind in _SCALARS:
        return _SCALARS[kind](_text(raw, place), place)
    return _record(kind, raw, place)


def _rows(kind: Any, raw: object, place: _Place) -> tuple[Any, ...]:
    """The rows of a list, or of a mapping from keys."""
    if isinstance(raw, Mapping) and isinstance(kind, type) and is_dataclass(kind):
        return tuple(_record(kind, value, place.at(str(key)), key=str(key)) for key, value in raw.items())
    if not isinstance(raw, list):
        raise place.error("here belongs a list.")
    return tuple(_value(kind, value, place.at(_name_of_row(value, index))) for index, value in enumerate(raw, 1))


def _name_of_row(raw: object, index: int) -> str:
    """What a message calls the row of a list: its key if it has one, else its number."""
    key = raw.get("key") if isinstance(raw, Mapping) else None
    return key if isinstance(key, str) else f"number {index}"


def _text(raw: object, place: _Place) -> str:
    if not isinstance(raw, str):
        raise place.error("here belongs a text. A text with a comma or a colon needs quotation marks.")
    return raw.strip()


def _yes_or_no(text: str, place: _Place) -> bool:
    if text not in {"yes", "no"}:
        raise place.error(f"“{text}” is neither yes nor no.")
    return text == "yes"


def _whole_number(text: str, place: _Place) -> int:
    if not re.fullmatch(r"[+-]?\d{1,5}", text):
        raise place.error(f"“{text}” is not a whole number.")
    return int(text)


def _uncertain_date(text: str, place: _Place) -> UncertainDate:
    try:
        return parse_date(text)
    except DateError as error:
        raise place.error(f"“{text}”: {error}") from error


def _day(text: str, place: _Place) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise place.error(f"“{text}” is not a day such as 2025-04-10.") from error


def _time(text: str, place: _Place) -> datetime.time:
    try:
        return datetime.time.fromisoformat(text)
    except ValueError as error:
        raise place.error(f"“{text}” is not a time such as 16:15.") from error


_SCALARS: dict[Any, Any] = {
    str: lambda text, place: text,
    bool: _yes_or_no,
    int: _whole_number,
    UncertainDate: _uncertain_date,
    datetime.date: _day,
    datetime.time: _time,
}


# --- that every key leads somewhere ---------------------------------------------------------------------------------


def _check_keys(record: CaseRecord, place: _Place) -> None:
    """Raise `FormatError` for a key given twice and for one that nothing has."""
    known = {
        part: _keys(getattr(record, part), place.at(part))
        for part in ("sources", "parties", "judges", "attorneys", "proceedings", "entries")
    }
    provisions = {
        entry.key: _keys(entry.provisions, place.at("entries", entry.key, "provisions")) for entry in record.entries
    }

    def look(part: str, key: str, *where: str) -> None:
        if key and key not in known[part]:
            raise place.at(*where).error(f"there is no “{key}” among the {part}.")

    for proceeding in record.proceedings:
        at = ("proceedings", proceeding.key)
        for assigned in proceeding.judges:
            look("judges", assigned.judge, *at, "judges")
        for role in proceeding.parties:
            look("parties", role.party, *at, "parties")
        for counsel in proceeding.counsel:
            look("attorneys", counsel.attorney, *at, "counsel")
            look("parties", counsel.party, *at, "counsel")
    for index, transfer in enumerate(record.transfers, 1):
        look("proceedings", transfer.origin, "transfers", f"number {index}", "from")
        look("proceedings", transfer.destination, "transfers", f"number {index}", "to")
    for index, correction in enumerate(record.corrections, 1):
        look("entries", correction.entry, "corrections", f"number {index}", "entry")
    for entry in record.entries:
        at = ("entries", entry.key)
        if not record.case.invented and (entry.date_offset is not None or entry.postponed_offset is not None):
            raise place.at(*at).error("days are counted from the loading only in an invented example.")
        for docket in entry.docket:
            look("proceedings", docket.proceeding, *at, "docket")
        for reference in (*entry.sources, *(each for said in entry.statements for each in said.sources)):
            look("sources", reference.source, *at, "sources")
        for key in entry.responds_to:
            look("entries", key, *at, "responds_to")
        for statement in entry.statements:
            look("entries", statement.said_at, *at, "statements", "said_at")
        for judge in entry.judges:
            look("judges", judge.judge, *at, "judges")
        for treatment in entry.treatments:
            look("entries", treatment.target, *at, "treatments", "target")
            look("entries", treatment.until_event, *at, "treatments", "until_event")
            if treatment.provision and treatment.provision not in provisions.get(treatment.target, ()):
                raise place.at(*at, "treatments", "provision").error(
                    f"there is no “{treatment.provision}” among the provisions of {treatment.target or 'no ruling'}."
                )


def _keys(rows: Iterable[Any], place: _Place) -> set[str]:
    found: set[str] = set()
    for row in rows:
        if row.key in found:
            raise place.error(f"“{row.key}” is there twice.")
        found.add(row.key)
    return found
