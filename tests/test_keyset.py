"""Pages by key: every row once, whichever way, in every order, while others write."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from factories import CaseFactory, CorrectionFactory, EventFactory, publication_columns
from hypothesis import given
from hypothesis import strategies as st

from casetracker import keyset
from casetracker.dates import parse
from casetracker.models import Case, Correction, Event
from casetracker.web import paging
from casetracker.web.paging import ListPage, page_in

pytestmark = pytest.mark.django_db

SIZE = 3


def cases() -> Any:
    return Case.objects.public()


def entries() -> Any:
    return Event.objects.public()


def corrections() -> Any:
    return Correction.objects.public()


LISTS: dict[str, tuple[keyset.Order, Callable[[], Any]]] = {
    "cases by name": (keyset.BY_NAME, cases),
    "cases, latest first": (keyset.RECENT_FIRST, cases),
    "cases, oldest first": (keyset.OLDEST_FIRST, cases),
    "entries, newest first": (keyset.ENTRIES_NEWEST_FIRST, entries),
    "entries, oldest first": (keyset.ENTRIES_OLDEST_FIRST, entries),
    "corrections": (keyset.CORRECTIONS_NEWEST_FIRST, corrections),
}
each_list = pytest.mark.parametrize(("order", "rows"), LISTS.values(), ids=LISTS)


def page(order: keyset.Order, rows: Any, at: str = "") -> ListPage:
    return page_in(RequestFactory().get("/", {"page": at} if at else {}), rows, order, SIZE)


def walk(order: keyset.Order, rows: Any, at: str = "", *, way: str = "next") -> list[list[int]]:
    """The keys of page after page, from one to the end of the list."""
    found = []
    while True:
        shown = page(order, rows, at)
        found.append(shown.keys)
        at = getattr(shown, way) or ""
        if not at:
            return found
        assert len(found) < 100


def flat(pages: list[list[int]]) -> list[int]:
    return [key for keys in pages for key in keys]


def in_order(order: keyset.Order, rows: Any) -> list[int]:
    return list(rows.filter(order.within).order_by(*order.by()).values_list("pk", flat=True))


NAMES = ["a", "A", "á", "b~c", "50 % & more", "“quoted”", "z", "zz"]
DAYS = ["1954", "April 1954", "1 April 1954", "about 1 April 1954", "2025", "10 April 2025", "[2025-04-10..]", "2199"]
TIMES = [None, datetime.time(9), datetime.time(9, 30, 1, 5), datetime.time(23, 59, 59, 999999)]


def fill(names: list[tuple[int, bool]], days: list[tuple[int, int, int, int]]) -> None:
    made = Case.objects.bulk_create(
        CaseFactory.build(name=NAMES[name], is_invented=invented, **publication_columns()) for name, invented in names
    )
    if made:
        Event.objects.bulk_create(
            EventFactory.build(
                case=made[place % len(made)],
                court=None,
                date=parse(DAYS[day]),
                time=TIMES[time],
                day_order=order - 1,
                **publication_columns(),
            )
            for place, day, time, order in days
        )
        Correction.objects.bulk_create(
            CorrectionFactory.build(case=made[0], event=None, corrected_on=datetime.date(2025, 4, 1 + day % 3))
            for _, day, _, _ in days
        )


@given(
    st.lists(st.tuples(st.integers(0, len(NAMES) - 1), st.booleans()), max_size=14),
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, len(DAYS) - 1), st.integers(0, len(TIMES) - 1), st.integers(0, 2)),
        max_size=16,
    ),
)
def test_every_row_stands_on_one_page_whichever_way_the_list_is_walked(
    names: list[tuple[int, bool]], days: list[tuple[int, int, int, int]]
) -> None:
    """Ties, dates of every precision, entries without a time, cases without an entry, and invented ones."""
    with transaction.atomic():
        fill(names, days)
        for order, rows in LISTS.values():
            wanted = in_order(order, rows())
            forward, back = walk(order, rows()), walk(order, rows(), "last", way="previous")
            assert flat(forward) == wanted
            assert flat(back[::-1]) == wanted
            assert all(len(keys) == SIZE for keys in forward[:-1])
            assert back[0] == forward[-1]
        transaction.set_rollback(True)


def twelve() -> None:
    fill([(number % 5, number > 9) for number in range(12)], [(number, number % 5, 0, 1) for number in range(11)])


@each_list
def test_what_others_add_repeats_nothing_and_loses_nothing(order: keyset.Order, rows: Callable[[], Any]) -> None:
    twelve()
    before = in_order(order, rows())
    number = 0
    for way, start in (("next", ""), ("previous", "last")):
        seen: list[list[int]] = []
        at = start
        while at or not seen:
            shown = page(order, rows(), at)
            seen.append(shown.keys)
            at = getattr(shown, way) or ""
            # Before, behind and beside what was shown.
            number += 1
            fill([(number % len(NAMES), number % 3 == 0)], [(0, number % len(DAYS), number % len(TIMES), number % 3)])
        keys = flat(seen)
        assert len(keys) == len(set(keys))
        assert set(before) <= set(keys)
        before = in_order(order, rows())


@pytest.mark.parametrize("order", [keyset.BY_NAME, keyset.RECENT_FIRST, keyset.ENTRIES_NEWEST_FIRST])
def test_a_row_that_goes_leaves_its_place_behind(order: keyset.Order) -> None:
    """No row that is still there is left out; of those that stand at the very same place some may come again."""
    twelve()
    rows = cases if order is not keyset.ENTRIES_NEWEST_FIRST else entries
    wanted = in_order(order, rows())
    first = page(order, rows())
    gone = first.keys[-1]
    rows().filter(pk=gone).update(state="withheld")
    rest = flat(walk(order, rows(), first.next or ""))
    assert set(wanted) - set(first.keys) <= set(rest)
    assert gone not in rest


@each_list
def test_beyond_either_end_stands_what_is_nearest(order: keyset.Order, rows: Callable[[], Any]) -> None:
    twelve()
    last, first = page(order, rows(), "last"), page(order, rows())
    behind = f"after~{order.write(order.rows(rows(), 1, backwards=True)[0][0])}"
    before = f"before~{order.write(order.rows(rows(), 1)[0][0])}"
    assert page(order, rows(), behind).keys == last.keys
    assert page(order, rows(), before).keys == first.keys
    for none in (behind, before, "last", ""):
        assert page(order, rows().none(), none).keys == []


@each_list
def test_a_number_still_leads_where_it_led(order: keyset.Order, rows: Callable[[], Any]) -> None:
    twelve()
    wanted = in_order(order, rows())
    assert page(order, rows(), "2").keys == wanted[SIZE : SIZE * 2]
    assert (page(order, rows(), "2").number, page(order, rows(), "2").of) == (2, -(-len(wanted) // SIZE))
    assert page(order, rows(), "1").keys == page(order, rows()).keys == wanted[:SIZE]
    for number in (len(wanted), paging.DEEPEST_NUMBERED // SIZE + 1):
        with pytest.raises(Http404):
            page(order, rows(), str(number))


def test_a_list_on_one_page_leads_nowhere() -> None:
    shown = page(keyset.BY_NAME, cases())
    assert (shown.is_all, shown.number, shown.of, shown.counted) == (True, 1, 1, "0")
    CaseFactory(published=True)
    for at in ("", "1", "last"):
        shown = page(keyset.BY_NAME, cases(), at)
        assert (shown.is_all, shown.previous, shown.next, shown.number, shown.of) == (True, None, None, 1, 1)


def test_counts_are_exact_up_to_a_bound_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 12)
    twelve()
    shown = page(keyset.BY_NAME, cases(), "last")
    assert (shown.counted, shown.number, shown.of) == ("12", 4, 4)
    CaseFactory(published=True)
    shown = page(keyset.BY_NAME, cases(), "last")
    assert (shown.counted, shown.number, shown.of) == ("12+", None, None)
    assert len(shown.keys) == SIZE
    assert paging.counted(1234567) == "1,234,567"


# --- letters and years ----------------------------------------------------------------------------------------------


def test_letters_lead_to_the_first_case_of_each_or_of_the_next_that_has_one() -> None:
    for name in ("A", "B1", "B2", "B3", "B4", "D", "E", "F", "G", "H", "I", "J", "K"):
        CaseFactory(name=name, published=True)
    jumps = {jump.label: jump for row in page(keyset.BY_NAME, cases()).letters for jump in row}
    assert "".join(jumps) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert [label for label, jump in jumps.items() if jump.is_here] == ["A"]

    def at(letter: str) -> str:
        return Case.objects.get(pk=page(keyset.BY_NAME, cases(), jumps[letter].page).keys[0]).name

    assert (at("B"), at("C"), at("K"), at("Z")) == ("B1", "D", "K", "K")
    shown = page(keyset.BY_NAME, cases(), jumps["B"].page)
    assert page(keyset.BY_NAME, cases(), shown.previous or "").keys == [Case.objects.get(name="A").pk]
    assert page(keyset.BY_NAME, cases(), jumps["A"].page).is_first


def test_years_lead_to_the_first_of_each_in_either_direction() -> None:
    case = CaseFactory(published=True)
    for year in (1954, 1958, 1958, *range(1990, 2002)):
        EventFactory(case=case, date=parse(f"1 May {year}"), published=True)
    newest, oldest = (page(order, entries()) for order in (keyset.ENTRIES_NEWEST_FIRST, keyset.ENTRIES_OLDEST_FIRST))
    assert [[jump.label for jump in row] for row in oldest.years] == [
        ["1950s", "1960s", "1970s", "1980s", "1990s", "2000s"],
        ["1954", "1955", "1956", "1957", "1958", "1959"],
    ]
    assert [jump.label for jump in newest.years[1]] == ["2001", "2000"]
    assert [jump.label for jump in oldest.years[1] if jump.is_here] == ["1954"]

    def at(order: keyset.Order, year: int) -> int:
        keys = page(order, entries(), f"from~{order.word}~{year}").keys
        return int(Event.objects.get(pk=keys[0]).sort_date.year)

    assert at(keyset.ENTRIES_OLDEST_FIRST, 1958) == at(keyset.ENTRIES_OLDEST_FIRST, 1955) == 1958
    assert at(keyset.ENTRIES_NEWEST_FIRST, 1958) == at(keyset.ENTRIES_NEWEST_FIRST, 1980) == 1958
    assert at(keyset.ENTRIES_NEWEST_FIRST, 1999) == 1999


def test_years_of_the_cases_are_those_of_what_is_public() -> None:
    for number in range(13):
        EventFactory(case=CaseFactory(published=True), date=parse(f"1 May {1990 + number}"), published=True)
    for state in ("draft", "embargoed", "withheld", "withdrawn"):
        EventFactory(case=CaseFactory(**{state: True}), date=parse("1 May 1850"), published=True)
        EventFactory(case=CaseFactory(published=True), date=parse("1 May 1750"), **{state: True})
    for order in (keyset.RECENT_FIRST, keyset.OLDEST_FIRST):
        assert order.ends(cases()) == [datetime.date(1990, 5, 1), datetime.date(2002, 5, 1)]
        labels = [jump.label for row in page(order, cases()).years for jump in row]
        assert not {"1850s", "1750s"} & set(labels)
    recent = page(keyset.RECENT_FIRST, cases(), "from~recent~1995")
    assert Case.objects.get(pk=recent.keys[0]).events.get().sort_date.year == 1995


# --- places that are none -------------------------------------------------------------------------------------------

FORGED = [
    "after~", "after~name", "after~name~0", "after~name~0~a", "after~name~2~a~a-b", "after~name~0~a~a b",
    "after~name~0~a~a~b", "after~name~0~\x00~a", f"after~name~0~{'a' * 501}~a",
    f"after~name~0~a~{'a' * 121}", "before~recent~0~2025-02-30~a", "before~recent~0~0999-12-31~a",
    "before~recent~0~2200-01-01~a", "before~recent~0~٢٠٢٥-٠١-٠١~a", "after~newest~2025-04-10~4~0~~bcdfghjkmn",
    "after~newest~2025-04-10~4~99999999~~bcdfghjkmn", "after~newest~2025-04-10~4~0~25:00:00~bcdfghjkmn",
    "after~newest~2025-04-10~4~0~10:00:00+02:00~bcdfghjkmn", "after~newest~2025-04-10~4~0~~aaaaaaaaaa",
    "after~newest~infinity~4~0~~bcdfghjkmn", "after~corrected~2025-04-01~1", "from~name~", "from~name~ab",
    "from~name~é", "from~recent~a", "from~newest~0999", "from~newest~99999", "from~corrected~2025", "from~first~2200",
]  # fmt: skip


@each_list
@pytest.mark.parametrize("at", FORGED)
def test_a_place_that_is_forged_cut_off_or_of_another_order_is_refused(
    order: keyset.Order, rows: Callable[[], Any], at: str
) -> None:
    twelve()
    if at.split("~")[1] == order.word and at in {"after~newest~2025-04-10~4~0~~bcdfghjkmn"}:
        assert page(order, rows(), at).keys
    else:
        with pytest.raises(paging.LostPlaceError):
            page(order, rows(), at)


@each_list
@given(text=st.text(max_size=60))
def test_any_text_is_a_page_or_refused(order: keyset.Order, rows: Callable[[], Any], text: str) -> None:
    for way in ("after", "before", "from"):
        try:
            shown = page(order, rows(), f"{way}~{order.word}~{text}")
        except paging.LostPlaceError:
            continue
        assert shown.keys == []


@pytest.mark.parametrize("state", ["draft", "embargoed", "withheld", "withdrawn"])
def test_a_forged_place_tells_nothing_of_a_hidden_case(state: str) -> None:
    """Neither whether a case of that address exists nor where it would stand."""
    CaseFactory(name="Same", published=True)
    hidden = CaseFactory(name="Same", slug="secret", **{state: True})
    CaseFactory(name="Same", published=True)
    for way in ("after", "before"):
        for order, rest in ((keyset.BY_NAME, "name~0~same"), (keyset.RECENT_FIRST, "recent~0~")):
            there, nowhere = (
                page(order, cases(), f"{way}~{rest}~{slug}").keys for slug in (hidden.slug, "no-such-case")
            )
            assert there == nowhere != []


@each_list
def test_a_place_names_no_key(order: keyset.Order, rows: Callable[[], Any]) -> None:
    """The keys of rows would tell how many there are of which nobody knows."""
    twelve()
    with connection.cursor() as cursor:
        for table in ("case", "event", "correction"):
            cursor.execute(f"SELECT setval('casetracker_{table}_id_seq', 77777777, false)")
    twelve()
    assert max(rows().values_list("pk", flat=True)) >= 77777777
    for at in ("", "last"):
        for row, _ in [order.rows(rows(), 50)]:
            assert not any("7777777" in order.write(each) for each in row), at


# --- what it asks ---------------------------------------------------------------------------------------------------


@each_list
def test_no_page_skips_rows_and_each_takes_two_queries(order: keyset.Order, rows: Callable[[], Any]) -> None:
    twelve()
    middle = page(order, rows()).next
    for at in ("", middle, "last", page(order, rows(), "last").previous):
        with CaptureQueriesContext(connection) as captured:
            page(order, rows(), at or "")
        asked = [query["sql"] for query in captured.captured_queries]
        assert not any("OFFSET" in sql for sql in asked)
        # A made-up name costs another; years cost one where they are offered.
        assert len(asked) <= 3 + (order is keyset.CORRECTIONS_NEWEST_FIRST)
