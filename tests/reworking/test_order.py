"""The order within a day: one step at a time, safe against others who order the same day."""

import threading

import factories as make
import pytest
from django.db import connection

from casetracker.dates import UncertainDate
from casetracker.models import Case, Event
from casetracker.reworking import ChangedMeanwhileError, Direction, ReworkError, step

pytestmark = pytest.mark.django_db

DAY = UncertainDate.on(2025, 4, 7)


@pytest.fixture
def case() -> Case:
    found: Case = make.CaseFactory()
    for title in "ABCD":
        make.EventFactory(case=found, date=DAY, title=title)
    make.EventFactory(case=found, date=UncertainDate.on(2025, 4, 8), title="Z")
    return found


def titles(case: Case) -> str:
    return "".join(Event.objects.filter(case=case).in_order().values_list("title", flat=True))


def key(case: Case, title: str) -> int:
    return Event.objects.get(case=case, title=title).pk


def test_entry_goes_up_and_down_past_its_neighbour(case: Case) -> None:
    step(case.pk, key(case, "C"), Direction.UP, past=key(case, "B"))
    assert titles(case) == "ACBDZ"
    step(case.pk, key(case, "A"), Direction.DOWN, past=key(case, "C"))
    assert titles(case) == "CABDZ"


def test_time_of_day_yields_to_the_order_that_an_editor_makes(case: Case) -> None:
    Event.objects.filter(title="D").update(time="09:00")
    assert titles(case) == "DABCZ"
    step(case.pk, key(case, "D"), Direction.DOWN, past=key(case, "A"))
    assert titles(case) == "ADBCZ"


def test_new_entry_of_the_day_stands_last_after_an_order_was_made(case: Case) -> None:
    step(case.pk, key(case, "B"), Direction.UP, past=key(case, "A"))
    make.EventFactory(case=case, date=DAY, title="N")
    assert titles(case) == "BACDNZ"


def test_neighbour_that_was_not_seen_there_is_not_passed(case: Case) -> None:
    with pytest.raises(ChangedMeanwhileError):
        step(case.pk, key(case, "C"), Direction.UP, past=key(case, "A"))
    assert titles(case) == "ABCDZ"


def test_day_has_two_ends(case: Case) -> None:
    for title, direction in (("A", Direction.UP), ("D", Direction.DOWN)):
        with pytest.raises(ReworkError, match="on that side"):
            step(case.pk, key(case, title), direction, past=key(case, "B"))
    # The next entry is of another day.
    with pytest.raises(ReworkError):
        step(case.pk, key(case, "Z"), Direction.UP, past=key(case, "D"))


def test_entry_of_another_case_is_refused(case: Case) -> None:
    with pytest.raises(ReworkError):
        step(case.pk, make.EventFactory(date=DAY).pk, Direction.UP, past=key(case, "A"))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_order_the_same_day_at_once_nobody_undoes_the_other() -> None:
    case = make.CaseFactory()
    for title in "ABC":
        make.EventFactory(case=case, date=DAY, title=title)
    keys = {title: key(case, title) for title in "ABC"}
    start, refused = threading.Barrier(2), []

    def run(title: str, past: str) -> None:
        try:
            start.wait()
            step(case.pk, keys[title], Direction.UP, past=keys[past])
        except ChangedMeanwhileError:
            refused.append(title)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in (("B", "A"), ("C", "B"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    # Whoever came second saw another neighbour and was told so.
    assert (titles(case), *refused) in {("BAC", "C"), ("ACB", "B")}
