"""The days by which the lists order cases, kept by triggers: they are those of what the public may see, always."""

import datetime
import random
import time
from threading import Event as Signal
from typing import Any

import factories as make
import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from threads import PATIENCE, run_together

from casetracker.dates import parse
from casetracker.models import Case, CasePlace, Event, Happening

pytestmark = pytest.mark.django_db

HIDDEN = [state for state in make.STATES if state != "published"]


def place_of(case: Case) -> tuple[str, str]:
    place = CasePlace.objects.get(case=case)
    return str(place.first_day or ""), str(place.latest_day or "")


def as_the_rule_has_it(case: Case) -> tuple[bool, bool, Any, Any]:
    entries = Event.objects.public_if_their_case_is().filter(case=case)
    first = entries.order_by("sort_date").values_list("sort_date", flat=True).first()
    held = entries.filter(happening=Happening.HELD)
    latest = held.order_by("-sort_date").values_list("sort_date", flat=True).first()
    return case.is_invented, case.state == "published", first, latest


def kept() -> dict[int, tuple[Any, ...]]:
    return {
        place.pk: (place.is_invented, place.is_published, place.first_day, place.latest_day)
        for place in CasePlace.objects.all()
    }


def test_a_case_has_the_days_of_its_first_entry_and_of_the_last_that_took_place() -> None:
    case = make.CaseFactory(published=True)
    assert place_of(case) == ("", "")
    make.EventFactory(case=case, date=parse("3 April 2025"), published=True)
    assert place_of(case) == ("2025-04-03", "2025-04-03")
    make.EventFactory(case=case, date=parse("1954"), published=True)
    make.EventFactory(
        case=case, kind="hearing", happening=Happening.SCHEDULED, date=parse("1 May 2199"), published=True
    )
    assert place_of(case) == ("1954-01-01", "2025-04-03")


@pytest.mark.parametrize("state", HIDDEN)
def test_what_is_hidden_moves_no_case(state: str) -> None:
    hidden = make.CaseFactory(published=True)
    make.EventFactory(case=hidden, date=parse("3 April 2025"), published=True)
    for day in ("1 January 1900", "1 June 2025"):
        make.EventFactory(case=hidden, date=parse(day), **{state: True})
    assert place_of(hidden) == ("2025-04-03", "2025-04-03")


def overdue() -> Case:
    """A case of which an embargo has ended since anybody wrote."""
    case: Case = make.CaseFactory(published=True)
    make.EventFactory(case=case, date=parse("3 April 2025"), published=True)
    later = make.EventFactory(case=case, date=parse("1 June 2025"), embargoed=True)
    CasePlace.objects.catch_up()
    assert place_of(case) == ("2025-04-03", "2025-04-03")
    # Its moment comes while nobody writes: only the clock of a table without triggers can be turned here.
    moment = timezone.now() - datetime.timedelta(seconds=1)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        Event.objects.filter(pk=later.pk).update(published_from=moment, first_public_at=moment)
        CasePlace.objects.filter(case=case).update(holds_until=moment)
        cursor.execute("RESET session_replication_role")
    assert place_of(case) == ("2025-04-03", "2025-04-03")
    return case


def test_an_embargo_that_ends_by_the_clock_moves_the_case_for_the_next_reader() -> None:
    case = overdue()
    CasePlace.objects.catch_up()
    assert place_of(case) == ("2025-04-03", "2025-06-01")
    assert CasePlace.objects.get(case=case).holds_until is None


def test_where_nothing_can_be_written_a_list_by_day_is_read_as_it_stands(client: Client) -> None:
    case = overdue()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET transaction_read_only = on")
        response = client.get("/cases/?sort=recent")
    assert response.status_code == 200
    assert case.name in response.content.decode()
    assert place_of(case) == ("2025-04-03", "2025-04-03")


@pytest.mark.django_db(transaction=True)
def test_readers_at_once_neither_wait_for_one_another_nor_for_a_writer() -> None:
    """Whoever finds the case locked goes on without it."""
    case = overdue()
    has_locked, may_end = Signal(), Signal()

    def writer() -> None:
        with transaction.atomic():
            CasePlace.objects.select_for_update().get(case=case)
            has_locked.set()
            assert may_end.wait(PATIENCE)

    def reader() -> float:
        assert has_locked.wait(PATIENCE)
        began = time.monotonic()
        CasePlace.objects.catch_up()
        may_end.set()
        return time.monotonic() - began

    _, took = run_together(writer, reader)
    assert isinstance(took, float)
    assert took < PATIENCE / 2
    assert place_of(case) == ("2025-04-03", "2025-04-03")
    assert run_together(*[CasePlace.objects.catch_up] * 4) == [None] * 4
    assert place_of(case) == ("2025-04-03", "2025-06-01")


def test_days_are_right_whoever_writes() -> None:
    """Cases and entries are made, changed, moved and deleted at random, by the ORM, in bulk and by raw SQL."""
    chance = random.Random(20250410)  # noqa: S311 - the same on every run
    cases = [make.CaseFactory(published=True) for _ in range(4)]
    states = list(make.STATES)

    def add() -> None:
        happening = chance.choice([Happening.HELD, Happening.HELD, Happening.SCHEDULED])
        make.EventFactory(
            case=chance.choice(cases), kind="hearing", happening=happening, date=day(), **{chance.choice(states): True}
        )

    def day() -> Any:
        return parse(f"{chance.randint(1, 28)} April {chance.randint(1990, 2020)}")

    def some() -> Any:
        keys = list(Event.objects.values_list("pk", flat=True))
        return Event.objects.filter(pk__in=chance.sample(keys, min(3, len(keys))))

    def raw() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE casetracker_event SET date = '1980-02-03' WHERE id %% 7 = %s", [chance.randint(0, 6)]
            )

    acts = [
        add, add, add, raw,
        lambda: some().update(date=day()),
        lambda: some().update(case=chance.choice(cases)),
        lambda: some().filter(state="published").update(state="withheld"),
        lambda: some().filter(first_public_at=None).delete(),
        lambda: some().update(happening=Happening.SCHEDULED),
        lambda: Case.objects.filter(pk=chance.choice(cases).pk).update(is_invented=chance.random() < 0.5),
        lambda: Case.objects.filter(pk=chance.choice(cases).pk).update(state=chance.choice(["published", "withheld"])),
        lambda: Event.objects.bulk_create(
            make.EventFactory.build(case=chance.choice(cases), court=None, date=day(), **make.publication_columns())
            for _ in range(3)
        ),
    ]  # fmt: skip
    for _ in range(60):
        chance.choice(acts)()
        assert kept() == {case.pk: as_the_rule_has_it(case) for case in Case.objects.all()}
    before = kept()
    CasePlace.objects.all().delete()
    CasePlace.objects.rebuild(batch=3)
    assert kept() == before


def test_a_case_that_goes_leaves_no_place_behind() -> None:
    by_orm, by_sql = make.CaseFactory(), make.CaseFactory()
    by_orm.delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM casetracker_case WHERE id = %s", [by_sql.pk])
    assert kept() == {}


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_are_both_seen() -> None:
    """The second, who waits for the first, places the case by what both have written."""
    case = make.CaseFactory(published=True)
    latest = make.EventFactory(case=case, date=parse("10 April 2025"), published=True)
    has_written = Signal()

    def one() -> None:
        with transaction.atomic():
            Event.objects.filter(pk=latest.pk).update(state="withheld")
            has_written.set()
            time.sleep(0.3)

    def other() -> None:
        has_written.wait(PATIENCE)
        make.EventFactory(case=case, date=parse("9 April 2025"), published=True)

    assert run_together(one, other) == [None, None]
    assert place_of(case) == ("2025-04-09", "2025-04-09")
