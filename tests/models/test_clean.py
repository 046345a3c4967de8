"""What `clean()` tells an editor beyond the constraints, beside the field that it is about."""

import datetime
from typing import Any

import factories as make
import pytest
from django.core.exceptions import ValidationError
from django.db import models

from casetracker.models import Tally, TallyChange
from casetracker.models.cases import RESERVED_SLUGS

pytestmark = pytest.mark.django_db


def told(row: Any) -> dict[str, list[str]]:
    """What `full_clean` says, by field; nothing if the row is good."""
    try:
        row.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


NOON = datetime.time(12)


@pytest.mark.parametrize(
    "date", ["April 2025", "2025", "about 4 April 2025", "3-4 April 2025", "before 4 April 2025", "after 4 April 2025"]
)
def test_time_needs_a_single_known_day(date: str) -> None:
    hearing = make.EventFactory(date=date)
    hearing.time = NOON
    assert told(hearing) == {"time": ["A time goes with a single known day."]}


def test_time_goes_with_a_day() -> None:
    hearing = make.EventFactory(date="4 April 2025", time=NOON)
    assert told(hearing) == {}


def test_time_beside_a_date_that_cannot_be_read_is_told_once() -> None:
    hearing = make.EventFactory.build(case=make.CaseFactory(), date="yesterday", time=NOON)
    assert list(told(hearing)) == ["date"]


@pytest.mark.parametrize(
    ("filed", "terminated", "good"),
    [
        ("24 March 2025", "23 March 2025", False),
        ("24 March 2025", "24 March 2025", True),
        ("March 2025", "1 March 2025", True),
        ("24 March 2025", "March 2025", True),
        ("24 March 2025", "February 2025", False),
        ("after 24 March 2025", "24 March 2025", True),
        ("before 24 March 2025", "1 January 1900", True),
        ("24 March 2025", "after 1 January 1900", True),
        ("24 March 2025", None, True),
        (None, "24 March 2025", True),
    ],
)
def test_proceeding_does_not_end_before_it_begins(filed: str | None, terminated: str | None, good: bool) -> None:
    proceeding = make.ProceedingFactory(filed=filed, terminated=terminated)
    assert told(proceeding) == ({} if good else {"terminated": ["This is before the proceeding was filed."]})


@pytest.mark.parametrize("word", sorted(RESERVED_SLUGS))
def test_words_of_the_site_are_no_addresses_of_cases(word: str) -> None:
    case: Any = make.CaseFactory()
    case.slug = word
    assert told(case) == {"slug": ["This word is kept for a page of the site; choose another."]}


def test_former_address_of_another_case_is_refused() -> None:
    former = make.FormerSlugFactory(slug="smith-v-doe")
    case = make.CaseFactory()
    case.slug = former.slug
    assert told(case) == {"slug": ["This was the address of another case and leads there for ever; choose another."]}


def test_case_may_return_to_its_own_former_address() -> None:
    former = make.FormerSlugFactory(slug="smith-v-doe")
    former.case.slug = former.slug
    assert told(former.case) == {}


def test_docket_entry_of_another_case_is_refused() -> None:
    entry = make.DocketEntryFactory()
    entry.proceeding = make.ProceedingFactory(court=entry.event.court)
    assert told(entry) == {"proceeding": ["This docket is of another case."]}


def test_docket_entry_of_another_court_is_refused() -> None:
    entry = make.DocketEntryFactory()
    entry.proceeding = make.ProceedingFactory(case=entry.event.case, court__name="Court of Appeals")
    assert told(entry) == {
        "proceeding": [f"This docket is of Court of Appeals; the entry's court is {entry.event.court}."]
    }


def test_event_outside_court_stands_on_no_docket() -> None:
    proceeding = make.ProceedingFactory(court__name="District Court")
    entry = make.DocketEntryFactory.build(event=make.EventFactory(case=proceeding.case), proceeding=proceeding)
    assert told(entry) == {"proceeding": ["This docket is of District Court; the entry's court is none."]}


def test_docket_entry_without_its_event_is_told_so() -> None:
    assert told(make.DocketEntryFactory.build(event=None, proceeding=make.ProceedingFactory())) == {
        "event": ["This field cannot be null."]
    }


@pytest.mark.parametrize(
    ("factory", "name"),
    [
        (make.RulingJudgeFactory, "ruling"),
        (make.RulingCitationFactory, "ruling"),
        (make.ProvisionFactory, "ruling"),
        (make.TreatmentFactory, "target"),
    ],
)
def test_row_of_a_ruling_is_refused_for_a_filing(factory: Any, name: str) -> None:
    row = factory()
    setattr(row, name, make.EventFactory())
    assert list(told(row)) == [name]


def test_treatment_of_a_provision_of_another_ruling_is_refused() -> None:
    treatment = make.TreatmentFactory()
    treatment.provision = make.ProvisionFactory()
    assert told(treatment) == {"provision": ["This provision is part of another ruling."]}


def test_correction_of_an_entry_of_another_case_is_refused() -> None:
    correction = make.CorrectionFactory()
    correction.event = make.EventFactory()
    assert told(correction) == {"event": ["This entry belongs to another case."]}


def test_minor_is_told_beside_the_name() -> None:
    party = make.PartyFactory(name="Ann Bell")
    party.is_minor = True
    assert told(party) == {"name": ["For a minor store only the initials, such as A.B."]}


def _texts() -> list[Any]:
    """Each column of each model in which an editor writes freely, with a factory of its model: found, not listed."""
    return [
        pytest.param(factory, column.name, id=f"{model.__name__}.{column.name}")
        for model, factory in make.FACTORIES.items()
        if model._meta.app_label == "casetracker"
        and not model._meta.proxy
        # Triggers alone write there: names of facets, keys and numbers.
        and model not in {Tally, TallyChange}
        for column in model._meta.fields
        if type(column) in {models.CharField, models.TextField}
        and column.editable
        and not column.choices
        and not column.primary_key
    ]


@pytest.mark.parametrize(("factory", "name"), _texts())
def test_text_with_hidden_characters_is_refused(factory: Any, name: str) -> None:
    row = factory()
    setattr(row, name, "A\u202eB")
    assert name in told(row)


@pytest.mark.parametrize(("factory", "name"), _texts())
def test_text_with_a_nul_is_refused_before_it_reaches_the_database(factory: Any, name: str) -> None:
    row = factory()
    setattr(row, name, "A\x00B")
    assert name in told(row)
