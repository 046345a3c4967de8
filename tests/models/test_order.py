"""Every order is total, and what the database computes follows from the row however it was written."""

import datetime
import random
from typing import Any

import factories as make
import pytest
from django.apps import apps
from django.db import connection
from django.db.models import GeneratedField

from casetracker.dates import UncertainDate, parse
from casetracker.models import Attorney, Case, Court, DocketNumber, Event, Judge, Party, Ruling

pytestmark = pytest.mark.django_db

OURS: list[Any] = [
    model for model in apps.get_app_config("casetracker").get_models() if not model.__name__.endswith("Revision")
]


def ends_in_a_unique_field(model: Any, order: Any) -> bool:
    last = str(order[-1]).removeprefix("-")
    return last == "pk" or model._meta.get_field(last).unique


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_order_of_a_model_ends_in_a_unique_field(model: Any) -> None:
    if model._meta.ordering:
        assert ends_in_a_unique_field(model, model._meta.ordering)
    else:
        # A link between two models is listed through either of them, and never by itself.
        assert model.__name__ in {"CaseTopic", "RelatedCase", "CourtAppeal"}


def test_order_that_can_shuffle_is_noticed() -> None:
    assert not ends_in_a_unique_field(Case, ["name"])
    assert ends_in_a_unique_field(Case, ["name", "-slug"])


def test_timeline_order_is_stated_once() -> None:
    assert Event.TIMELINE_ORDER == ("sort_date", "sort_rank", "day_order", "time", "pk")
    assert tuple(Event._meta.ordering or ()) == Event.TIMELINE_ORDER
    assert [f"-{name}" for name in Event.TIMELINE_ORDER] == Ruling._meta.ordering


def timeline_key(event: Event) -> tuple[Any, ...]:
    """The order as docs and product say it, in plain Python: no time stands after every time of the day."""
    assert event.date is not None
    return (*event.date.sort_key(), event.day_order, event.time is None, event.time or datetime.time(), event.pk)


def test_timeline_stands_in_its_order_whatever_the_order_of_writing() -> None:
    case, court = make.CaseFactory(), make.CourtFactory()
    dates = [
        "before 4 April 2025", "2025", "April 2025", "about April 2025", "4 April 2025", "about 4 April 2025",
        "4-6 April 2025", "between 4 and 6 April 2025", "after 4 April 2025", "3 April 2025", "5 April 2025",
        "1 April 2025", "between 1 and 30 April 2025", "before 1 April 2025", "1 January 2025", "after April 2025",
    ]  # fmt: skip
    written: list[Any] = [
        {"date": parse(date), "day_order": day_order, "time": time}
        for date in dates
        for day_order, time in (
            (0, None),
            (-1, None),
            (0, datetime.time(9)),
            (0, datetime.time(9)),
            (1, datetime.time(8)),
        )
    ]
    random.Random(2025).shuffle(written)  # noqa: S311 - an order, not a secret
    Event.objects.bulk_create(make.RulingFactory.build(case=case, court=court, **fields) for fields in written)
    stored = list(case.events.in_order())
    assert stored == sorted(stored, key=timeline_key)
    assert len(stored) == 80
    assert [ruling.pk for ruling in Ruling.objects.all()] == [event.pk for event in reversed(stored)]


def test_vaguer_date_heads_the_days_that_it_may_mean() -> None:
    case = make.CaseFactory()
    for date in ("1 April 2025", "2 April 2025", "April 2025", "before 1 April 2025", "after 31 March 2025"):
        make.EventFactory(case=case, date=date)
    assert [str(event.date) for event in case.events.in_order()] == [
        "after 31 March 2025",
        "before 1 April 2025",
        "April 2025",
        "1 April 2025",
        "2 April 2025",
    ]


# --- generated columns ----------------------------------------------------------------------------------------------


def follows(event: Event) -> tuple[Any, ...]:
    assert event.date is not None
    return (event.date.earliest, event.date.latest, *event.date.sort_key())


def stored(event: Event) -> tuple[Any, ...]:
    event.refresh_from_db()
    return (event.earliest, event.latest, event.sort_date, event.sort_rank)


@pytest.mark.parametrize("date", ["10 April 2025", "1801", "about March 1801", "before 4 March 1801", "after 2026"])
def test_columns_of_the_date_follow_it_however_it_is_written(date: str) -> None:
    value = parse(date)
    event = make.EventFactory()
    Event.objects.filter(pk=event.pk).update(date=value)
    assert stored(event) == follows(event)
    event.date = UncertainDate.on(1999)
    Event.objects.bulk_update([event], ["date"])
    assert (
        stored(event)
        == follows(event)
        == (datetime.date(1999, 1, 1), datetime.date(1999, 12, 31), datetime.date(1999, 1, 1), 1)
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casetracker_event SET date = %s WHERE id = %s", [value.edtf, event.pk])
    assert stored(event) == follows(event)
    assert event.date == value
    (bulk,) = Event.objects.bulk_create([make.EventFactory.build(case=event.case, date=value)])
    assert stored(bulk) == follows(bulk)


def test_generated_columns_cannot_be_written() -> None:
    event = make.EventFactory(date="10 April 2025")
    event.sort_date = datetime.date(1800, 1, 1)
    event.save()
    event.refresh_from_db()
    assert event.sort_date == datetime.date(2025, 4, 10)


@pytest.mark.parametrize(
    ("factory", "column"),
    [
        (make.CaseFactory, "name"),
        (make.CourtFactory, "name"),
        (make.PartyFactory, "name"),
        (make.AttorneyFactory, "name"),
        (make.JudgeFactory, "name"),
    ],
)
def test_sort_key_has_neither_accents_nor_capitals(factory: Any, column: str) -> None:
    row = factory(**{column: "Ábrego García"})
    row.refresh_from_db()
    assert row.sort_key == "abrego garcia"
    type(row).objects.filter(pk=row.pk).update(**{column: "ÖZIL"})
    row.refresh_from_db()
    assert row.sort_key == "ozil"


def test_names_are_listed_without_regard_to_accents_and_capitals() -> None:
    for name in ("zeta", "Álvarez", "Alba", "Ångström", "beta"):
        make.PartyFactory(name=name)
    assert [party.name for party in Party.objects.all()] == ["Alba", "Álvarez", "Ångström", "beta", "zeta"]


def test_courts_stand_by_their_display_order_first() -> None:
    for name, order in (("A", 20), ("B", 10), ("C", 10)):
        make.CourtFactory(name=name, display_order=order)
    assert [court.name for court in Court.objects.all()] == ["B", "C", "A"]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("8:25-cv-00951", "25-cv-951"),
        ("8:25-cv-00951-PX", "25-cv-951"),
        ("25-cv-951", "25-cv-951"),
        ("25-CV-951", "25-cv-951"),
        ("2025-cv-951", "25-cv-951"),
        ("8:25-cv-00951-PX-TJS", "25-cv-951"),
        ("No. 24A949", "24a949"),
        ("24A949", "24a949"),
        ("Nos. 8", "8"),
        (" no. 25-1345 ", "251345"),
        ("25-1345", "251345"),
        ("[2019] UKSC 41", "2019uksc41"),
        ("A 123", "a123"),
    ],
)
def test_two_spellings_of_a_docket_number_have_one_key(written: str, key: str) -> None:
    number = make.DocketNumberFactory(number=written)
    number.refresh_from_db()
    assert number.key == key


@pytest.mark.parametrize(
    ("first", "second"), [("25-cv-951", "26-cv-951"), ("25-cv-951", "25-cr-951"), ("25-1345", "25-1346"), ("8", "80")]
)
def test_different_docket_numbers_have_different_keys(first: str, second: str) -> None:
    keys = {make.DocketNumberFactory(number=number).key for number in (first, second)}
    assert len(keys) == 2


def test_words_are_found_without_accents_and_by_their_stem() -> None:
    case = make.CaseFactory(name="Guzmán v. Noem", summary="The removals were stopped.")
    make.CaseFactory(name="Smith v. Jones")
    for words in ("guzman", "GUZMÁN", "removal", "stopping"):
        found = Case.objects.extra(where=["search @@ websearch_to_tsquery('public.casetracker', %s)"], params=[words])
        assert list(found) == [case], words


def test_every_generated_column_is_tested_here() -> None:
    generated = {
        (model.__name__, field.name)
        for model in OURS
        if not model._meta.proxy
        for field in model._meta.fields
        if isinstance(field, GeneratedField)
    }
    assert generated == {
        *((model.__name__, "sort_key") for model in (Case, Court, Party, Attorney, Judge)),
        *((model.__name__, "search") for model in (Case, Event)),
        # What dockets, documents and names are found by is tested in tests/search/test_hits.py.
        *((name, "search") for name in ("DocketEntry", "Document", "Judge", "Party")),
        # The range is tested in tests/test_date_span.py.
        *(("Event", name) for name in ("earliest", "latest", "sort_date", "sort_rank", "span")),
        (DocketNumber.__name__, "key"),
        # The orders that they make are tested in tests/test_keyset.py.
        *(("CasePlace", name) for name in ("recency", "age")),
    }


def test_longest_text_that_an_editor_may_write_can_be_searched() -> None:
    from casetracker.validators import LONGEST_TEXT

    words = " ".join(f"w{number}" for number in range(LONGEST_TEXT))[:LONGEST_TEXT]
    event = make.EventFactory(summary=words)
    event.full_clean()
    assert Event.objects.get(pk=event.pk).summary == words
