"""
The shape of one case: how many entries of which kind stand in which court and month. Two queries, however many there
are.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import TruncMonth

from .models import Event, Kind
from .models.courts import ACCENTS
from .models.visibility import EventQuerySet

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
    """A month with entries. `first` is the identifier of the first of them, `cells` goes by the keys of lanes."""

    first_day: datetime.date
    first: str
    cells: dict[str, Cell]

    @property
    def count(self) -> int:
        return sum(cell.count for cell in self.cells.values())


@dataclass(slots=True, frozen=True)
class Overview:
    lanes: list[Lane]
    months: list[Month]
    kinds: list[tuple[str, str, int]]

    @property
    def count(self) -> int:
        return sum(lane.count for lane in self.lanes)

    @property
    def rulings(self) -> int:
        return next((count for value, _, count in self.kinds if value == Kind.RULING), 0)

    @property
    def court_count(self) -> int:
        return sum(lane.key != OUTSIDE for lane in self.lanes)


def overview(events: EventQuerySet) -> Overview:
    """Of `events`, which are the public entries of one case."""
    rows = (
        events.order_by()
        .annotate(month=TruncMonth("sort_date"))
        .values_list("court_id", "court__short_name", "court__level", "court__display_order", "kind", "month")
        .annotate(count=Count("pk"))
    )
    kinds = {str(value): 0 for value in Kind.values}
    lanes: dict[str, tuple[int, str, str, int]] = {}
    cells: dict[datetime.date, dict[str, Cell]] = {}
    for court, name, level, order, kind, month, count in rows:
        kinds[kind] += count
        key = court or OUTSIDE
        before = lanes[key][3] if key in lanes else 0
        place = order if court else 10_000
        lanes[key] = (place, name or "Outside court", ACCENTS.get(level, "outside"), before + count)
        of_month = cells.setdefault(month, {})
        cell = of_month.get(key, Cell(0, 0))
        of_month[key] = Cell(cell.count + count, cell.rulings + (count if kind == Kind.RULING else 0))
    first = dict(
        events.annotate(month=TruncMonth("sort_date"))
        .order_by("month", *Event.TIMELINE_ORDER)
        .distinct("month")
        .values_list("month", "public_id")
    )
    return Overview(
        lanes=[
            Lane(key, name, accent, count)
            for key, (_, name, accent, count) in sorted(
                lanes.items(), key=lambda item: (item[1][0], item[1][1], item[0])
            )
        ],
        months=[Month(month, first[month], cells[month]) for month in sorted(cells)],
        kinds=[(value, str(Kind(value).label), count) for value, count in kinds.items() if count],
    )
