"""The cases of the Supreme Court as dockets, and the invented dockets with which loading is measured."""

import gzip
import json
from pathlib import Path
from typing import Any

import factories as make
import pytest

from bench import importing, supreme_court
from casetracker.importers.dockets.loading import load
from casetracker.importers.dockets.records import DocketError
from casetracker.models import Case, Event, RulingJudge, State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def courts() -> None:
    make.CourtFactory(id="scotus", name="Supreme Court of the United States", level="supreme")
    make.CourtFactory(id="mdd", short_name="D. Md.")


def case(key: int = 7, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "name": "Quill v. Ledger &amp; Co.",
        "docket_number": "42",
        "citation": {"volume": "999", "page": "17", "year": "1901"},
        "first_party": "Alma Quill",
        "first_party_label": "Petitioner",
        "second_party": "Ledger &amp; Co.",
        "second_party_label": "Respondent",
        "lower_court": None,
        "timeline": [
            {"event": "Granted", "date": "1900-12-03"},
            {"event": "Argued", "date": "1901-01-07"},
            {"event": "Decided", "date": "1901-03-04"},
        ],
        "decisions": [
            {
                "description": "A pond may freeze.",
                "votes": [
                    {"justice": "Ada Bench", "vote": "majority", "opinion": "majority"},
                    {"justice": "Bea Robe", "vote": "minority", "opinion": "dissent"},
                ],
            }
        ],
        "advocates": [{"name": "Cab Bar"}],
        "question": "<p>May it?</p>",
        "facts": None,
        "conclusion": None,
        **more,
    }


def test_case_lands_with_its_kinds_texts_and_judges() -> None:
    report = load(supreme_court.docket_of(case()), format="casetracker")
    assert report.by_kind == {"ruling": 2, "hearing": 1}
    decided = Event.objects.get(form="opinion")
    assert decided.title == "Decided: Quill v. Ledger & Co."
    assert decided.docket_entries.get().text == "999 U.S. 17 A pond may freeze. May it?"
    assert list(RulingJudge.objects.order_by("position").values_list("judge__name", "role")) == [
        ("Ada Bench", "author"),
        ("Bea Robe", "dissented"),
    ]


def test_one_number_in_two_terms_is_two_cases_and_each_is_known_again() -> None:
    made = [supreme_court.docket_of(case(key)) for key in (7, 8)]
    for docket in [*made, *made]:
        load(docket, format="casetracker")
    assert (Case.objects.count(), Event.objects.count()) == (2, 6)


def test_case_without_a_number_has_its_citation_for_one() -> None:
    assert supreme_court.docket_of(case(docket_number="None")).number == "999 U.S. 17"


def test_line_that_is_no_case_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl.gz"
    path.write_bytes(gzip.compress(f"{json.dumps(case())}\n{{}}\n".encode()))
    with pytest.raises(DocketError, match="line 2: This is no case"):
        list(supreme_court.read(path))


def test_all_are_made_public_for_what_is_measured() -> None:
    load(supreme_court.docket_of(case()), format="casetracker")
    supreme_court.publish()
    assert set(Event.objects.values_list("state", flat=True)) == {State.PUBLISHED}
    assert Event.objects.public().count() == 3


def test_invented_dockets_are_the_same_for_the_same_seed_and_land() -> None:
    one, two = importing.dockets(2, 40)
    assert importing.dockets(2, 40) == [one, two]
    assert one != two
    assert load(one, format="csv").new == 40
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"filing", "ruling", "hearing"} <= kinds
