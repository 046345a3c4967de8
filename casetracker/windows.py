"""
The part of a timeline that one page shows. A long timeline is cut by date: whole months, as many as fit on a page; days
where one month is too long for a page; and within a day only where one day is. Where the cuts lie follows from how many
entries each month has, so a page holds the same entries whichever link led to it and in whichever order they stand.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count
from django.db.models.functions import TruncMonth

from .dates import Form, Point, UncertainDate
from .language import in_words
from .models.visibility import EventQuerySet
from .timeline import Entry, entries

# A timeline of so many entries stands whole on one page; a longer one is cut into parts of at most SIZE.
WHOLE = 100
SIZE = 60
# In place of an entry: the last of its day.
LAST = "last"


@dataclass(slots=True, frozen=True)
class Period:
    """The entries placed from `first` to `last`, both included: so many."""

    first: datetime.date
    last: datetime.date
    count: int

    @property
    def words(self) -> str:
        """ "April 2025", "April – May 2025", "3–5 April 2025"."""
        is_months = self.first.day == 1 and (self.last + datetime.timedelta(days=1)).day == 1
        first, last = (Point(day.year, day.month, None if is_months else day.day) for day in (self.first, self.last))
        return in_words(UncertainDate(Form.ON if first == last else Form.SPAN, first, last))


@dataclass(slots=True, frozen=True)
class Target:
    """Where a link to another window leads: to a day and, on one too long for a page, to an entry or its `LAST`."""

    period: Period
    at: str
    around: str = ""


@dataclass(slots=True, frozen=True)
class Window:
    """
    A part of a timeline. `count` is the number of all entries that the filter lets through, `period` tells the days of
    this part, `landing` the identifier of the entry at the day that was asked for. `previous` and `next` are the parts
    before and after, in the order in which the entries stand.
    """

    entries: list[Entry] = field(default_factory=list)
    count: int = 0
    period: Period | None = None
    previous: Target | None = None
    next: Target | None = None
    landing: str = ""

    @property
    def is_whole(self) -> bool:
        return self.previous is None and self.next is None


def by_month(events: EventQuerySet) -> list[Period]:
    """How many of `events` stand in each month that has any, in their order. One query."""
    rows = (
        events.order_by()
        .annotate(month=TruncMonth("sort_date"))
        .values_list("month")
        .annotate(count=Count("pk"))
        .order_by("month")
    )
    return [month(first, count) for first, count in rows]


def month(first: datetime.date, count: int) -> Period:
    """The month that begins on `first`."""
    after = (first.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return Period(first, after - datetime.timedelta(days=1), count)


def parts(periods: Iterable[Period], size: int) -> list[Period]:
    """Periods put together, from the first on, as long as they have no more than `size` entries together."""
    found: list[Period] = []
    for period in periods:
        before = found[-1] if found else None
        if before is not None and before.count + period.count <= size:
            found[-1] = Period(before.first, period.last, before.count + period.count)
        else:
            found.append(period)
    return found


def window(
    events: EventQuerySet,
    months: Sequence[Period],
    *,
    newest_first: bool = False,
    at: datetime.date | None = None,
    around: str = "",
    is_a_case: bool = False,
    whole: int | None = None,
    size: int | None = None,
) -> Window:
    """
    One part of the timeline of `events`, which start from `Event.objects.public()` and of which `months` tells how many
    each month has: the first, or the one with the day `at` (or, where nothing stands on that day, with what comes
    next), and on a day that is itself too long the one with the entry `around`, or with its `LAST`. An `around` that is
    not among them is ignored. `is_a_case` says that they are all public entries of one case, which spares work.
    `whole` and `size` are `WHOLE` and `SIZE` unless given.
    """
    whole, size = WHOLE if whole is None else whole, SIZE if size is None else size
    reader = _Reader(events, newest_first, at, sum(month.count for month in months), max(whole, size))
    if not reader.count:
        return Window()
    if reader.count <= whole:
        everything = Period(months[0].first, months[-1].last, reader.count)
        return reader.shown(everything, entries(reader.ordered(everything), whole=is_a_case))
    found = parts(months, size)
    place = reader.place(found)
    before, period, after = found[:place], found[place], found[place + 1 :]
    ids: dict[datetime.date, list[str]] = {}
    if period.count > size:
        ids = reader.by_day(period)
        # Where the last entry went a moment ago, no day is left.
        days = parts((Period(day, day, len(of_day)) for day, of_day in ids.items()), size) or [period]
        place = reader.place(days)
        before, period, after = [*before, *days[:place]], days[place], [*days[place + 1 :], *after]
    earlier = Target(before[-1], before[-1].last.isoformat()) if before else None
    later = Target(after[0], after[0].first.isoformat()) if after else None
    if period.count > reader.most:
        return reader.part_of_a_day(period, ids.get(period.first, []), earlier, later, around, size)
    return reader.window(period, earlier, later)


def _within(events: EventQuerySet, period: Period) -> EventQuerySet:
    return events.filter(sort_date__gte=period.first, sort_date__lte=period.last)


@dataclass(slots=True, frozen=True)
class _Reader:
    events: EventQuerySet
    newest_first: bool
    at: datetime.date | None
    count: int
    most: int

    def place(self, periods: Sequence[Period]) -> int:
        """Which of the periods holds `at` or, where it lies between two, comes after it."""
        if self.at is None:
            return len(periods) - 1 if self.newest_first else 0
        return next((place for place, period in enumerate(periods) if period.last >= self.at), len(periods) - 1)

    def by_day(self, period: Period) -> dict[datetime.date, list[str]]:
        """The identifiers of the entries of each day of a period that has any, oldest first. One query."""
        days: dict[datetime.date, list[str]] = {}
        for day, public_id in _within(self.events, period).in_order().values_list("sort_date", "public_id"):
            days.setdefault(day, []).append(public_id)
        return days

    def ordered(self, period: Period) -> EventQuerySet:
        events = _within(self.events, period).in_order()
        return events.reverse() if self.newest_first else events

    def window(self, period: Period, earlier: Target | None, later: Target | None) -> Window:
        return self.shown(period, entries(self.ordered(period)), *self._turned(earlier, later))

    def part_of_a_day(
        self, period: Period, ids: list[str], earlier: Target | None, later: Target | None, around: str, size: int
    ) -> Window:
        """A part of one day that alone is too long for a page; `ids` are the identifiers of its entries."""
        if self.newest_first:
            ids = ids[::-1]
        wanted = max(len(ids) - 1, 0) if around == LAST else ids.index(around) if around in ids else 0
        start = wanted // size * size
        previous, following = self._turned(earlier, later)
        if start:
            previous = Target(period, period.first.isoformat(), ids[start - 1])
        if start + size < len(ids):
            following = Target(period, period.first.isoformat(), ids[start + size])
        return self.shown(period, entries(self.ordered(period)[start : start + size]), previous, following)

    def _turned(self, earlier: Target | None, later: Target | None) -> tuple[Target | None, Target | None]:
        previous, following = (later, earlier) if self.newest_first else (earlier, later)
        if previous is not None and previous.period.count > self.most:
            # Back is to the end of the part before, which may be a part of a day.
            previous = replace(previous, around=LAST)
        return previous, following

    def shown(
        self, period: Period, shown: list[Entry], previous: Target | None = None, following: Target | None = None
    ) -> Window:
        return Window(shown, self.count, period, previous, following, self._landing(shown))

    def _landing(self, shown: Sequence[Entry]) -> str:
        if self.at is None or not shown:
            return ""
        if self.newest_first:
            return next((entry.id for entry in shown if entry.date.sort_date <= self.at), shown[-1].id)
        return next((entry.id for entry in shown if entry.date.sort_date >= self.at), shown[-1].id)
