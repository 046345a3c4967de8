"""
What the rows of courts-db mean: the rules that put its names, levels and order right. Pure.

courts-db calls half of the federal district courts "appellate" and leaves the class of others open. Each rule takes a
row of its form, a mapping with `id`, `name`, `type`, `level`, `system`, `location`, `dates` and `citation_string`.
"""

import re
from collections.abc import Mapping
from typing import Any

from casetracker.models import Level, System

# A district court closed before the courts of appeals were made (Act of 3 March 1891) appealed to none of them.
_CIRCUITS_SINCE = "1891-03-03"

_TERRITORIES = {
    "American Samoa",
    "Dakota Territory",
    "Guam",
    "Northern Mariana Islands",
    "Puerto Rico",
    "Virgin Islands",
}
_DIRECTIONS = {"N": "Northern", "S": "Southern", "E": "Eastern", "W": "Western", "M": "Middle", "C": "Central"}
_DISTRICT_DIRECTION = re.compile(r"([NSEWMC])\.D\. ?")
_CIRCUIT_NUMBER = re.compile(r"(ca|bap)(\d+)")
_FULL_DISTRICT_NAME = "United States District Court for the "
_APPELLATE_NAME = re.compile(r"\bAppeals?\b|\bAppellate\b")
_SUPREME_NAME = re.compile(r"\bSupreme (?:Judicial )?Court\b")
_ADMINISTRATIVE_NAME = re.compile(
    r"\b(?:Board|Commission|Commissioner|Departments?|Division of|Office|Panels?|Service|Register of|Tribunal)\b", re.I
)
_ADMINISTRATIVE_REVIEW = re.compile(r"\bAppeals?\b|\bAppellate\b|\bReview\b")


def is_district_court(row: Mapping[str, Any]) -> bool:
    """Whether a row of courts-db is a federal district court, present or past, or their common entry `usdistct`."""
    return row["system"] == "federal" and row["type"] != "bankruptcy" and "District Court" in row["name"]


def is_circuit(row: Mapping[str, Any]) -> bool:
    """Whether it is a United States court of appeals: of a numbered circuit, the D.C. or the Federal Circuit."""
    return row["id"] in {"cadc", "cafc"} or bool(re.fullmatch(r"ca\d+", row["id"]))


def name_of(row: Mapping[str, Any], citation: str, place: str) -> str:
    """
    The name, in one form where courts-db has several: "District Court, E.D. Virginia" and "United States District
    Court, Oklahoma Eastern" become "United States District Court for the Eastern District of ...", as it writes half.
    """
    name = str(row["name"]).strip()
    if is_district_court(row) and row["id"] != "usdistct" and not name.startswith(_FULL_DISTRICT_NAME):
        direction = _DISTRICT_DIRECTION.match(citation)
        district = f"{_DIRECTIONS[direction[1]]} District" if direction else "District"
        return f"{_FULL_DISTRICT_NAME}{district} of {'Columbia' if row['id'] == 'dcd' else place}"
    if is_circuit(row) and name.startswith("Court of Appeals"):
        return f"United States {name}"
    return name


def system_of(row: Mapping[str, Any], place: str) -> System:
    """The system; courts-db puts the courts of territories among those of the states."""
    if row["system"] == "state" and place in _TERRITORIES:
        return System.TERRITORIAL
    if row["system"] in {System.FEDERAL, System.STATE, System.TRIBAL, System.INTERNATIONAL}:
        return System(row["system"])
    return System.OTHER


def level_of(row: Mapping[str, Any], system: System, place: str) -> Level:
    """The level, from the name, the level and the class that courts-db gives; OTHER where none of them says it."""
    return _federal_level(row) if system == System.FEDERAL else _other_level(row, place)


def _federal_level(row: Mapping[str, Any]) -> Level:
    name, kind = row["name"], row["type"]
    if row["id"] == "scotus":
        return Level.SUPREME
    if is_circuit(row):
        return Level.APPELLATE
    if kind == "bankruptcy":
        return Level.APPELLATE if "Appellate Panel" in name else Level.TRIAL
    # The old circuit courts heard some appeals, but were first of all courts of trial until 1911.
    if is_district_court(row) or "Circuit Court" in name:
        return Level.TRIAL
    if kind == "special":
        if "Board of" in name:
            return Level.ADMIN_APPELLATE
        if "Court" in name and row["level"] == "iac":
            return Level.APPELLATE
        if "Hearings" in name:
            return Level.ADMIN_TRIAL
        return Level.OTHER
    return {"appellate": Level.APPELLATE, "trial": Level.TRIAL}.get(kind, Level.OTHER)


def _other_level(row: Mapping[str, Any], place: str) -> Level:
    """
    Of a court of a state, tribe or territory. The name says it best, except in New York, whose Supreme Court tries
    cases; then the level that courts-db has (colr is a court of last resort, iac an intermediate court of appeals, gjc
    and ljc are courts of general and limited jurisdiction), and last its class.
    """
    name, kind, level = row["name"], row["type"], row["level"] or ""
    if kind == "ag" or "Attorney General" in name:
        return Level.OTHER
    if level == "colr":
        return Level.SUPREME
    is_court = "Court" in name
    if not is_court and _ADMINISTRATIVE_NAME.search(name):
        return Level.ADMIN_APPELLATE if _ADMINISTRATIVE_REVIEW.search(name) else Level.ADMIN_TRIAL
    if _SUPREME_NAME.search(name) and not _APPELLATE_NAME.search(name) and place != "New York":
        return Level.SUPREME
    if _APPELLATE_NAME.search(name) and not (is_court and "Tax" in name):
        return Level.APPELLATE
    if level == "iac" and "Trial" not in name and not name.endswith("Tribal Court"):
        return Level.APPELLATE
    if is_court or level in {"gjc", "ljc", "trial", "gjc & iac"} or kind == "trial":
        return Level.TRIAL
    return Level.APPELLATE if kind == "appellate" else Level.OTHER


def closed_on(row: Mapping[str, Any]) -> str:
    """The day on which the court's last span of time ended, or nothing if it still sits or courts-db does not say."""
    ends = [span.get("end") or "" for span in row["dates"] or ()]
    return max(ends) if ends and all(ends) else ""


def ways_of_appeal(
    row: Mapping[str, Any], circuits: Mapping[str, str], *, system: System, level: Level, place: str, closed: bool
) -> tuple[str, ...]:
    """
    Where appeals go by statute: from district to circuit, from circuit and from a state's highest court to `scotus`.

    `circuits` says which circuit a state or territory belongs to.
    """
    if is_district_court(row):
        last_day = closed_on(row)
        if row["id"] == "usdistct" or (closed and (not last_day or last_day < _CIRCUITS_SINCE)):
            return ()
        return (circuits[place],) if place in circuits else ()
    if is_circuit(row) or row["id"] == "armfor":
        return ("scotus",)
    panel = _CIRCUIT_NUMBER.fullmatch(row["id"])
    if panel:
        return (f"ca{panel[2]}",)
    is_highest = level == Level.SUPREME and system in {System.STATE, System.TERRITORIAL}
    return ("scotus",) if is_highest and not closed else ()


_FEDERAL_ORDER = {
    Level.SUPREME: 1,
    Level.APPELLATE: 150,
    Level.TRIAL: 170,
    Level.ADMIN_APPELLATE: 190,
    Level.ADMIN_TRIAL: 195,
    Level.OTHER: 199,
}
_STATE_ORDER = {
    Level.SUPREME: 300,
    Level.APPELLATE: 400,
    Level.TRIAL: 500,
    Level.ADMIN_APPELLATE: 600,
    Level.ADMIN_TRIAL: 610,
    Level.OTHER: 690,
}
_SYSTEM_ORDER = {System.TERRITORIAL: 700, System.TRIBAL: 750, System.NATIONAL: 850, System.INTERNATIONAL: 860}


def short_name_of(name: str, citation: str, *, system: System, level: Level) -> str:
    """The label: the citation form, but the name where that form is only a state's ("Del." is its supreme court)."""
    if level == Level.SUPREME and system in {System.STATE, System.TERRITORIAL}:
        return name
    return citation or name


def display_order_of(row: Mapping[str, Any], *, system: System, level: Level, closed: bool) -> int:
    """
    The Supreme Court, the circuits by number, the districts, the other federal courts; then the states by level; the
    others; and last the courts that no longer sit. Courts with equal numbers are listed by name.
    """
    if closed:
        return 900
    if system == System.FEDERAL:
        number = _CIRCUIT_NUMBER.fullmatch(row["id"])
        if is_circuit(row):
            return 10 + (int(number[2]) if number else {"cadc": 12, "cafc": 13}[row["id"]])
        if is_district_court(row):
            return 100
        return 180 if row["type"] == "bankruptcy" else _FEDERAL_ORDER[level]
    return _STATE_ORDER[level] if system == System.STATE else _SYSTEM_ORDER.get(system, 890)
