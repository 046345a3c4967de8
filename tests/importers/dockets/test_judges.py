"""Judges whom a docket names: found among those who are known, or new; two who may be meant are told."""

from typing import Any

import factories as make
import pytest

from casetracker.dates import UncertainDate
from casetracker.importers.dockets.loading import Wishes, load
from casetracker.importers.dockets.records import Docket, Entry, Sitting
from casetracker.importers.dockets.reports import Report
from casetracker.models import Event, Judge, ProceedingJudge, RulingJudge

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def courts() -> None:
    make.CourtFactory(id="mdd", short_name="D. Md.")


def loaded(*texts: str, judges: tuple[Sitting, ...] = (), number: str = "8:25-cv-00951", **wishes: Any) -> Report:
    day = UncertainDate.from_edtf("2025-03-24")
    entries = tuple(Entry(day, number=str(at), text=text) for at, text in enumerate(texts, 1))
    docket = Docket("mdd", number, f"Doe v. Ledger Office {number}", day, judges=judges, entries=entries)
    return load(docket, format="csv", wishes=Wishes(**wishes))


def roles() -> list[tuple[str, str]]:
    return list(RulingJudge.objects.order_by("ruling", "position").values_list("judge__name", "role"))


ORDER = "ORDER granting 1 Motion. Signed by Judge Ada Bench on 3/24/2025."


def test_who_signed_alone_is_the_author() -> None:
    report = loaded("MOTION to stay by A. Doe.", ORDER)
    assert roles() == [("Ada Bench", "author")]
    assert report.notes == []


def test_judge_of_the_docket_is_known_by_the_last_name_alone() -> None:
    loaded("ORDER. Signed by Judge BENCH on 3/24/2025.", judges=(Sitting("Magistrate Judge Ada Bench", "referred"),))
    assert roles() == [("Ada Bench", "author")]
    assert list(ProceedingJudge.objects.values_list("judge__name", "role")) == [("Ada Bench", "referred")]
    assert Judge.objects.count() == 1


def test_judge_who_is_known_elsewhere_is_the_same_by_the_whole_name() -> None:
    known = make.JudgeFactory(name="Ada Bench")
    loaded(ORDER.replace("Ada Bench", "ADA BENCH"))
    assert RulingJudge.objects.get().judge == known


def test_last_name_that_nobody_here_has_is_told_and_nobody_named() -> None:
    make.JudgeFactory(name="Ada Bench")
    report = loaded("ORDER. Signed by Judge Bench on 3/24/2025.")
    assert roles() == []
    assert report.notes == ["Not known which judge is meant, so none was named: Bench is no more than a last name."]


def test_two_of_one_name_are_told_and_neither_is_chosen() -> None:
    for slug in ("one", "two"):
        make.JudgeFactory(name="Ada Bench", slug=slug)
    report = loaded(ORDER, judges=(Sitting("Ada Bench"),))
    assert (roles(), ProceedingJudge.objects.count(), Judge.objects.count()) == ([], 0, 2)
    assert "Ada Bench may be several judges" in report.notes[0]


def test_several_who_signed_are_named_and_who_wrote_is_left_open() -> None:
    report = loaded("ORDER. Signed by Judge Ada Bench. Signed by Judge Bea Stand.")
    assert roles() == [("Ada Bench", "joined"), ("Bea Stand", "joined")]
    assert "who wrote is for an editor" in report.notes[0]


def test_filing_has_no_judge_whatever_it_says() -> None:
    loaded("NOTICE of Order Signed by Judge Ada Bench.")
    assert roles() == []


def test_kind_chosen_by_hand_decides_whether_there_is_one() -> None:
    dry = loaded(ORDER, is_dry=True)
    loaded(ORDER, kinds={dry.added[0].key: "filing"})
    assert (Event.objects.get().kind, roles()) == ("filing", [])


def test_ruling_with_a_judge_stays_one_when_the_file_calls_it_something_else() -> None:
    loaded(ORDER)
    report = loaded("NOTICE of the order.")
    assert Event.objects.get().kind == "ruling"
    assert report.conflicts == [
        "2025-03-24, No. 1: kind or outcome is otherwise in the file, “filing”; it has judges, parts or effects that "
        "only a ruling has, so it was kept."
    ]


def test_judges_of_many_rulings_are_found_in_as_many_queries_as_of_one(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(60):
        loaded(*(f"ORDER {at}. Signed by Judge Ada Bench{chr(97 + at % 26)} Stand." for at in range(200)))
    assert RulingJudge.objects.count() == 200
