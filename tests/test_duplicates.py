"""Rows that may be one: names that are alike, found by an index."""

from typing import Any

import factories as make
import pytest
from django.db import connection

from casetracker import duplicates

pytestmark = pytest.mark.django_db

PARTIES, ATTORNEYS, COURTS, CASES = (
    duplicates.BY_SLUG[slug] for slug in ("like-parties", "like-attorneys", "like-courts", "like-cases")
)


def names(kind: Any, **of: Any) -> list[set[str]]:
    return [{pair.row.name, pair.other.name} for pair in duplicates.pairs(kind, **of)]


def test_parties_with_names_that_are_alike_are_one_pair() -> None:
    make.PartyFactory(name="Kristi Noem")
    make.PartyFactory(name="Kristi L. Noem")
    make.PartyFactory(name="Pamela Bondi")
    assert names(PARTIES) == [{"Kristi Noem", "Kristi L. Noem"}]
    assert duplicates.count(PARTIES) == 1


def test_accents_and_capitals_make_no_difference() -> None:
    make.PartyFactory(name="JOSÉ GUZMÁN PEÑA")
    make.PartyFactory(name="Jose Guzman Pena")
    assert len(names(PARTIES)) == 1


def test_only_courts_of_our_own_are_compared_with_all() -> None:
    make.CourtFactory(name="District Court for the Eastern District of Virginia")
    make.CourtFactory(name="District Court for the Western District of Virginia")
    assert names(COURTS) == []
    make.CourtFactory(id="own", name="District Court for the Eastern District of Virginia (Alexandria)", is_local=True)
    assert duplicates.pairs(COURTS)[0].row.pk == "own"


def test_cases_with_names_that_are_alike() -> None:
    make.CaseFactory(name="Abrego Garcia v. Noem")
    make.CaseFactory(name="Abrego Garcia v. Noem (Tennessee)")
    make.CaseFactory(name="Marbury v. Madison")
    assert names(CASES) == [{"Abrego Garcia v. Noem", "Abrego Garcia v. Noem (Tennessee)"}]


def test_attorneys_with_names_that_are_alike_whatever_their_firms_and_of_one_case_only_its_own() -> None:
    make.AttorneyFactory(name="Simon Sandoval-Moshenberg", firm="Legal Aid")
    of_case = make.RepresentationFactory(attorney__name="Simon Y. Sandoval-Moshenberg")
    make.AttorneyFactory.create_batch(2, name="Erez Reuveni")
    pair = {"Simon Sandoval-Moshenberg", "Simon Y. Sandoval-Moshenberg"}
    assert names(ATTORNEYS) == [{"Erez Reuveni"}, pair]
    assert names(ATTORNEYS, case=of_case.proceeding.case_id) == [pair]


def test_of_one_case_only_its_rows_are_told() -> None:
    role = make.PartyRoleFactory(party__name="Kristi Noem")
    make.PartyFactory(name="Kristi L. Noem")
    make.PartyFactory(name="Pamela Bondi")
    make.PartyFactory(name="Pamela J. Bondi")
    assert names(PARTIES, case=role.proceeding.case.pk) == [{"Kristi Noem", "Kristi L. Noem"}]
    assert names(PARTIES, case=make.CaseFactory().pk) == []


def test_threshold_is_set_for_the_one_question_alone() -> None:
    duplicates.pairs(PARTIES)
    with connection.cursor() as cursor:
        cursor.execute("SHOW pg_trgm.similarity_threshold")
        # Inside the test's own transaction the setting is that of the transaction.
        assert cursor.fetchone()[0] in {"0.3", str(PARTIES.alike)}
