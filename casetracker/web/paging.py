"""
Pages of a list. A short list whose pages are a reader's own, such as a month of the calendar, is numbered (`page_of`);
a long one is paged by key (`page_in`), so that its last page costs what the first does.

`page` in the address is a number, `last`, a place behind or before which the page begins (`after~…`, `before~…`), or
the letter or year with which it begins (`from~…`).
"""

import datetime
import re
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext

from ..keyset import Order, Place, PlaceError
from ..timeline import Told

# So many are counted; of more a page says that there are more.
MOST_COUNTED = 10_000
# A number in the address of a page leads so many rows into a list, for the sake of old addresses.
DEEPEST_NUMBERED = 10_000
# A list of more pages than this offers ways to its letters or years.
MOST_WITHOUT_JUMPS = 4

AFTER, BEFORE, FROM, LAST = "after", "before", "from", "last"


class LostPlaceError(BadRequest):
    """The address names a place that is none in this list: cut off, mistyped, or that of another order."""


@dataclass(frozen=True, slots=True)
class Jump(Told):
    """A letter or a year, and the value of `page` that leads there."""

    label: str
    page: str
    is_here: bool = False


@dataclass(slots=True)
class ListPage(Told):
    """
    One page of a list: the keys of its rows in their order, how many rows the list has as far as they are counted, and
    the values of `page` that lead on, None where nothing is. `number` and `of` are known for some pages only.
    """

    keys: list[Any]
    count: int
    is_bounded: bool
    number: int | None = None
    of: int | None = None
    previous: str | None = None
    next: str | None = None
    is_first: bool = False
    is_last: bool = False
    # In rows: the letters in one, decades and years in two.
    letters: list[list[Jump]] = field(default_factory=list)
    years: list[list[Jump]] = field(default_factory=list)

    @property
    def counted(self) -> str:
        """The count as a reader reads it: 1,234 or 10,000+."""
        return counted(self.count, is_bounded=self.is_bounded)

    @property
    def is_all(self) -> bool:
        return self.is_first and self.is_last


def counted(count: int, *, is_bounded: bool = False) -> str:
    return f"{number_format(count, force_grouping=True)}{'+' if is_bounded else ''}"


def rows_of(page: Page[Any]) -> Any:
    """The rows of a numbered page, as the sliced queryset that they are."""
    return page.object_list


def page_of(request: HttpRequest, rows: QuerySet[Any] | list[Any], size: int, *, count: int | None = None) -> Page[Any]:
    """
    The page that `page` in the address asks for by its number. Anything but the number of an existing page is a 404: a
    wrong number in a shared address should not quietly show something else. `count` is how many rows there are, if that
    is known.
    """
    paginator = Paginator(rows, size)
    if count is not None:
        paginator.count = count
    written = request.GET.get("page") or "1"
    try:
        return paginator.page(paginator.num_pages if written == LAST else _number(written))
    except EmptyPage:
        raise Http404 from None


def page_of_keys(request: HttpRequest, keys: list[Any], size: int, *, is_bounded: bool = False) -> ListPage:
    """
    A numbered page of what is all known already, as the best matches are; a 404 as with `page_of`. `is_bounded`: there
    are more than these.
    """
    shown = page_of(request, keys, size)
    page = ListPage(list(shown.object_list), len(keys), is_bounded)
    page.number, page.of = shown.number, shown.paginator.num_pages
    page.is_first, page.is_last = not shown.has_previous(), not shown.has_next()
    page.previous = None if page.is_first else str(shown.number - 1)
    page.next = None if page.is_last else str(shown.number + 1)
    return page


def _number(written: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,8}", written, re.ASCII):
        raise Http404
    return int(written)


def page_in(
    request: HttpRequest,
    rows: QuerySet[Any],
    order: Order,
    size: int,
    *,
    found: tuple[int, bool] | None = None,
    whole: QuerySet[Any] | None = None,
) -> ListPage:
    """
    The page of `rows`, in whatever order they are, that the address asks for in `order`. `found` is how many there are
    and whether there are more than that, if it is known; else they are counted up to `MOST_COUNTED`. `whole` is the
    list without filters, whose first and last day bound the years to jump to. Two queries, another one where years are
    offered or nothing is left behind a place. Raises `Http404` for a number that is none, `LostPlaceError` for a place
    that is none.
    """
    if found is None:
        n = rows.order_by()[: MOST_COUNTED + 1].count()
        found = min(n, MOST_COUNTED), n > MOST_COUNTED
    count, is_bounded = found
    page = ListPage([], count, is_bounded)
    is_long = is_bounded or count > size * MOST_WITHOUT_JUMPS
    ends = order.ends(rows if whole is None else whole) if is_long and order.by_year else []
    shown = _fill(page, rows, order, size, request.GET.get("page") or "1", ends)
    page.keys = [row[0] for row in shown]
    if is_long and order.by_letter:
        page.letters = [_letters(order, shown)]
    elif ends:
        page.years = _years(order, shown, ends)
    return page


def _fill(
    page: ListPage, rows: QuerySet[Any], order: Order, size: int, written: str, ends: list[datetime.date]
) -> list[tuple[Any, ...]]:
    """The rows that `written` asks for, and on `page` what lies about them."""
    pages = None if page.is_bounded else max(1, -(-page.count // size))
    way, _, rest = written.partition("~")
    place, number = _place(order, way, rest), None
    if written == LAST:
        # As many as are left for it when all before it are full, where that is known.
        shown = size if pages is None else page.count - size * (pages - 1)
        found, has_more = order.rows(rows, shown or 1, backwards=True)
        number = pages
    elif place is not None:
        found, has_more = order.rows(rows, size, place, backwards=way == BEFORE)
        if not found:
            # All that was there has gone since. What is nearest to it stands at the end of the list.
            return _fill(page, rows, order, size, "1" if way == BEFORE else LAST, ends)
    else:
        number = _number(written)
        skipped = (number - 1) * size
        if skipped >= DEEPEST_NUMBERED:
            raise Http404
        found, has_more = order.rows(rows, size, skipped=skipped)
        if not found and skipped:
            raise Http404
    backwards = written == LAST or way == BEFORE
    page.is_last = written == LAST if backwards else not has_more
    page.is_first = not has_more if backwards else number == 1
    if way == FROM and place is not None:
        page.is_first = _is_first(rows, order, place, rest, ends)
    page.number = 1 if page.is_first else number
    page.of = pages if page.number else None
    page.previous = None if page.is_first or not found else f"{BEFORE}~{order.write(found[0])}"
    page.next = None if page.is_last or not found else f"{AFTER}~{order.write(found[-1])}"
    return found


def _is_first(rows: QuerySet[Any], order: Order, place: Place, start: str, ends: list[datetime.date]) -> bool:
    """Whether nothing stands before a letter or a year; a year is compared with those of the list, if known."""
    if ends:
        year = int(start.rpartition("~")[2])
        return year >= ends[-1].year if order.newest_first else year <= ends[0].year
    return not order.rows(rows, 1, place, backwards=True)[0]


def _place(order: Order, way: str, rest: str) -> Place | None:
    if way not in {AFTER, BEFORE, FROM}:
        return None
    try:
        return order.read_start(rest) if way == FROM else order.read(rest)
    except PlaceError:
        raise LostPlaceError from None


def _letters(order: Order, found: list[tuple[Any, ...]]) -> list[Jump]:
    here = str(found[0][-1])[:1] if found else ""
    return [Jump(letter.upper(), f"{FROM}~{order.word}~{letter}", letter == here) for letter in ascii_lowercase]


def _years(order: Order, found: list[tuple[Any, ...]], ends: list[datetime.date]) -> list[list[Jump]]:
    """The decades from the first day to the last, and the years of the one in which the page begins."""
    if not ends:
        return []
    first, last = ends[0].year, ends[-1].year
    day = order.day(found[0]) if found else None
    here = day.year if day else 0

    def to(year: int, label: str, *, is_here: bool) -> Jump:
        return Jump(label, f"{FROM}~{order.word}~{year}", is_here)

    decades = range(first // 10 * 10, last + 1, 10)
    # In an order that begins with the latest, a decade begins with its last year.
    tens = [
        to(
            min(decade + 9, last) if order.newest_first else max(decade, first),
            gettext("%(decade)ds") % {"decade": decade},
            is_here=decade <= here < decade + 10,
        )
        for decade in decades
    ]
    ones = [
        to(year, str(year), is_here=year == here)
        for year in range(max(here // 10 * 10, first), min(here // 10 * 10 + 9, last) + 1)
    ]
    found_rows = [row for row in (tens if len(decades) > 1 else [], ones) if row]
    return [row[::-1] for row in found_rows] if order.newest_first else found_rows
