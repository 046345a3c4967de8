"""The column keeps a date as entered, and the database computes from it what Python does."""

from __future__ import annotations

import datetime
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from date_strategies import nearly_edtf, uncertain_dates
from django import forms
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import RunSQL
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casetracker.dates import DateError, UncertainDate, parse
from casetracker.models.fields import (
    DATE_FUNCTIONS_SQL,
    DROP_DATE_FUNCTIONS_SQL,
    DateEarliest,
    DateLatest,
    DateRank,
    DateSort,
    DateValid,
    UncertainDateField,
    UncertainDateFormField,
)

# The functions only compute, so the examples of one test may share its transaction.
shares_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)


@pytest.fixture
def functions(db: None) -> None:
    """The functions as the migrations made them, or from the text that the migrations run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('casetracker_date_valid(text)')")
        if cursor.fetchone() == (None,):
            cursor.execute(DATE_FUNCTIONS_SQL)


def ask(texts: list[str]) -> list[tuple[Any, ...]]:
    """Earliest, latest, sort date, rank and validity of each text, from the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT casetracker_date_earliest(t), casetracker_date_latest(t), casetracker_date_sort(t), "
            "casetracker_date_rank(t), casetracker_date_valid(t) "
            "FROM unnest(%s::text[]) WITH ORDINALITY AS given (t, n) ORDER BY n",
            [texts],
        )
        return cursor.fetchall()


def python_says(text: str) -> tuple[Any, ...] | None:
    """The same from Python for canonical text; None for any other."""
    try:
        value = UncertainDate.from_edtf(text)
    except DateError:
        return None
    if value.edtf != text:
        return None
    return value.earliest, value.latest, value.sort_date, value.sort_rank, True


# -- The functions -----------------------------------------------------------------------------------------------------


@given(st.lists(uncertain_dates(), min_size=20, max_size=200))
@shares_database
def test_database_computes_the_same_as_python(functions: None, values: list[UncertainDate]) -> None:
    texts = [value.edtf for value in values]
    assert ask(texts) == [python_says(text) for text in texts]


@given(
    st.lists(nearly_edtf() | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=30), max_size=200)
)
@shares_database
def test_database_and_python_agree_on_which_text_is_valid(functions: None, texts: list[str]) -> None:
    for text, answer in zip(texts, ask(texts), strict=True):
        expected = python_says(text)
        assert (answer if expected else answer[-1]) == (expected or False), text


def test_every_day_of_a_leap_century_and_a_common_one_is_judged_alike(functions: None) -> None:
    texts = [
        f"{year}-{month:02}-{day:02}"
        for year in (1000, 1600, 1800, 1900, 2000, 2023, 2024, 2199)
        for month in range(14)
        for day in range(33)
    ]
    answers = ask(texts)
    assert sum(valid for *_, valid in answers) == 8 * 365 + 3
    for text, answer in zip(texts, answers, strict=True):
        assert answer[-1] == (python_says(text) is not None), text


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "x", "infinity", "-infinity", "today", "0000", "0999", "2200", "20000-01-01", "99999", "-044"),
        *(
            "2025-00",
            "2025-13",
            "2025-04-00",
            "2024-02-30",
            "1900-02-29",
            "2025-04-31",
            "2025-4-1",
            "2025-04-10 ",
            " 2025",
        ),
        *("2025\n", "２０２５", "٢٠٢٥", "2025/2025", "[2025..2025]", "2026/2025", "[2026..2025]", "2025-04/2025-03-31"),
        *(
            "1952~/1954",
            "1952/1954~",
            "[1952~..1954]",
            "1952..1954",
            "[1952/1954]",
            "[1952]",
            "[..]",
            "../1954",
            "1954/..",
        ),
        *("2025~~", "~2025", "[..1801]~", "20252026", "[2025..2026", "2025..2026]", "2025-04-10T12:00", "x" * 100_000),
    ],
)
def test_database_refuses_bad_text_without_an_error(functions: None, text: str) -> None:
    assert python_says(text) is None
    assert ask([text])[0][-1] is False


def test_functions_are_immutable_strict_and_parallel_safe(functions: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, provolatile, proisstrict, proparallel, prorettype::regtype::text FROM pg_proc "
            "WHERE proname LIKE 'casetracker\\_date\\_%' ORDER BY proname"
        )
        assert cursor.fetchall() == [
            ("casetracker_date_earliest", "i", True, "s", "date"),
            ("casetracker_date_latest", "i", True, "s", "date"),
            ("casetracker_date_rank", "i", True, "s", "smallint"),
            ("casetracker_date_sort", "i", True, "s", "date"),
            ("casetracker_date_span", "i", True, "s", "daterange"),
            ("casetracker_date_valid", "i", True, "s", "boolean"),
        ]


def test_functions_work_under_an_empty_search_path_as_a_restore_has_it(functions: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute("SET LOCAL search_path = ''")
        cursor.execute(f"SELECT {schema}.casetracker_date_valid('[1952-12-09..1952-12-11]')")
        assert cursor.fetchone() == (True,)
        cursor.execute(f"SELECT {schema}.casetracker_date_latest('[1952-12-09..1952-12-11]')")
        assert cursor.fetchone() == (datetime.date(1952, 12, 11),)


def test_functions_can_be_dropped_and_made_again_as_a_migration_would(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA elsewhere")
        cursor.execute("SET LOCAL search_path = elsewhere")
        operation = RunSQL(DATE_FUNCTIONS_SQL, DROP_DATE_FUNCTIONS_SQL)
        count = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'elsewhere'::regnamespace"
        for run, expected in ((operation.database_forwards, 6), (operation.database_backwards, 0)) * 2:
            with connection.schema_editor() as editor:
                run("casetracker", editor, ProjectState(), ProjectState())
            cursor.execute(count)
            assert cursor.fetchone() == (expected,)


# -- The field ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def dated(functions: None) -> Iterator[Any]:
    """A model with a date that must be there and one that need not, and its table."""
    with isolate_apps():

        class Dated(models.Model):  # noqa: DJ008 - nobody reads its name
            date = UncertainDateField()
            effective = UncertainDateField("effective date", null=True, blank=True, help_text="If it differs.")
            earliest = models.GeneratedField(
                expression=DateEarliest("date"), output_field=models.DateField(null=True), db_persist=True
            )
            latest = models.GeneratedField(
                expression=DateLatest("date"), output_field=models.DateField(null=True), db_persist=True
            )
            sort_date = models.GeneratedField(
                expression=DateSort("date"), output_field=models.DateField(), db_persist=True
            )
            sort_rank = models.GeneratedField(
                expression=DateRank("date"), output_field=models.SmallIntegerField(), db_persist=True
            )

            class Meta:
                app_label = "dates"
                constraints = [
                    models.CheckConstraint(
                        name="dated_date_is_valid",
                        condition=models.Q(DateValid("date")),
                        violation_error_message="This date is not possible.",
                    )
                ]

        with connection.schema_editor() as editor:
            editor.create_model(Dated)
        yield Dated


@pytest.fixture
def form_class(dated: Any) -> Callable[..., forms.BaseModelForm[Any]]:
    return forms.modelform_factory(dated, fields=["date", "effective"])


def column(row: models.Model) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT date FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


@given(value=uncertain_dates())
@shares_database
def test_date_comes_back_from_the_database_as_it_went_in(dated: Any, value: UncertainDate) -> None:
    row = dated.objects.create(date=value)
    assert column(row) == value.edtf
    again = dated.objects.get(pk=row.pk)
    assert again.date == value
    assert again.effective is None
    assert (again.earliest, again.latest) == (value.earliest, value.latest)
    assert (again.sort_date, again.sort_rank) == value.sort_key()


def test_text_and_dates_are_read_on_assignment(dated: Any) -> None:
    row = dated(date="April 10, 2025", effective=datetime.date(2025, 4, 11))
    assert (row.date, row.effective) == (UncertainDate.on(2025, 4, 10), UncertainDate.on(2025, 4, 11))
    row.effective = ""
    assert row.effective is None
    row.save()
    assert column(row) == "2025-04-10"


@pytest.mark.parametrize("value", ["10/04/2025", "2024-02-30", "\x00", 20250410, datetime.datetime(2025, 4, 10, 12)])
def test_what_is_not_a_date_is_refused_by_validation_and_by_save(dated: Any, value: Any) -> None:
    row = dated(date=value)
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert list(caught.value.message_dict) == ["date"]
    with pytest.raises(DateError), transaction.atomic():
        row.save()
    assert not dated.objects.exists()


def test_validation_repeats_the_sentence_of_the_error(dated: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        dated(date="Friday 10 April 2025").full_clean()
    assert caught.value.message_dict == {"date": ["10 April 2025 was a Thursday."]}


def test_missing_date_is_refused_and_an_optional_one_is_null(dated: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        dated().full_clean()
    assert list(caught.value.message_dict) == ["date"]
    with pytest.raises(IntegrityError), transaction.atomic():
        dated().save()
    row = dated.objects.create(date="1801", effective="")
    assert dated.objects.filter(effective=None).get() == row
    assert dated.objects.filter(effective__isnull=True).get() == row


@pytest.mark.parametrize("text", ["infinity", "2024-02-30", "20000-01-01", "2025/2024", "1952~/1954", "April 2025", ""])
def test_constraint_refuses_what_raw_sql_writes(dated: Any, text: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {dated._meta.db_table} (date) VALUES (%s)", [text])


def test_constraint_of_a_nullable_date_lets_null_pass(dated: Any) -> None:
    assert dated.objects.filter(DateValid("effective")).count() == 0
    dated.objects.create(date="1801")
    assert dated.objects.values_list(DateValid("effective"), DateEarliest("effective")).get() == (None, None)


def test_look_up_takes_a_value_and_any_spelling(dated: Any) -> None:
    row = dated.objects.create(date="9–11 December 1952")
    dated.objects.create(date="9 December 1952")
    for spelling in (row.date, "1952-12-09/1952-12-11", "December 9-11, 1952"):
        assert dated.objects.filter(date=spelling).get() == row
        assert dated.objects.filter(date__in=[spelling, "1801"]).get() == row
        assert dated.objects.exclude(date=spelling).count() == 1
    with pytest.raises(DateError):
        dated.objects.filter(date="soon")


@pytest.mark.parametrize("lookup", ["gt", "gte", "lt", "lte", "range"])
def test_look_up_by_comparing_the_text_is_refused(dated: Any, lookup: str) -> None:
    with pytest.raises(FieldError):
        dated.objects.filter(**{f"date__{lookup}": "1801"})


def test_bulk_writes_and_expressions_keep_the_date(dated: Any) -> None:
    rows = dated.objects.bulk_create([dated(date="1801"), dated(date="before 1802")])
    rows[0].date = "about 1803"
    dated.objects.bulk_update(rows, ["date"])
    assert column(rows[0]) == "1803~"
    dated.objects.update(effective=models.F("date"))
    dated.objects.filter(pk=rows[1].pk).update(date="April 1804")
    again = dated.objects.order_by("pk")
    assert [(row.date.edtf, row.effective.edtf) for row in again] == [("1803~", "1803~"), ("1804-04", "[..1802]")]
    rows[0].effective = models.F("date")
    rows[0].save()
    assert dated.objects.filter(effective=models.F("date")).get() == rows[0]


def test_deferred_date_is_loaded_when_it_is_read(dated: Any) -> None:
    dated.objects.create(date="1801")
    row = dated.objects.defer("date").get()
    assert "date" not in row.__dict__
    assert row.date.words == "1801"


@given(st.lists(uncertain_dates(1801, 1803), min_size=2, max_size=12))
@shares_database
def test_database_orders_as_python_does(dated: Any, values: list[UncertainDate]) -> None:
    with transaction.atomic():
        dated.objects.all().delete()
        dated.objects.bulk_create([dated(date=value) for value in values])
        ordered = [row.date for row in dated.objects.order_by("sort_date", "sort_rank", "pk")]
    assert ordered == sorted(values, key=UncertainDate.sort_key)


def test_serialized_date_is_edtf_and_comes_back(dated: Any) -> None:
    row = dated.objects.create(date="between 15 and 24 March 2025")
    assert serializers.serialize("python", [row])[0]["fields"]["date"] == "[2025-03-15..2025-03-24]"
    assert dated._meta.get_field("date").value_to_string(row) == "[2025-03-15..2025-03-24]"
    assert dated._meta.get_field("date").to_python("[2025-03-15..2025-03-24]") == row.date
    assert pickle.loads(pickle.dumps(row.date)) == row.date  # noqa: S301


def test_field_and_expressions_can_stand_in_a_migration() -> None:
    field = UncertainDateField("effective date", null=True, blank=True)
    *_, path, arguments, options = field.deconstruct()
    assert (path, arguments) == ("casetracker.models.fields.UncertainDateField", [])
    assert options == {"verbose_name": "effective date", "null": True, "blank": True}
    assert field.clone().deconstruct()[1:] == field.deconstruct()[1:]
    assert field.db_type(connection) == "varchar(40)"
    assert UncertainDateField().get_default() is None
    for expression in (DateEarliest, DateLatest, DateSort, DateRank, DateValid):
        text, imports = MigrationWriter.serialize(expression("date"))
        assert text == f"casetracker.models.fields.{expression.__name__}('date')"
        assert imports == {"import casetracker.models.fields"}


# -- The form ----------------------------------------------------------------------------------------------------------


def test_form_shows_a_date_in_words_and_takes_it_back(form_class: Any, dated: Any) -> None:
    row = dated.objects.create(date="1952-12-09/1952-12-11")
    html = str(form_class(instance=row)["date"])
    assert 'value="9–11 December 1952"' in html
    assert 'class="date-input"' in html
    form = form_class({"date": " 9–11 December 1952 ", "effective": ""}, instance=row)
    assert form.is_valid()
    assert form.changed_data == []
    form.save()
    assert column(row) == "1952-12-09/1952-12-11"


def test_form_keeps_what_was_typed_beside_the_reason(form_class: Any) -> None:
    form = form_class({"date": "10/04/2025", "effective": "  "})
    assert form.errors == {
        "date": ["The day or the month can be first in this. Write 2025-04-10, or 10 April 2025."],
    }
    assert 'value="10/04/2025"' in str(form["date"])


def test_form_requires_a_date_unless_it_may_be_blank(form_class: Any) -> None:
    form = form_class({"date": " "})
    assert form.errors == {"date": ["This field is required."]}
    assert form.cleaned_data == {"effective": None}


def test_form_explains_by_example_unless_the_field_has_its_own_help(form_class: Any) -> None:
    form = form_class()
    assert "about 1801" in form.fields["date"].help_text
    assert form.fields["effective"].help_text == "If it differs."


@pytest.mark.parametrize(
    ("initial", "data", "changed"),
    [
        (parse("10 April 2025"), "10 Apr 2025", False),
        (parse("10 April 2025"), "2025-04-10", False),
        ("2025-04-10", "April 10, 2025", False),
        (parse("10 April 2025"), "about 10 April 2025", True),
        (parse("10 April 2025"), "", True),
        (None, "", False),
        (None, None, False),
        ("", "  ", False),
        (None, "1801", True),
        (parse("1801"), "nonsense", True),
        ("nonsense", "nonsense", True),
    ],
)
def test_form_field_has_changed_if_the_meaning_has(initial: Any, data: Any, *, changed: bool) -> None:
    assert UncertainDateFormField().has_changed(initial, data) is changed


def test_form_field_adds_its_class_to_those_of_the_widget() -> None:
    field = UncertainDateFormField(widget=forms.TextInput(attrs={"class": "wide"}))
    assert field.widget.attrs == {"class": "wide date-input", "autocomplete": "off"}


@given(st.text(max_size=120) | nearly_edtf())
def test_form_field_answers_any_text_with_a_date_or_a_sentence(text: str) -> None:
    class DateForm(forms.Form):
        date = UncertainDateFormField(required=False)

    form = DateForm({"date": text})
    if form.is_valid():
        assert form.cleaned_data["date"] is None or form.cleaned_data["date"] == parse(text)
    else:
        assert [str(message)[-1] for message in form.errors["date"]] == ["."]


@given(uncertain_dates())
def test_form_field_reads_back_what_it_shows(value: UncertainDate) -> None:
    field = UncertainDateFormField()
    assert field.prepare_value(value) == value.words
    assert field.clean(field.prepare_value(value)) == value
    assert not field.has_changed(value, field.prepare_value(value))
