"""Whether the record has changed: told after every transaction that wrote, and kept things are forgotten with it."""

import datetime
import time
from typing import Any

import factories as make
import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from threads import run_together

from casetracker import publication
from casetracker.freshness import Remembered, state_of_record
from casetracker.models import Case, RecordChange


@pytest.mark.django_db(transaction=True)
def test_state_is_another_one_after_each_change_and_only_then() -> None:
    court = make.CourtFactory(name="Court of Ships")
    case = make.CaseFactory()
    seen = [state_of_record()]
    assert state_of_record() == seen[0]
    Case.objects.filter(pk=case.pk).update(name="In re Ship")
    seen.append(state_of_record())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casetracker_court SET name = 'Court of the Sea' WHERE id = %s", [court.pk])
    seen.append(state_of_record())
    publication.publish(case, actor=None)
    seen.append(state_of_record())
    publication.withhold(case, actor=None, reason="Names a child.")
    seen.append(state_of_record())
    assert None not in seen
    assert len(set(seen)) == 5
    make.UserFactory()
    assert state_of_record() == seen[-1]


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_leaves_the_state_as_it_was() -> None:
    case = make.CaseFactory()
    before = state_of_record()
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(name="In re Ship")
        transaction.set_rollback(True)
    assert state_of_record() == before


@pytest.mark.django_db
def test_there_is_no_state_within_a_transaction() -> None:
    make.CaseFactory()
    assert state_of_record() is None


@pytest.mark.django_db(transaction=True)
def test_change_that_began_first_and_ended_last_is_another_state() -> None:
    """A later transaction neither waits for one that still runs nor removes what tells of it."""
    slow, quick = make.CaseFactory(), make.CaseFactory()
    update = "UPDATE casetracker_case SET name = 'In re Ship' WHERE id = %s"
    seen = [state_of_record()]
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute(update, [slow.pk])
        assert state_of_record() == seen[0]
        for _ in range(3):
            Case.objects.filter(pk=quick.pk).update(name="In re Boat")
            seen.append(state_of_record())
        other.commit()
    seen.append(state_of_record())
    assert len(set(seen)) == 5
    assert_a_change_removes_what_ended_before(quick)
    seen.append(state_of_record())
    assert len(set(seen)) == 6


def assert_a_change_removes_what_ended_before(case: Case) -> None:
    with connection.cursor() as cursor:
        # Another database of the same server may have a transaction that runs for longer.
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (oldest,) = cursor.fetchone()
    Case.objects.filter(pk=case.pk).update(name="In re Raft")
    assert RecordChange.objects.exists()
    assert not RecordChange.objects.filter(transaction__lt=oldest).exists()


@pytest.mark.django_db(transaction=True)
def test_changes_at_the_same_time_do_not_wait_for_one_another_and_leave_few_rows() -> None:
    cases = [make.CaseFactory() for _ in range(4)]

    def change(case: Case) -> None:
        for number in range(10):
            Case.objects.filter(pk=case.pk).update(name=f"In re Ship {number}")

    found = run_together(*[lambda case=case: change(case) for case in cases])
    assert found == [None] * 4
    assert_a_change_removes_what_ended_before(cases[0])


@pytest.mark.django_db(transaction=True)
def test_number_of_a_transaction_from_before_a_restore_is_another_state() -> None:
    case = make.CaseFactory()
    with psycopg.connect(**connection.get_connection_params()) as other:
        (number,) = other.execute("SELECT pg_current_xact_id()::text::bigint").fetchone() or (0,)
        # As if an earlier server, from which the rows came, had used it.
        RecordChange.objects.create(transaction=number, begun_at=timezone.now() - datetime.timedelta(days=30))
        before = state_of_record()
        other.execute("UPDATE casetracker_case SET name = 'In re Ship' WHERE id = %s", [case.pk])
        other.commit()
    assert state_of_record() != before


@pytest.mark.django_db(transaction=True)
def test_end_of_an_embargo_is_another_state() -> None:
    make.CaseFactory(published=True)
    case = make.CaseFactory()
    publication.publish(case, actor=None, embargo_until=timezone.now() + datetime.timedelta(seconds=1))
    before = state_of_record()
    assert state_of_record() == before
    time.sleep(1.1)
    assert state_of_record() != before


# --- what is kept ---------------------------------------------------------------------------------------------------


def counting() -> Any:
    made: list[int] = []

    def make_one() -> int:
        made.append(len(made))
        return made[-1]

    return make_one


def test_what_was_made_is_kept_for_its_key_and_state() -> None:
    kept, one = Remembered[int](5), counting()
    assert [kept.get("a", "1", one), kept.get("a", "1", one), kept.get("b", "1", one)] == [0, 0, 1]
    assert kept.get("a", "2", one) == 2
    # Of the earlier state nothing is left, not even for who still asks for it.
    assert kept.get("b", "1", one) == 3


def test_nothing_is_kept_without_a_state() -> None:
    kept, one = Remembered[int](5), counting()
    assert [kept.get("a", None, one), kept.get("a", None, one)] == [0, 1]


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept, one = Remembered[int](2), counting()
    kept.get("a", "1", one)
    kept.get("b", "1", one)
    kept.get("a", "1", one)
    kept.get("c", "1", one)
    assert kept.get("a", "1", one) == 0
    assert kept.get("b", "1", one) == 3


def test_what_is_kept_may_be_weighed() -> None:
    kept = Remembered[str](10, weigh=len)
    kept.get("a", "1", lambda: "four")
    kept.get("b", "1", lambda: "five5")
    kept.get("a", "1", lambda: "another")
    kept.keep("c", "1", "two")
    assert [list(kept.known(key, "1")) for key in "abc"] == [["four"], [], ["two"]]
    # What stood there before weighs nothing any more; what is too heavy by itself is not kept.
    kept.keep("a", "1", "one")
    kept.keep("d", "1", "four")
    assert [list(kept.known(key, "1")) for key in "acd"] == [["one"], ["two"], ["four"]]
    kept.keep("e", "1", "eleven chars")
    assert [list(kept.known(key, "1")) for key in "acde"] == [[], [], [], []]
    kept.keep("a", "1", "ten chars.")
    assert list(kept.known("a", "1")) == ["ten chars."]


def test_what_was_made_while_the_record_changed_is_not_kept_for_the_new_state() -> None:
    kept = Remembered[str](5)

    def slow() -> str:
        kept.get("other", "2", lambda: "new")
        return "old"

    assert kept.get("a", "1", slow) == "old"
    assert kept.get("a", "2", lambda: "new") == "new"
