"""
Each invariant stands twice: a person is told beside the field, and the database refuses whoever does not ask.

The tables below name every constraint of every model; one without a row here fails the test at the end.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import factories as make
import pgtrigger
import pytest
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from casetracker.models import (
    CaseChange,
    CountedCase,
    Document,
    Event,
    Party,
    Redaction,
    StoredFile,
    Tally,
    TallyChange,
    distinct,
)
from casetracker.models.functions import NoIdentityNumbers
from casetracker.models.imports import MOST_BYTES

pytestmark = pytest.mark.django_db

ANY_FORM = "__all__"
WEB_ADDRESS = "Write a full address that begins with https:// or http://."
RULINGS_ONLY = "Form, outcome, holding and vote belong to rulings only; empty them or make this a ruling."
YEARS = "A date lies between the years 1000 and 2199."


@dataclass(frozen=True)
class Bad:
    """
    What breaks the constraint `name` in a row of `make`: the values `sets`, where a factory or a function is called for
    each test. `says` is under which field a form shows what; None where no form can set the value.
    """

    name: str
    make: Any
    sets: dict[str, Any]
    says: tuple[str, str] | None
    begins: dict[str, Any] = field(default_factory=dict)
    case: str = ""

    def __str__(self) -> str:
        return f"{self.name}-{self.case}" if self.case else self.name


def _now() -> datetime.datetime:
    return timezone.now()


BLANK = "This field cannot be blank."
CHOICE = "is not a valid choice."

PUBLISHABLE = [
    bad
    for prefix, factory in (("case", make.CaseFactory), ("event", make.EventFactory))
    for bad in (
        Bad(f"{prefix}_state_known", factory, {"state": "secret"}, None),
        Bad(
            f"{prefix}_published_has_moments",
            factory,
            {"state": "published", "published_from": _now},
            (ANY_FORM, "What is published needs the moment from which it is public."),
            case="no first moment",
        ),
        Bad(
            f"{prefix}_published_has_moments",
            factory,
            {"state": "published", "first_public_at": _now},
            (ANY_FORM, "What is published needs the moment from which it is public."),
            case="no present moment",
        ),
        *(
            Bad(
                f"{prefix}_unpublished_never_public",
                factory,
                {"state": state, column: _now},
                (ANY_FORM, "What has been public is withdrawn, never turned back into a draft."),
                case=f"{state} {column}",
            )
            for state in ("draft", "in_review")
            for column in ("published_from", "first_public_at")
        ),
        Bad(
            f"{prefix}_reviewer_while_in_review",
            factory,
            {"reviewer": make.UserFactory},
            (ANY_FORM, "Only what is in review has somebody who is asked to review it."),
        ),
    )
]

CHECKS = [
    *PUBLISHABLE,
    Bad("court_id_form", make.CourtFactory, {"id": "D. Md."}, ("id", "Use small letters, digits and hyphens.")),
    Bad("court_level_known", make.CourtFactory, {"level": "lofty"}, ("level", CHOICE)),
    Bad("court_system_known", make.CourtFactory, {"system": "solar"}, ("system", CHOICE)),
    Bad("court_has_names", make.CourtFactory, {"name": ""}, ("name", BLANK), case="name"),
    Bad("court_has_names", make.CourtFactory, {"short_name": ""}, ("short_name", BLANK), case="short name"),
    Bad("case_status_known", make.CaseFactory, {"status": "asleep"}, ("status", CHOICE)),
    Bad("case_has_names", make.CaseFactory, {"name": ""}, ("name", BLANK), case="name"),
    Bad("case_has_names", make.CaseFactory, {"short_name": ""}, ("short_name", BLANK), case="short name"),
    Bad("case_has_names", make.CaseFactory, {"slug": ""}, ("slug", BLANK), case="slug"),
    *(
        Bad("case_checked_on_in_range", make.CaseFactory, {"checked_on": day}, (ANY_FORM, YEARS), case=str(day))
        for day in (datetime.date(999, 12, 31), datetime.date(2200, 1, 1))
    ),
    Bad(
        "source_dead_has_address",
        make.SourceFactory,
        {"address": "", "dead_on": datetime.date(2025, 1, 1)},
        (ANY_FORM, "Only an address can be found dead, between the years 1990 and 2199."),
        case="no address",
    ),
    *(
        Bad(
            "source_dead_has_address",
            make.SourceFactory,
            {"dead_on": day},
            (ANY_FORM, "Only an address can be found dead, between the years 1990 and 2199."),
            case=str(day),
        )
        for day in (datetime.date(1989, 12, 31), datetime.date(2200, 1, 1))
    ),
    Bad("proceeding_has_caption", make.ProceedingFactory, {"caption": ""}, ("caption", BLANK)),
    Bad("docket_number_not_empty", make.DocketNumberFactory, {"number": ""}, ("number", BLANK)),
    Bad("external_id_scheme_known", make.ExternalIdFactory, {"scheme": "ouija"}, ("scheme", CHOICE)),
    Bad("proceeding_judge_role_known", make.ProceedingJudgeFactory, {"role": "hero"}, ("role", CHOICE)),
    Bad("ruling_judge_role_known", make.RulingJudgeFactory, {"role": "hero"}, ("role", CHOICE)),
    Bad("transfer_kind_known", make.TransferFactory, {"kind": "levitation"}, ("kind", CHOICE)),
    *(
        Bad(
            f"transfer_{end}_one_way",
            make.TransferFactory,
            sets,
            (ANY_FORM, f"Give the proceeding it {went}, or else its court and number."),
            case=case,
        )
        for end, went in (("origin", "came from"), ("destination", "went to"))
        for case, sets in (
            ("neither", {end: None}),
            ("both courts", {f"{end}_court": make.CourtFactory}),
            ("number beside proceeding", {f"{end}_number": "25-1"}),
            ("number without court", {end: None, f"{end}_number": "25-1"}),
        )
    ),
    Bad(
        "transfer_has_a_proceeding",
        make.TransferFactory,
        {
            "origin": None,
            "origin_court": make.CourtFactory,
            "destination": None,
            "destination_court": make.CourtFactory,
        },
        (ANY_FORM, "At least one end is a proceeding recorded here."),
    ),
    Bad("event_kind_known", make.EventFactory, {"kind": "party"}, ("kind", CHOICE)),
    Bad("event_has_title", make.EventFactory, {"title": ""}, ("title", BLANK)),
    Bad(
        "event_postponed_to_if_postponed",
        make.EventFactory,
        {"postponed_to": "2025-05-01"},
        ("postponed_to", "Only what is postponed has a date to which it is postponed."),
    ),
    Bad(
        "event_unsealed_if_sealed",
        make.EventFactory,
        {"unsealed": "2025-05-01"},
        ("unsealed", "Only what was filed under seal can be unsealed."),
    ),
    Bad("event_happening_known", make.EventFactory, {"happening": "perhaps"}, ("happening", CHOICE)),
    *(
        Bad("event_ruling_columns", make.EventFactory, {name: value}, ("kind", RULINGS_ONLY), case=f"filing {name}")
        for name, value in (
            ("form", "order"),
            ("outcome", "granted"),
            ("holding", "The book is hers."),
            ("per_curiam", True),
            ("vote", "9-0"),
            ("precedential", "published"),
        )
    ),
    Bad("event_ruling_columns", make.RulingFactory, {"court": None}, ("court", "given by a court"), case="no court"),
    Bad("event_ruling_columns", make.RulingFactory, {"form": ""}, ("form", "what form the ruling has"), case="no form"),
    Bad("event_ruling_columns", make.RulingFactory, {"form": "tweet"}, ("form", CHOICE), case="unknown form"),
    Bad("event_ruling_columns", make.RulingFactory, {"outcome": "won"}, ("outcome", CHOICE), case="unknown outcome"),
    Bad(
        "event_ruling_columns",
        make.RulingFactory,
        {"precedential": "yes"},
        ("precedential", CHOICE),
        case="unknown status",
    ),
    *(
        Bad(
            "event_ruling_happened",
            make.RulingFactory,
            {"happening": happening},
            ("happening", "A ruling is recorded when it has been given."),
            case=happening,
        )
        for happening in ("scheduled", "postponed", "cancelled")
    ),
    Bad("party_has_name", make.PartyFactory, {"name": ""}, ("name", BLANK), case="name"),
    Bad("party_has_name", make.PartyFactory, {"slug": ""}, ("slug", BLANK), case="slug"),
    Bad("party_kind_known", make.PartyFactory, {"kind": "robot"}, ("kind", CHOICE)),
    *(
        Bad(
            "party_minor_has_initials",
            make.PartyFactory,
            {"is_minor": True, "name": name},
            ("name", "For a minor store only the initials, such as A.B."),
            case=name,
        )
        for name in ("Ann Bell", "A.B.C.D.E.F.", "A. Bell", "AB")
    ),
    Bad("party_role_known", make.PartyRoleFactory, {"role": "hero"}, ("role", CHOICE)),
    Bad(
        "not_the_same_is_a_pair",
        make.NotTheSameFactory,
        {"other_party": None},
        (ANY_FORM, "It is about two rows of one kind."),
        case="one alone",
    ),
    Bad(
        "not_the_same_is_a_pair",
        make.NotTheSameFactory,
        {"other_party": lambda row: row.party},
        (ANY_FORM, "It is about two rows of one kind."),
        case="a row and itself",
    ),
    Bad(
        "not_the_same_is_a_pair",
        make.NotTheSameFactory,
        {"other_court": make.CourtFactory},
        (ANY_FORM, "It is about two rows of one kind."),
        case="of two kinds",
    ),
    Bad("former_attorney_has_name", make.FormerAttorneyFactory, {"name": ""}, ("name", BLANK)),
    Bad("attorney_has_name", make.AttorneyFactory, {"name": ""}, ("name", BLANK)),
    Bad("judge_has_name", make.JudgeFactory, {"name": ""}, ("name", BLANK), case="name"),
    Bad("judge_has_name", make.JudgeFactory, {"slug": ""}, ("slug", BLANK), case="slug"),
    Bad("ruling_citation_not_empty", make.RulingCitationFactory, {"text": ""}, ("text", BLANK)),
    Bad("provision_not_empty", make.ProvisionFactory, {"text": ""}, ("text", BLANK)),
    Bad("treatment_verb_known", make.TreatmentFactory, {"verb": "annoys"}, ("verb", CHOICE)),
    *(
        Bad(
            "treatment_target_one_way",
            make.TreatmentFactory,
            sets,
            (ANY_FORM, "Give the ruling, or if it is not recorded here its court, number and date."),
            case=case,
        )
        for case, sets in (
            ("neither", {"target": None}),
            ("court beside ruling", {"target_court": make.CourtFactory}),
            ("number beside ruling", {"target_number": "25-1"}),
            ("date beside ruling", {"target_date": "2025-04-01"}),
        )
    ),
    Bad(
        "treatment_part_or_provision",
        make.TreatmentFactory,
        {"in_part": True, "provision": lambda row: make.ProvisionFactory(ruling=row.target)},
        (ANY_FORM, "Name the provision, or tick that it is not said which part; not both."),
    ),
    Bad(
        "treatment_not_of_itself",
        make.TreatmentFactory,
        {"target": lambda row: row.act},
        (ANY_FORM, "A ruling does nothing to itself."),
    ),
    Bad(
        "transfer_not_to_itself",
        make.TransferFactory,
        {"destination": lambda row: row.origin},
        (ANY_FORM, "A proceeding does not come from itself."),
    ),
    Bad(
        "response_not_to_itself",
        make.ResponseFactory,
        {"event": lambda row: row.responds_to},
        (ANY_FORM, "An entry does not respond to itself."),
    ),
    Bad("source_has_title", make.SourceFactory, {"title": ""}, ("title", BLANK)),
    Bad("source_kind_known", make.SourceFactory, {"kind": "rumour"}, ("kind", CHOICE)),
    *(
        Bad(name, factory, {column: address}, (column, WEB_ADDRESS), case=address)
        for name, factory, column in (
            ("source_address_is_web", make.SourceFactory, "address"),
            ("source_archived_is_web", make.SourceFactory, "archived_address"),
            ("document_address_is_web", make.DocumentFactory, "address"),
        )
        for address in (
            "javascript:alert(1)",
            "ftp://court.example/a",
            "court.example",
            "//court.example",
            " https://a",
        )
    ),
    Bad("import_keeps_files_only_while_open", make.ImportFactory, {"data": None}, None, case="waiting without files"),
    Bad("import_keeps_files_only_while_open", make.ImportFactory, {"state": "landed"}, None, case="closed with files"),
    Bad("import_keeps_files_only_while_open", make.ImportFactory, {"state": "lost"}, None, case="no such state"),
    Bad("import_is_small", make.ImportFactory, {"data": b"x" * (MOST_BYTES + 1)}, None),
    Bad("imported_entry_has_digest", make.ImportedEntryFactory, {"digest": ""}, None),
    Bad("statement_has_speaker", make.StatementFactory, {"speaker": ""}, ("speaker", BLANK)),
    Bad(
        "statement_says_something",
        make.StatementFactory,
        {"quote": "", "paraphrase": ""},
        (ANY_FORM, "Give the words quoted, or what was said in our words."),
    ),
    *(
        Bad(
            "reference_for_one_thing",
            make.ReferenceFactory,
            sets,
            (ANY_FORM, "A source stands behind one entry, one statement or one case."),
            case=case,
        )
        for case, sets in (
            ("nothing", {"event": None}),
            ("entry and case", {"case": make.CaseFactory}),
            ("entry and statement", {"statement": make.StatementFactory}),
            ("statement and case", {"event": None, "statement": make.StatementFactory, "case": make.CaseFactory}),
        )
    ),
    Bad("document_has_title", make.DocumentFactory, {"title": ""}, ("title", BLANK)),
    *(
        Bad(
            "document_sha256_form",
            make.DocumentFactory,
            {"sha256": value},
            ("sha256", "A SHA-256 checksum has 64 of the characters 0-9 and a-f."),
            case=case,
        )
        for case, value in (("short", "ab12"), ("capitals", "A" * 64), ("not hexadecimal", "g" * 64))
    ),
    Bad("correction_has_text", make.CorrectionFactory, {"text": ""}, ("text", BLANK)),
    *(
        Bad("correction_date_in_range", make.CorrectionFactory, {"corrected_on": day}, (ANY_FORM, YEARS), case=str(day))
        for day in (datetime.date(999, 12, 31), datetime.date(2200, 1, 1))
    ),
]

# The columns of uncertain dates: constraint, factory, column, and what must be so for the column to be filled at all.
DATE_COLUMNS: list[tuple[str, Any, str, dict[str, Any]]] = [
    ("proceeding_filed_valid", make.ProceedingFactory, "filed", {}),
    ("proceeding_terminated_valid", make.ProceedingFactory, "terminated", {}),
    ("transfer_date_valid", make.TransferFactory, "date", {}),
    ("event_date_valid", make.EventFactory, "date", {}),
    ("event_effective_valid", make.EventFactory, "effective", {}),
    ("event_unsealed_valid", make.EventFactory, "unsealed", {"under_seal": True}),
    ("event_postponed_to_valid", make.EventFactory, "postponed_to", {"happening": "postponed"}),
    ("docket_entry_entered_valid", make.DocketEntryFactory, "entered", {}),
    ("party_role_terminated_valid", make.PartyRoleFactory, "terminated", {}),
    ("representation_terminated_valid", make.RepresentationFactory, "terminated", {}),
    ("provision_ends_valid", make.ProvisionFactory, "ends", {}),
    ("treatment_effective_valid", make.TreatmentFactory, "effective", {}),
    ("treatment_until_valid", make.TreatmentFactory, "until", {}),
    ("treatment_target_date_valid", make.TreatmentFactory, "target_date", {"target": None, "target_court": "mdd"}),
    ("source_read_on_valid", make.SourceFactory, "read_on", {}),
    ("statement_date_valid", make.StatementFactory, "date", {}),
]
NO_DATES = ["", "infinity", "2025-02-30", "0999-12-31", "2200", "20000-01-01", "2025-4-1", "[2025..", "2025/2024", "\n"]


def _filled(bad: Bad, row: models.Model) -> dict[str, Any]:
    def value(given: Any) -> Any:
        if isinstance(given, type) and hasattr(given, "_meta"):
            return given()
        if given is _now:
            return given()
        return given(row) if callable(given) else given

    return {name: value(given) for name, given in bad.sets.items()}


def write_past_the_models(row: Any, values: dict[str, Any]) -> None:
    """An UPDATE in raw SQL: what a script, a COPY or a colleague with psql would do."""
    columns, given = [], []
    for name, value in values.items():
        columns.append(f"{connection.ops.quote_name(row._meta.get_field(name).column)} = %s")
        given.append(value.pk if isinstance(value, models.Model) else value)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {', '.join(columns)} WHERE {row._meta.pk.column} = %s", [*given, row.pk]
        )
        assert cursor.rowcount == 1


def assert_refused_by(name: str, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    assert getattr(refusal.value.__cause__, "diag").constraint_name == name  # noqa: B009


@pytest.mark.parametrize("bad", CHECKS, ids=str)
def test_check_is_kept_by_the_database(bad: Bad) -> None:
    row = bad.make(**bad.begins)
    # What may never be changed at all is refused by a trigger before its check is asked.
    with pgtrigger.ignore():
        assert_refused_by(bad.name, lambda: write_past_the_models(row, _filled(bad, row)))


@pytest.mark.parametrize("bad", [bad for bad in CHECKS if bad.says], ids=str)
def test_check_is_told_to_an_editor_in_words(bad: Bad) -> None:
    row = bad.make(**bad.begins)
    for name, value in _filled(bad, row).items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert bad.says is not None
    where, words = bad.says
    told = refusal.value.message_dict
    assert words in " ".join(told[where]), told


@pytest.mark.parametrize(("name", "factory", "column", "begins"), DATE_COLUMNS, ids=lambda value: str(value)[:40])
def test_column_of_dates_holds_dates_only(name: str, factory: Any, column: str, begins: dict[str, Any]) -> None:
    given = {**begins, **({"target_court": make.CourtFactory(id="mdd")} if "target_court" in begins else {})}
    row = factory(**given)
    for text in NO_DATES:
        assert_refused_by(name, partial(write_past_the_models, row, {column: text}))
    write_past_the_models(row, {column: "[2025-03-15..2025-03-24]"})
    row.refresh_from_db()
    row.full_clean()
    assert getattr(row, column).words == "between 15 and 24 March 2025"


@pytest.mark.parametrize(("name", "factory", "column", "begins"), DATE_COLUMNS, ids=lambda value: str(value)[:40])
def test_date_that_does_not_exist_is_told_beside_its_field(
    name: str, factory: Any, column: str, begins: dict[str, Any]
) -> None:
    given = {**begins, **({"target_court": make.CourtFactory(id="mdd")} if "target_court" in begins else {})}
    row = factory(**given)
    setattr(row, column, "30 February 2025")
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert refusal.value.message_dict == {column: ["February 2025 has 28 days, so no day 30."]}


# --- what may be there once -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Once:
    """`name` is unique over `columns`; `begins` is what both rows are made with before they are made equal."""

    name: str
    make: Any
    columns: tuple[str, ...]
    says: str
    begins: dict[str, Any] = field(default_factory=dict)
    where: str = NON_FIELD_ERRORS

    def __str__(self) -> str:
        return self.name


def _pair(name: str) -> Any:
    makers = {
        "party": make.PartyFactory,
        "attorney": make.AttorneyFactory,
        "judge": make.JudgeFactory,
        "court": make.CourtFactory,
        "case": make.CaseFactory,
    }
    maker: Any = makers[name]

    def factory(**begins: Any) -> Any:
        none = {"party": None, "other_party": None}
        return make.NotTheSameFactory(**{**none, name: maker(), f"other_{name}": maker(), **begins})

    return factory


UNIQUE = [
    *(
        Once(f"not_the_same_{name}_once", _pair(name), (name, f"other_{name}"), "This pair is told apart already.")
        for name in distinct.KINDS
    ),
    Once("imported_entry_once", make.ImportedEntryFactory, ("docket", "entry_key"), "This entry is known already."),
    Once("open_form_once", make.OpenFormFactory, ("table", "key", "user"), "This form is open already."),
    Once(
        "docket_number_once",
        make.DocketNumberFactory,
        ("proceeding", "number", "term"),
        "The proceeding has this number already.",
    ),
    Once(
        "docket_number_one_main",
        make.DocketNumberFactory,
        ("proceeding",),
        "A proceeding has one main number.",
        {"is_main": True},
    ),
    Once(
        "external_id_once",
        make.ExternalIdFactory,
        ("proceeding", "scheme", "value"),
        "The proceeding has this key already.",
    ),
    Once(
        "proceeding_judge_once",
        make.ProceedingJudgeFactory,
        ("proceeding", "judge", "role"),
        "This judge is named already.",
    ),
    Once(
        "docket_entry_once",
        make.DocketEntryFactory,
        ("event", "proceeding", "number"),
        "The entry stands on this docket under this number already.",
    ),
    Once("response_once", make.ResponseFactory, ("event", "responds_to"), "This is named already."),
    Once(
        "party_role_once", make.PartyRoleFactory, ("proceeding", "party", "role"), "This party has this role already."
    ),
    Once(
        "representation_once",
        make.RepresentationFactory,
        ("proceeding", "party", "attorney"),
        "This attorney is named for this party already.",
    ),
    Once(
        "ruling_judge_once", make.RulingJudgeFactory, ("ruling", "judge", "role"), "This judge has this role already."
    ),
    Once("ruling_citation_once", make.RulingCitationFactory, ("ruling", "text"), "It is named already."),
    Once("treatment_once", make.TreatmentFactory, ("act", "verb", "target"), "This is recorded already."),
    Once("reference_once", make.ReferenceFactory, ("source", "event"), "This source is named already."),
]
UNIQUE_FIELDS: list[tuple[Any, str]] = [
    (make.TopicFactory, "name"),
    (make.TopicFactory, "slug"),
    (make.CaseFactory, "slug"),
    (make.FormerSlugFactory, "slug"),
    (make.FormerEntryFactory, "public_id"),
    (make.FormerPartyFactory, "slug"),
    (make.FormerCourtFactory, "identifier"),
    (make.FormerJudgeFactory, "slug"),
    (make.FormerDocumentFactory, "uuid"),
    (make.PartyFactory, "slug"),
    (make.JudgeFactory, "slug"),
    (make.ImportedDocketFactory, "proceeding"),
]


@pytest.mark.parametrize("once", UNIQUE, ids=str)
def test_what_may_be_there_once_is_refused_twice(once: Once) -> None:
    first, second = once.make(**once.begins), once.make(**once.begins)
    equal = {name: getattr(first, name) for name in once.columns}
    assert_refused_by(once.name, lambda: write_past_the_models(second, equal))
    for name, value in equal.items():
        setattr(second, name, value)
    with pytest.raises(ValidationError) as refusal:
        second.full_clean()
    assert once.says in " ".join(refusal.value.message_dict[once.where])


@pytest.mark.parametrize(("factory", "name"), UNIQUE_FIELDS)
def test_unique_field_is_refused_twice(factory: Any, name: str) -> None:
    first = factory()
    of_parents = {
        make.FormerSlugFactory: ("case", make.CaseFactory),
        make.FormerEntryFactory: ("event", make.EventFactory),
        make.FormerPartyFactory: ("party", make.PartyFactory),
        make.FormerCourtFactory: ("court", make.CourtFactory),
        make.FormerJudgeFactory: ("judge", make.JudgeFactory),
        make.FormerDocumentFactory: ("document", make.DocumentFactory),
    }
    parents = {key: parent() for key, parent in [of_parents[factory]]} if factory in of_parents else {}
    second = factory.build(**parents, **{name: getattr(first, name)})
    with pytest.raises(IntegrityError, match="unique"), transaction.atomic():
        type(second).objects.bulk_create([second])
    with pytest.raises(ValidationError) as refusal:
        second.full_clean()
    assert "already exists." in " ".join(refusal.value.message_dict[name])


def test_same_number_of_a_docket_may_belong_to_two_proceedings_of_one_court() -> None:
    first = make.DocketNumberFactory(number="No. 8")
    second = make.DocketNumberFactory(number="No. 8", proceeding=make.ProceedingFactory(court=first.proceeding.court))
    second.full_clean()
    assert second.key == first.key == "8"


def test_number_comes_back_in_another_term() -> None:
    first = make.DocketNumberFactory(number="1", term="1953")
    second = make.DocketNumberFactory(number="1", term="1954", proceeding=first.proceeding)
    second.full_clean()
    assert list(first.proceeding.numbers.values_list("term", flat=True)) == ["1953", "1954"]


def test_one_source_may_stand_behind_one_entry_at_two_places() -> None:
    first = make.ReferenceFactory(pinpoint="p. 3")
    make.ReferenceFactory(source=first.source, event=first.event, pinpoint="p. 5").full_clean()
    assert first.event.references.count() == 2


def test_target_outside_the_record_can_be_treated_twice() -> None:
    court = make.CourtFactory()
    act = make.RulingFactory()
    for number in ("No. 1", "No. 2"):
        make.TreatmentFactory(act=act, target=None, target_court=court, target_number=number).full_clean()
    assert act.treatments_made.count() == 2


# --- both sides agree, and none is forgotten ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "A.B.",
        "A. B.",
        "A.-B.",
        "A.",
        "A.B.C.D.E.",
        "É.Ö.",
        "Ж.",
        " A.B.",
        "A.B. ",
        "A.B.\n",
        "a.b.",
        "A B",
        "",
        "A..B.",
    ],
)
def test_form_and_database_agree_on_initials(name: str) -> None:
    party: Any = make.PartyFactory(name="A.B.", is_minor=True)
    try:
        with transaction.atomic():
            write_past_the_models(party, {"name": name})
        in_database = True
    except IntegrityError:
        in_database = False
    party.name = name
    try:
        party.full_clean()
        in_form = True
    except ValidationError:
        in_form = False
    assert in_form == in_database


@pytest.mark.parametrize("public_id", ["abcdefghij", "2345", "BCDFGHJKMN", "bcdfghjkm\n", "bcdfghjkml", ""])
def test_permanent_address_of_another_form_is_refused(public_id: str) -> None:
    case = make.CaseFactory()
    row = make.EventFactory.build(case=case, public_id=public_id)
    assert_refused_by("event_public_id_form", lambda: Event.objects.bulk_create([row]))
    with pytest.raises(ValidationError):
        row.full_clean()


def test_bulk_create_is_refused_like_any_other_write() -> None:
    good = make.PartyFactory.build()
    bad = make.PartyFactory.build(is_minor=True, name="Ann Bell")
    assert_refused_by("party_minor_has_initials", lambda: Party.objects.bulk_create([good, bad]))
    assert not Party.objects.exists()


def test_update_of_a_queryset_is_refused_like_any_other_write() -> None:
    filing = make.EventFactory()
    assert_refused_by("event_ruling_columns", lambda: Event.objects.filter(pk=filing.pk).update(outcome="granted"))
    filing.refresh_from_db()
    assert filing.outcome == ""


def test_every_constraint_has_its_row_above() -> None:
    ours: list[Any] = [
        model
        for model in apps.get_app_config("casetracker").get_models()
        # Nobody edits the record of a redaction, or a file: tests/redaction. Numbers: test_counted.py.
        if not model.__name__.endswith("Revision")
        and not model._meta.proxy
        and model not in {Redaction, StoredFile, CaseChange, CountedCase, Tally, TallyChange}
    ]
    # Identity numbers have tests of their own: test_private_matter.py.
    declared = {
        constraint.name
        for model in ours
        for constraint in model._meta.constraints
        if not isinstance(constraint, NoIdentityNumbers)
    }
    tested = (
        # What a file's reading came to is told once there is a file: tests/redaction/test_files.py.
        {"event_public_id_form", "document_reading_known"}
        | {bad.name for bad in CHECKS}
        | {name for name, *_ in DATE_COLUMNS}
        | {once.name for once in UNIQUE}
    )
    assert declared == tested
    unique = {
        (model, column.name)
        for model in ours
        for column in model._meta.fields
        if column.unique and column is not model._meta.pk
    }
    # These words in an address are random and read-only, so two are never equal but by chance.
    assert unique - {(Event, "public_id"), (Document, "uuid")} == {
        (factory._meta.model, name) for factory, name in UNIQUE_FIELDS
    }


def test_every_column_of_uncertain_dates_has_a_constraint() -> None:
    from casetracker.models.fields import UncertainDateField

    ours: Any = apps.get_app_config("casetracker").get_models()
    columns = {
        (model.__name__, column.name)
        for model in ours
        for column in model._meta.fields
        if isinstance(column, UncertainDateField) and not model.__name__.endswith("Revision") and not model._meta.proxy
    }
    assert columns == {(factory._meta.model.__name__, column) for _, factory, column, _ in DATE_COLUMNS}
