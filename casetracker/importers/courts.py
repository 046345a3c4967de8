"""
Courts: those of courts-db with our corrections, and local ones.

courts-db (Free Law Project) gives identifiers that the whole field uses, and names, places and classes of uneven
quality: it calls half of the federal district courts "appellate". What a rule can put right is in `court_rules`; what
is wrong in a single row, in `casetracker/data/courts.yaml`. `parse()` is pure; `load()` writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import courts_db
import pghistory
import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from casetracker.models import Court, Level, System, present_courts

from .court_rules import closed_on, display_order_of, level_of, name_of, short_name_of, system_of, ways_of_appeal

FILE = Path(__file__).resolve().parent.parent / "data" / "courts.yaml"


class CourtsError(Exception):
    """courts.yaml cannot be used; the message names the row and the field."""


@dataclass(frozen=True, slots=True)
class CourtRow:
    """A court as it is stored. `appeals_to` holds identifiers, in order of their own."""

    id: str
    name: str
    short_name: str
    citation: str
    level: Level
    system: System
    place: str
    time_zone: str
    website: str
    display_order: int
    is_local: bool
    appeals_to: tuple[str, ...] = ()


# The columns that `load` compares with what is stored; a court's ways of appeal are compared beside them.
COLUMNS = (
    "name",
    "short_name",
    "citation",
    "level",
    "system",
    "place",
    "time_zone",
    "website",
    "display_order",
    "is_local",
)


@dataclass(frozen=True, slots=True)
class CourtsReport:
    """What a load did: courts added, courts there already, and which of those are not as the files say, with fields."""

    added: int
    unchanged: int
    different: tuple[str, ...]


def parse(rows: Sequence[Mapping[str, Any]] | None = None, file: Path = FILE) -> list[CourtRow]:
    """
    The courts of courts-db (or `rows` of its form) with corrections, and then the local ones.

    Raises `CourtsError` if the file is not YAML, corrects a court that is not there, or names a field or a court that
    does not exist.
    """
    ours = _Corrections.read(file)
    rows = courts_db.courts if rows is None else rows
    courts = [_from_courts_db(row, ours) for row in rows] + [_local(row, ours) for row in ours.local]
    known = {court.id for court in courts}
    if len(known) != len(courts):
        raise CourtsError(f"{file.name}: a local court has the identifier of another court.")
    for identifier in ours.rows:
        if identifier not in known:
            raise CourtsError(f"{file.name}: corrections: courts-db has no court {identifier}.")
    for court in courts:
        for other in court.appeals_to:
            if other not in known:
                raise CourtsError(f"{file.name}: {court.id}: appeals_to: there is no court {other}.")
    return courts


def load(rows: Sequence[CourtRow] | None = None) -> CourtsReport:
    """
    Add the courts that are missing, all or none. A court that is there is compared and never written.

    Raises `CourtsError` for a court that is not valid.
    """
    wanted = parse() if rows is None else rows
    with transaction.atomic(), pghistory.context(source="load_courts"):
        stored = Court.objects.in_bulk()
        ways: dict[str, set[str]] = {}
        for origin, destination in Court.appeals_to.through.objects.values_list("from_court_id", "to_court_id"):
            ways.setdefault(origin, set()).add(destination)
        # What an editor has merged into another court is not brought back; ways of appeal lead to the one that stayed.
        merged = present_courts(row.id for row in wanted)
        wanted = [
            replace(row, appeals_to=tuple(dict.fromkeys(merged.get(other, other) for other in row.appeals_to)))
            for row in wanted
            if row.id not in merged
        ]
        missing = [row for row in wanted if row.id not in stored]
        courts = [Court(**{name: getattr(row, name) for name in ("id", *COLUMNS)}) for row in missing]
        for court in courts:
            _check(court)
        Court.objects.bulk_create(courts)
        way = Court.appeals_to.through
        way.objects.bulk_create(
            way(from_court_id=row.id, to_court_id=other) for row in missing for other in row.appeals_to
        )
    present = [row for row in wanted if row.id in stored]
    different = [
        f"{row.id}: {', '.join(names)}"
        for row in present
        if (names := _differences(row, stored[row.id], ways.get(row.id, set())))
    ]
    return CourtsReport(added=len(missing), unchanged=len(present) - len(different), different=tuple(different))


def _check(court: Court) -> None:
    """The rules of single values; the database keeps the others when the rows are written."""
    try:
        court.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        problems = "; ".join(f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
        raise CourtsError(f"Court {court.pk}: {problems}") from error


def _differences(row: CourtRow, court: Court, appeals_to: set[str]) -> list[str]:
    names = [name for name in COLUMNS if getattr(court, name) != getattr(row, name)]
    return names + (["appeals_to"] if appeals_to != set(row.appeals_to) else [])


# --- what courts.yaml says ------------------------------------------------------------------------------------------

_CORRECTABLE = {"name", "short_name", "citation", "level", "system", "place", "time_zone", "appeals_to", "closed"}
_LOCAL = (_CORRECTABLE - {"closed"}) | {"id", "website", "display_order"}


@dataclass(frozen=True, slots=True)
class _Corrections:
    local: list[dict[str, Any]]
    rows: dict[str, dict[str, Any]]
    circuits: dict[str, str]
    time_zones: dict[str, str]
    places: dict[str, str]

    @classmethod
    def read(cls, file: Path) -> "_Corrections":
        try:
            found = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - makes only text
        except (OSError, yaml.YAMLError) as error:
            raise CourtsError(f"{file.name} cannot be read: {error}") from error
        try:
            corrections = cls(
                local=found["local"],
                rows=found["corrections"],
                circuits={place: court for court, places in found["circuits"].items() for place in places},
                time_zones={place: zone for zone, places in found["time_zones"].items() for place in places},
                places=found["places"],
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise CourtsError(
                f"{file.name}: it needs the parts local, corrections, circuits, time_zones and places."
            ) from error
        for known, rows in ((_CORRECTABLE, corrections.rows.items()), (_LOCAL, enumerate(corrections.local, 1))):
            for which, row in rows:
                for field in row:
                    if field not in known:
                        raise CourtsError(f"{file.name}: {which}: there is no field {field}.")
        return corrections

    def place(self, written: str) -> str:
        return self.places.get(written, written)

    def time_zone(self, place: str) -> str:
        return self.time_zones.get(place, "America/New_York")


def _local(row: Mapping[str, Any], ours: _Corrections) -> CourtRow:
    try:
        return CourtRow(
            id=row["id"],
            name=row["name"],
            short_name=row["short_name"],
            citation=row.get("citation", ""),
            level=Level(row["level"]),
            system=System(row["system"]),
            place=row.get("place", ""),
            time_zone=row.get("time_zone") or ours.time_zone(row.get("place", "")),
            website=row.get("website", ""),
            display_order=int(row.get("display_order", 1000)),
            is_local=True,
            appeals_to=tuple(row.get("appeals_to", ())),
        )
    except (KeyError, ValueError) as error:
        raise CourtsError(f"courts.yaml: local: {row.get('id', 'a court without id')}: {error}") from error


def _from_courts_db(row: Mapping[str, Any], ours: _Corrections) -> CourtRow:
    # One identifier has a capital, which no address of ours has.
    identifier = row["id"].lower()
    said = ours.rows.get(identifier, {})
    try:
        place = said.get("place") or ours.place(row["location"] or "")
        system = System(said["system"]) if "system" in said else system_of(row, place)
        level = Level(said["level"]) if "level" in said else level_of(row, system, place)
    except ValueError as error:
        raise CourtsError(f"courts.yaml: corrections: {identifier}: {error}") from error
    citation = said.get("citation") or (row["citation_string"] or "").strip()
    name = said.get("name") or name_of(row, citation, place)
    closed = said["closed"] == "yes" if "closed" in said else bool(closed_on(row))
    appeals_to = (
        tuple(said["appeals_to"])
        if "appeals_to" in said
        else ways_of_appeal(row, ours.circuits, system=system, level=level, place=place, closed=closed)
    )
    return CourtRow(
        id=identifier,
        name=name,
        short_name=said.get("short_name") or short_name_of(name, citation, system=system, level=level),
        citation=citation,
        level=level,
        system=system,
        place=place,
        time_zone=said.get("time_zone") or ours.time_zone(place),
        # Some addresses were pasted there with a mark that cannot be seen behind them.
        website="".join(character for character in row.get("court_url") or "" if character.isprintable()).strip(),
        display_order=display_order_of(row, system=system, level=level, closed=closed),
        is_local=False,
        appeals_to=appeals_to,
    )
