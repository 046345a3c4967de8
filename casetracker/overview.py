"""
The shape of one case: how many entries of which kind stand in which court and month. One query, however many there
are.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext

from . import windows
from .freshness import Remembered
from .models import KIND_PLURALS, Court, Kind
from .models.courts import ACCENTS
from .models.visibility import EventQuerySet
from .windows import Period

# Stands for the entries outside any court, beside the identifiers of courts.
OUTSIDE = "outside"


@dataclass(slots=True, frozen=True)
class Lane:
    """One court of the case, or what happened outside court."""

    key: str
    name: str
    accent: str
    count: int


@dataclass(slots=True, frozen=True)
class Cell:
    """The entries of one lane in one month."""

    count: int
    rulings: int


@dataclass(slots=True, frozen=True)
class Month:
    """A month with entries; `cells` goes by the keys of lanes."""

    first_day: datetime.date
    cells: dict[str, Cell]

    @property
    def count(self) -> int:
        return sum(cell.count for cell in self.cells.values())


@dataclass(slots=True, frozen=True)
class Overview:
    """`kinds` are value, label of several, and count."""

    lanes: list[Lane]
    months: list[Month]
    kinds: list[tuple[str, str, int]]

    @property
    def count(self) -> int:
        return sum(lane.count for lane in self.lanes)

    @property
    def periods(self) -> list[Period]:
        """Its months, as `windows.window` wants them."""
        return [windows.month(month.first_day, month.count) for month in self.months]

    @property
    def rulings(self) -> int:
        return next((count for value, _, count in self.kinds if value == Kind.RULING), 0)

    @property
    def court_count(self) -> int:
        return sum(lane.key != OUTSIDE for lane in self.lanes)


# The courts are joined to the few counts; the ORM would look one up for each entry of a long case.
_WITH_COURTS = """
    SELECT count.court, count.kind, count.month::date, count.count, court.short_name, court.level, court.display_order
    FROM ({counts}) AS count(court, kind, month, count) LEFT JOIN {courts} AS court ON court.id = count.court
"""


_COUNTS: Remembered[list[tuple[Any, ...]]] = Remembered(500)


def overview(events: EventQuerySet, *, case: int | None = None, state: str | None = None) -> Overview:
    """
    Of `events`, which are the public entries of one case. The counts of `case` are kept for the `state` of the record.
    """
    rows = _COUNTS.get(case, state if case else None, lambda: _counts(events))
    kinds = {str(value): 0 for value in Kind.values}
    lanes: dict[str, tuple[int, str, str, int]] = {}
    cells: dict[datetime.date, dict[str, Cell]] = {}
    for court, kind, month, count, name, level, order in rows:
        kinds[kind] += count
        key = court or OUTSIDE
        before = lanes[key][3] if key in lanes else 0
        place = order if court else 10_000
        lanes[key] = (place, name or gettext("Outside court"), ACCENTS.get(level, "outside"), before + count)
        of_month = cells.setdefault(month, {})
        cell = of_month.get(key, Cell(0, 0))
        of_month[key] = Cell(cell.count + count, cell.rulings + (count if kind == Kind.RULING else 0))
    return Overview(
        lanes=[
            Lane(key, name, accent, count)
            for key, (_, name, accent, count) in sorted(
                lanes.items(), key=lambda item: (item[1][0], item[1][1], item[0])
            )
        ],
        months=[Month(month, cells[month]) for month in sorted(cells)],
        kinds=[(value, str(KIND_PLURALS[value]), count) for value, count in kinds.items() if count],
    )


def _counts(events: EventQuerySet) -> list[tuple[Any, ...]]:
    counts = (
        events.order_by()
        .annotate(month=TruncMonth("sort_date"))
        .values("court_id", "kind", "month")
        .annotate(count=Count("pk"))
        .values_list("court_id", "kind", "month", "count")
    )
    sql, parameters = counts.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_WITH_COURTS.format(counts=sql, courts=Court._meta.db_table), parameters)
        return list(cursor.fetchall())
