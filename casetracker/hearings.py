"""
What stands on the courts' calendars: hearings, and whatever else is or was set for a day, month by month.

An entry stands in the month of the day by which the timeline places it; one that lasted several days also in each
later month that it reached, for a year. What was postponed stays on its first day, where it says to when.
"""

import datetime
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, F, OuterRef, Q

from .language import in_words
from .models import Event, Happening, Kind
from .models.fields import DateSort
from .models.visibility import EventQuerySet
from .timeline import Entry

# `sort_rank` of a known day and of days from first to last; vaguer dates are placed once, at their beginning.
_ON_DAYS = 4
# How far back a month looks for what may still be going on.
LONGEST_SITTING = datetime.timedelta(days=366)


@dataclass(slots=True)
class Sitting:
    """An entry on a calendar. `is_overdue`: it was set for a day that has passed, and nothing later is recorded."""

    entry: Entry
    is_overdue: bool


@dataclass(slots=True)
class Day:
    """What stands on one day, or on one vaguer date; `words` is its heading within a month."""

    words: str
    iso: str
    sittings: list[Sitting]


def hearings() -> EventQuerySet:
    """All public entries that a calendar tells of, in no order."""
    return Event.objects.public().filter(Q(kind=Kind.HEARING) | ~Q(happening=Happening.HELD))


def of_month(first: datetime.date) -> EventQuerySet:
    """Those of the month that begins on `first`, in order."""
    begins_here = Q(sort_date__gte=first)
    reaches_here = Q(latest__gte=first, sort_rank=_ON_DAYS)
    near = hearings().filter(sort_date__range=(first - LONGEST_SITTING, last_day(first)))
    return near.filter(begins_here | reaches_here).in_order()


def postponed_into(first: datetime.date) -> EventQuerySet:
    """
    Entries of any month that were postponed to a day of this one, for which no entry of the same case and court is
    recorded yet: without them the calendar would not tell of the new day.
    """
    anew = hearings().filter(
        case=OuterRef("case"),
        court=OuterRef("court"),
        sort_date=OuterRef("new_day"),
        happening__in=[Happening.SCHEDULED, Happening.HELD],
    )
    moved = Event.objects.public().filter(happening=Happening.POSTPONED, postponed_to__isnull=False)
    return (
        moved.annotate(new_day=DateSort(F("postponed_to")))
        .filter(~Exists(anew), new_day__gte=first, new_day__lte=last_day(first))
        .order_by("new_day", *Event.TIMELINE_ORDER)
    )


def months_beside(first: datetime.date) -> tuple[datetime.date | None, datetime.date | None]:
    """The nearest months before and after that have something, each by its first day."""
    days = hearings().values_list("sort_date", flat=True)
    before = days.filter(sort_date__lt=first).order_by("-sort_date")[:1]
    after = days.filter(sort_date__gt=last_day(first)).order_by("sort_date")[:1]
    found = [day.replace(day=1) for day in before.union(after, all=True)]
    return (
        next((month for month in found if month < first), None),
        next((month for month in found if month > first), None),
    )


def by_day(entries: Iterable[Entry], today: datetime.date) -> list[Day]:
    """Entries in their order under the days on which they stand."""
    days = []
    for date, on_day in groupby(entries, key=lambda entry: entry.date):
        sittings = [Sitting(entry, _is_overdue(entry, today)) for entry in on_day]
        words = " ".join(part for part in (sittings[0].entry.weekday, in_words(date)) if part)
        days.append(Day(words, date.iso, sittings))
    return days


def _is_overdue(entry: Entry, today: datetime.date) -> bool:
    # A day is over somewhere later than in UTC.
    latest = entry.date.latest
    return entry.happening == Happening.SCHEDULED and latest is not None and latest < today - datetime.timedelta(days=1)


def last_day(first: datetime.date) -> datetime.date:
    """The last day of the month that begins on `first`."""
    return first.replace(day=monthrange(first.year, first.month)[1])
