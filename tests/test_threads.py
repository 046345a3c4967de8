"""Which entries make one thread."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import STATES, CaseFactory, Dispute, EventFactory, ResponseFactory, RulingFactory, two_court_dispute
from hypothesis import given
from hypothesis import strategies as st

from casetracker import threads, timeline
from casetracker.dates import UncertainDate
from casetracker.models import Case, Event, Kind

db = pytest.mark.django_db


@pytest.fixture
def case(db: None) -> Case:
    row: Case = CaseFactory(published=True)
    return row


def made(case: Case, title: str, *answers: Event, make: Any = EventFactory, **fields: Any) -> Event:
    """A public entry that responds to `answers`."""
    row: Event = make(**{"case": case, "title": title, "published": True, **fields})
    for other in answers:
        ResponseFactory(event=row, responds_to=other)
    return row


def thread(entry: Event) -> list[str]:
    rows = Event.objects.public().filter(pk__among=threads.of_entry(entry.public_id))
    return sorted(rows.values_list("title", flat=True))


def sizes(case: Case) -> dict[str, int]:
    events = Event.objects.public().filter(case=case)
    looked_for, told_to_be_whole = (
        {entry.title: entry.thread_size for entry in timeline.entries(events, whole=whole)} for whole in (False, True)
    )
    assert looked_for == told_to_be_whole
    return looked_for


# --- in the database ------------------------------------------------------------------------------------------------


def test_motion_opposition_reply_hearing_and_ruling_are_one_thread(case: Case) -> None:
    motion = made(case, "motion")
    opposition = made(case, "opposition", motion)
    reply = made(case, "reply", opposition)
    hearing = made(case, "hearing", motion, kind=Kind.HEARING)
    ruling = made(case, "ruling", reply, make=RulingFactory)
    made(case, "another motion")
    whole = ["hearing", "motion", "opposition", "reply", "ruling"]
    for entry in (motion, opposition, reply, hearing, ruling):
        assert thread(entry) == whole
    assert sizes(case) == {**dict.fromkeys(whole, 5), "another motion": 1}


def test_entry_that_answers_nothing_and_is_not_answered_is_a_thread_of_one(case: Case) -> None:
    assert thread(made(case, "alone")) == ["alone"]
    assert sizes(case) == {"alone": 1}


def test_what_responds_to_a_ruling_begins_a_thread_of_its_own(case: Case) -> None:
    motion = made(case, "motion")
    ruling = made(case, "ruling", motion, make=RulingFactory)
    appeal = made(case, "appeal", ruling)
    made(case, "decision on appeal", appeal, ruling, make=RulingFactory)
    assert thread(motion) == ["motion", "ruling"]
    assert thread(appeal) == ["appeal", "decision on appeal"]
    assert sizes(case) == {"motion": 2, "ruling": 2, "appeal": 2, "decision on appeal": 2}


def test_one_ruling_on_two_motions_joins_them(case: Case) -> None:
    first, second = made(case, "first"), made(case, "second")
    made(case, "ruling", first, second, make=RulingFactory)
    assert thread(first) == thread(second) == ["first", "ruling", "second"]


def test_entries_that_respond_to_one_another_are_found_once(case: Case) -> None:
    first = made(case, "first")
    second = made(case, "second", first)
    third = made(case, "third", second)
    ResponseFactory(event=first, responds_to=third)
    assert thread(first) == ["first", "second", "third"]
    assert sizes(case) == dict.fromkeys(["first", "second", "third"], 3)


@pytest.mark.parametrize("state", [state for state in STATES if state != "published"])
def test_hidden_entry_joins_nothing(case: Case, state: str) -> None:
    motion = made(case, "motion")
    between = made(case, "between", motion, published=False, **{state: True})
    reply = made(case, "reply", between)
    assert thread(motion) == ["motion"]
    assert thread(reply) == ["reply"]
    assert thread(between) == []
    assert sizes(case) == {"motion": 1, "reply": 1}


def test_entry_of_another_case_joins_nothing(case: Case) -> None:
    motion = made(case, "motion")
    made(CaseFactory(published=True), "elsewhere", motion)
    assert thread(motion) == ["motion"]
    assert sizes(case) == {"motion": 1}


@db
@pytest.mark.parametrize("public_id", ["2222222222", "", "zq", "' OR 1=1"])
def test_unknown_entry_has_no_thread(public_id: str) -> None:
    assert not Event.objects.filter(pk__among=threads.of_entry(public_id)).exists()


def test_thread_is_told_whole_where_only_a_part_of_it_is_shown(case: Case) -> None:
    entry = made(case, "1", date=UncertainDate.on(2025, 4, 1))
    for day in range(2, 9):
        entry = made(case, str(day), entry, date=UncertainDate.on(2025, 4, day))
    entries = timeline.entries(Event.objects.public().filter(case=case).in_order()[:2])
    assert [(told.title, told.thread_size) for told in entries] == [("1", 8), ("2", 8)]


@db
def test_two_court_dispute_has_the_thread_of_its_motion() -> None:
    dispute: Dispute = two_court_dispute()
    assert thread(dispute.order) == thread(dispute.motion)
    assert thread(dispute.motion) == [
        "Motion for the return of the book",
        "Opposition to the motion",
        "Order to return the book",
    ]


def test_threads_of_many_entries_take_no_query_of_their_own(case: Case) -> None:
    counts = []
    for _ in range(3):
        entry = made(case, "motion")
        for _ in range(4):
            entry = made(case, "answer", entry)
        with CaptureQueriesContext(connection) as captured:
            assert {told.thread_size for told in timeline.entries(Event.objects.public())} == {5}
        counts.append(len(captured))
    assert counts == [5, 5, 5]


# --- counting -------------------------------------------------------------------------------------------------------


def plain_sizes(keys: set[int], answers: dict[int, list[int]]) -> dict[int, int]:
    """Slow and obvious: from each entry on, whatever is joined to what was found."""
    found = {}
    for key in keys:
        members = {key}
        while True:
            more = {a for a, qs in answers.items() if members & set(qs)}
            more |= {q for a in members for q in answers.get(a, [])}
            if more <= members:
                break
            members |= more
        found[key] = len(members)
    return found


numbers = st.integers(1, 12)


@given(st.sets(numbers), st.dictionaries(numbers, st.lists(numbers, max_size=3), max_size=8))
def test_sizes_agree_with_a_plain_reference(keys: set[int], answers: dict[int, list[int]]) -> None:
    assert threads.sizes(keys, answers) == plain_sizes(keys, answers)


def test_a_very_long_thread_is_counted() -> None:
    length = 20_000
    assert threads.sizes([1, length], {key: [key - 1] for key in range(2, length + 1)}) == {1: length, length: length}
