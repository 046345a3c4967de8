"""Two transactions that are each right by themselves and wrong together."""

import time
from threading import Event as Signal
from typing import Any

import factories as make
import pytest
from django.db import IntegrityError, connection, transaction
from threads import PATIENCE, run_together

from casetracker.models import Case, DocketEntry, Event, FormerSlug, Kind, Proceeding, Provision

pytestmark = pytest.mark.django_db(transaction=True)

# Long enough for the other thread to run into the lock; if it does not, the test only proves less.
A_MOMENT = 0.3


def one_after_the_other_has_checked(first: Any, second: Any) -> list[Any]:
    """
    `first` writes and passes every check, then `second` writes and is checked, and only then does either end: what both
    would see of each other in the worst case.
    """
    has_checked = Signal()

    def one() -> None:
        with transaction.atomic():
            first()
            connection.check_constraints()
            has_checked.set()
            time.sleep(A_MOMENT)

    def other() -> None:
        has_checked.wait(PATIENCE)
        with transaction.atomic():
            second()

    return run_together(one, other)


@pytest.mark.parametrize("moved", ["event", "proceeding"])
def test_entry_is_not_docketed_while_its_event_or_docket_moves(moved: str) -> None:
    proceeding = make.ProceedingFactory()
    event = make.EventFactory(case=proceeding.case, court=proceeding.court)
    court = make.CourtFactory()
    model, pk = (Event, event.pk) if moved == "event" else (Proceeding, proceeding.pk)
    docketed, move = one_after_the_other_has_checked(
        lambda: DocketEntry.objects.create(event=event, proceeding=proceeding),
        lambda: model._base_manager.filter(pk=pk).update(court=court),
    )
    assert docketed is None
    assert isinstance(move, IntegrityError)
    entry = DocketEntry.objects.get()
    assert entry.event.court == entry.proceeding.court


def test_provision_is_not_added_while_its_ruling_becomes_a_filing() -> None:
    ruling = make.RulingFactory()
    added, turned = one_after_the_other_has_checked(
        lambda: Provision.objects.create(ruling=Event.objects.get(pk=ruling.pk), text="return the book"),
        lambda: Event.objects.filter(pk=ruling.pk).update(kind=Kind.FILING, form="", outcome=""),
    )
    assert added is None
    assert isinstance(turned, IntegrityError)
    assert Provision.objects.get().ruling.is_ruling


def test_former_address_is_not_taken_while_it_becomes_one() -> None:
    case = make.CaseFactory(slug="smith-v-doe")
    renamed, taken = one_after_the_other_has_checked(
        lambda: Case.objects.filter(pk=case.pk).update(slug="smith-v-jones"),
        lambda: make.CaseFactory(slug="smith-v-doe"),
    )
    assert renamed is None
    assert isinstance(taken, IntegrityError)
    assert FormerSlug.objects.get().case == case
