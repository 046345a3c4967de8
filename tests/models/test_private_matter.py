"""Identity numbers are refused in every text of every table, by the form and the database; birth dates are seen."""

from typing import Any

import factories as make
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from casetracker.models.functions import NoIdentityNumbers
from casetracker.redaction.places import Holds, places
from casetracker.validators import no_identity_numbers, web_address, without_identity_numbers

pytestmark = pytest.mark.django_db

TEXTS = [(place.model, column) for place in places() if not place.is_history for column in place.columns]
# Digests, and by what a line of a docket is known again: no form has them, and no text of a dispute is in them. The
# report of an import quotes lines in which the numbers are masked already (tests/importers/dockets).
OF_IMPORTS = {"Import", "ImportedDocket", "ImportedEntry"}
OURS = [
    (model, column)
    for model, column in TEXTS
    if model._meta.app_label == "casetracker" and model.__name__ not in OF_IMPORTS
]
NUMBERS = ["123-45-6789", "A123456789", "A 123-456-789", "123–45–6789"]
ORDINARY = [
    "8:25-cv-00951", "8:25-cv-00951-PX", "No. 24A949", "Matter of A-B-, 27 I&N Dec. 316", "A-1 Transport v. Noem",
    "Matter of A-R-C-G-, 26 I&N Dec. 388", "AILA Doc. No. 25041000", "2025-04-10", "No. 25-1345", "XXX-XX-6789",
]  # fmt: skip


@pytest.mark.parametrize(("model", "column"), OURS, ids=lambda value: getattr(value, "name", None) or value.__name__)
def test_number_is_refused_in_every_text_and_the_field_named(model: Any, column: Any) -> None:
    if column.holds is Holds.SLUG:
        number = "a-123456789"
    elif column.holds is Holds.ADDRESS:
        number = "https://example.org/file/A123456789.pdf"
    else:
        number = "123-45-6789"
    row = model(**{column.name: number})
    with pytest.raises(ValidationError) as refused:
        row.clean_fields()
    told = " ".join(refused.value.message_dict[column.name])
    assert "leave it out" in told
    assert "6789" not in told


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_numbers_pass_the_validator_and_the_database(text: str) -> None:
    no_identity_numbers(text)
    case = make.CaseFactory(name=text)
    case.full_clean()
    number = make.DocketNumberFactory(number=text, proceeding=make.ProceedingFactory(caption=text))
    number.full_clean()
    assert number.pk is not None


RULES = [
    (model, rule.name, name)
    for model in make.FACTORIES
    if not model._meta.proxy
    for rule in model._meta.constraints
    if isinstance(rule, NoIdentityNumbers)
    for name in rule.fields
]


@pytest.mark.parametrize(("model", "rule", "name"), RULES, ids=lambda value: getattr(value, "__name__", value))
def test_database_refuses_a_number_in_each_text(model: Any, rule: str, name: str) -> None:
    row = make.RulingFactory() if model.__name__ == "Event" else make.FACTORIES[model]()
    number = "a-123456789" if name == "slug" else "123-45-6789"
    with pytest.raises(IntegrityError), transaction.atomic():
        model._base_manager.filter(pk=row.pk).update(**{name: number})


@pytest.mark.parametrize("number", NUMBERS)
def test_database_refuses_what_a_bulk_write_brings(number: str) -> None:
    entry = make.EventFactory()
    with pytest.raises(IntegrityError, match="event_no_identity_numbers"), transaction.atomic():
        type(entry).objects.filter(pk=entry.pk).update(summary=f"File {number}.")


def test_every_table_with_texts_of_a_dispute_has_the_rule() -> None:
    without = {
        model.__name__
        for model, column in OURS
        if not any(isinstance(rule, NoIdentityNumbers) for rule in model._meta.constraints)
    }
    # Names of courts, judges, attorneys and topics, and old addresses: entered seldom, and by hand.
    assert without == {
        "Attorney", "Court", "FormerAttorney", "FormerCourt", "FormerJudge", "FormerParty", "FormerSlug", "Judge",
        "Topic",
    }  # fmt: skip


@given(st.text(alphabet="A0123456789- #.:lienSN\u2011\u00a0\u00ad", max_size=30))
def test_database_and_program_agree_on_what_is_a_number(text: str) -> None:
    try:
        no_identity_numbers(text)
        passes = True
    except ValidationError:
        passes = False
    with connection.cursor() as cursor:
        cursor.execute("SELECT casetracker_no_identity_number(%s)", [text])
        assert cursor.fetchone()[0] is passes


@pytest.mark.parametrize(
    "address",
    [
        "https://apnews.com/article/noem-a12345678bcdef",
        "https://example.org/a12345678/",
        "https://storage.courtlistener.com/recap/gov.uscourts.mdd.578815/gov.uscourts.mdd.578815.1.0.pdf",
        "https://example.org/?id=123456789",
    ],
)
def test_addresses_with_numbers_of_their_own_pass(address: str) -> None:
    web_address(address)
    with pytest.raises(ValidationError):
        web_address(address.replace("https", "ftp"))


def test_text_that_a_program_has_read_is_masked() -> None:
    assert without_identity_numbers("File A 123-456-789, SSN 123-45-6789.") == (
        "File [number removed], SSN [number removed].",
        2,
    )
    assert without_identity_numbers("No. 24A949 – April") == ("No. 24A949 – April", 0)


@pytest.mark.parametrize(
    ("text", "is_birth_date"),
    [
        ("He was born on 3 May 1980.", True),
        ("born May 3, 1980", True),
        ("DOB: 05/03/1980", True),
        ("D.O.B. 1980-05-03", True),
        ("date of birth 3.5.1980", True),
        ("Born in El Salvador in 1980", False),
        ("His stubborn answer of 3 May 1980", False),
        ("an order of 3 May 1980", False),
        ("born in 1995; on 3 May 2025 he sued", False),
        ("airborne 3 May 1980", False),
    ],
)
def test_birth_dates_are_told_from_other_dates(text: str, is_birth_date: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT casetracker_tells_birth_date(%s)", [text])
        assert cursor.fetchone()[0] is is_birth_date
