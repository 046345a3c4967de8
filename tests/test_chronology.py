"""What a print tells of a case besides its entries, and how a long one is divided."""

import datetime
import itertools

import pytest
from factories import (
    STATES,
    CaseFactory,
    CorrectionFactory,
    EventFactory,
    ReferenceFactory,
    SourceFactory,
    TopicFactory,
)
from hypothesis import given
from hypothesis import strategies as st

from casetracker import chronology, search
from casetracker.chronology import CorrectionLine, Part, Span, parts
from casetracker.dates import UncertainDate, parse
from casetracker.models import Event
from casetracker.timeline import SourceLine


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def on(*days: str) -> list[Span]:
    return [(day(text), day(text)) for text in days]


def ranges(found: list[Part]) -> list[tuple[str, str, int]]:
    return [(str(part.after or ""), str(part.before or ""), part.count) for part in found]


# --- parts ----------------------------------------------------------------------------------------------------------


def test_what_fits_is_one_part_without_ends() -> None:
    assert ranges(parts(on("2025-01-01", "2025-02-01"), 2)) == [("", "", 2)]
    assert ranges(parts([], 2)) == [("", "", 0)]


def test_a_part_ends_with_a_month_where_that_does_not_empty_it() -> None:
    days = on("2025-01-05", "2025-01-06", "2025-02-03", "2025-02-20", "2025-02-21")
    assert ranges(parts(days, 3)) == [("", "2025-01-31", 2), ("2025-02-01", "", 3)]


def test_a_part_ends_within_a_month_that_alone_is_too_long() -> None:
    days = on("2025-02-01", "2025-02-02", "2025-02-03", "2025-02-04", "2025-02-05")
    assert ranges(parts(days, 2)) == [("", "2025-02-02", 2), ("2025-02-03", "2025-02-04", 2), ("2025-02-05", "", 1)]


def test_parts_stay_within_the_range_that_was_asked_for() -> None:
    spans = [*on("2025-02-03", "2025-02-10", "2025-02-20"), (day("2025-01-01"), day("2025-12-31"))]
    assert ranges(parts(spans, 2, (day("2025-02-02"), day("2025-02-28")))) == [
        ("2025-02-02", "2025-02-09", 2),
        ("2025-02-10", "2025-02-19", 2),
        ("2025-02-20", "2025-02-28", 2),
    ]


def test_a_vague_date_counts_in_each_part_in_which_it_may_lie() -> None:
    spans = [(day("2025-01-01"), day("2025-12-31")), *on("2025-03-01", "2025-05-01", "2025-07-01")]
    assert ranges(parts(spans, 2)) == [
        ("", "2025-04-30", 2),
        ("2025-05-01", "2025-06-30", 2),
        ("2025-07-01", "", 2),
    ]


def test_what_dates_cannot_divide_is_one_part_and_no_more() -> None:
    spans = [*on("2025-03-01", "2025-03-01", "2025-03-01"), *on("2025-05-01")]
    assert ranges(parts(spans, 2)) == [("", "2025-04-30", 3), ("2025-05-01", "", 1)]
    assert ranges(parts([(None, None)] * 5, 2)) == [("", "", 5)]
    assert ranges(parts([(None, day("2025-01-01"))] * 5, 2)) == [("", "", 5)]


ends = st.one_of(st.none(), st.dates(datetime.date(2020, 1, 1), datetime.date(2021, 12, 31)))
any_span = st.tuples(ends, ends).map(
    lambda pair: (min(pair), max(pair)) if None not in pair else pair  # type: ignore[type-var]
)


def _lies_in(span: Span, part: Part) -> bool:
    first, last = span
    return not (part.before and first and first > part.before) and not (part.after and last and last < part.after)


@given(spans=st.lists(any_span, max_size=60), size=st.integers(1, 12))
def test_every_entry_stands_in_a_part_and_no_part_is_longer_than_it_must_be(spans: list[Span], size: int) -> None:
    found = parts(spans, size)
    # They follow one another without a gap, open at both ends.
    assert (found[0].after, found[-1].before) == (None, None)
    for part, following in itertools.pairwise(found):
        assert part.before
        assert following.after == part.before + datetime.timedelta(days=1)
    for part in found:
        inside = [span for span in spans if _lies_in(span, part)]
        assert len(inside) == part.count
        if len(inside) > size:
            # All may lie on its first day: no shorter range has fewer.
            first = part.after or min((start for start, _ in inside if start), default=None)
            assert all((not start or not first or start <= first) for start, _ in inside)


# --- what is read ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_database_counts_the_entries_of_each_part_alike() -> None:
    case = CaseFactory(published=True)
    for date in ("1801", "March 1801", "3 March 1801", "before 4 March 1801", "after 2 March 1801", "5 May 1801"):
        EventFactory(case=case, date=parse(date), published=True)
    events = Event.objects.public().filter(case=case)
    found = parts(events.values_list("earliest", "latest"), 4)
    assert len(found) > 1
    for part in found:
        assert events.filter(search.in_range(part.after, part.before)).count() == part.count


@pytest.mark.django_db
def test_a_printable_case_has_its_topics_corrections_and_sources_in_full() -> None:
    case = CaseFactory(published=True)
    for name in ("Removal", "Loans"):
        case.topics.add(TopicFactory(name=name))
    entry = EventFactory(case=case, title="Order", published=True)
    CorrectionFactory(case=case, event=entry, corrected_on=day("2025-05-02"), text="The day was wrong.")
    CorrectionFactory(case=case, corrected_on=day("2025-05-01"), text="The name was wrong.")
    source = SourceFactory(
        title="The docket",
        publisher="The court",
        address="https://example.org/d",
        archived_address="https://archive.example/d",
        read_on=UncertainDate.on(2025, 5, 3),
        note="In part.",
    )
    ReferenceFactory(event=None, case=case, source=source, pinpoint="p. 3")
    found = chronology.printable(case.slug)
    assert found is not None
    assert (found.case, found.topics) == (case, ["Loans", "Removal"])
    assert found.corrections == [
        CorrectionLine("1 May 2025", "The name was wrong.", ""),
        CorrectionLine("2 May 2025", "The day was wrong.", "Order"),
    ]
    assert found.sources == [
        SourceLine(
            source.get_kind_display(), "The docket", "The court", "https://example.org/d", "https://archive.example/d",
            "3 May 2025", "p. 3", "In part.",
        )
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("state", [name for name in STATES if name != "published"])
def test_a_case_that_is_not_public_is_not_printable(state: str) -> None:
    case = CaseFactory()
    STATES[state](case)
    assert chronology.printable(case.slug) is None
