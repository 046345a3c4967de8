"""
Real dockets keep every date, number and text. They are of real people and not part of the repository:
CASETRACKER_REAL_DOCKETS names a folder of them, each beside what juriscraper 4 makes of it as JSON of the same name.
Where it is not set, the tests of single files are not collected.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from casetracker.importers.dockets import juriscraper_json
from casetracker.importers.dockets.formats import parse
from casetracker.importers.dockets.records import Docket, DocketError

_FOLDER = os.environ.get("CASETRACKER_REAL_DOCKETS", "")


def _pairs() -> list[tuple[Path, Path]]:
    """The files and what is expected of each; JSON of the Supreme Court has it the other way round, in `.compare`."""
    files = sorted(Path(_FOLDER).rglob("*")) if _FOLDER else []
    pages = [(path, path.with_suffix(".json")) for path in files if path.suffix in {".html", ".htm", ".xml"}]
    raw = [(path, Path(str(path).replace(".compare.json", ".json"))) for path in files if ".compare" in path.suffixes]
    return [(path, expected) for path, expected in [*pages, *raw] if expected.exists()]


PAIRS = _pairs()


def test_folder_of_real_dockets_holds_some_if_it_is_named() -> None:
    assert bool(PAIRS) == bool(_FOLDER)


def _lines(docket: Docket, path: Path) -> list[tuple[Any, ...]]:
    # juriscraper leaves out of XML what has no number or no day, and spaces that stand before a comma.
    is_xml = path.suffix == ".xml"
    return [
        (
            each.filed,
            None if is_xml else each.entered,
            each.number,
            re.sub(r"\s", "", each.text) if is_xml else each.text,
        )
        for each in docket.entries
        if not is_xml or (each.filed and each.number.isdigit())
    ]


if PAIRS:

    @pytest.mark.parametrize(("path", "expected"), PAIRS, ids=lambda path: path.name)
    def test_real_docket_is_read_whole(path: Path, expected: Path) -> None:
        raw, said = path.read_bytes(), json.loads(expected.read_text(encoding="utf-8"))
        if "ProceedingsandOrder" in said:
            raw, said = expected.read_bytes(), json.loads(raw)
        if not said:
            with pytest.raises(DocketError):
                parse(raw, "dcd")
            return
        (docket,) = parse(raw, said.get("court_id") or "scotus").dockets
        wanted = juriscraper_json.read(said, "")
        assert _lines(docket, path) == _lines(wanted, path)
        assert (docket.number, docket.filed) == (wanted.number, wanted.filed)
        assert {each.name for each in docket.litigants} == {each.name for each in wanted.litigants}
        assert _ends_of_counsel(docket) == {
            (" ".join(party["name"].split()), " ".join(attorney["name"].split()), month + day + year)
            for party in said.get("parties", ())
            for attorney in party.get("attorneys") or ()
            for role in attorney.get("roles") or ()
            for month, day, year in re.findall(r"TERMINATED: (\d\d)/(\d\d)/(\d{4})", str(role))
        }


def _ends_of_counsel(docket: Docket) -> set[tuple[str, str, str]]:
    """Until when somebody spoke for a party, by the month, the day and the year."""
    return {
        (row.name, who.name, f"{who.terminated.sort_date:%m%d%Y}")
        for row in docket.litigants
        for who in row.counsel
        if who.terminated
    }
