"""
Where things stand in the drawings of a page: pure geometry, in the units of the drawing. Templates write the SVG.
"""

import datetime
import math
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext

from .. import windows
from ..dates import grammar
from ..overview import Lane, Month, Overview
from ..windows import Period

LANE_HEIGHT = 26
COLUMN_WIDTH = 26
LABEL_WIDTH = 168
GAP = 10
FOOT = 22
SMALLEST, LARGEST = 4.0, 11.0
# More columns than this are drawn by the year, and by the month only what is shown: a strip that one has to scroll for
# long says nothing at a glance.
MOST_COLUMNS = 60


@dataclass(slots=True, frozen=True)
class Dot:
    x: float
    y: float
    radius: float
    accent: str
    has_ruling: bool


@dataclass(slots=True, frozen=True)
class Column:
    """A month, or a year, with entries. `at` is what a link says to lead to it; `shown` that the page shows them."""

    x: float
    title: str
    at: str
    shown: bool
    dots: list[Dot]
    counts: list[int]


@dataclass(slots=True, frozen=True)
class LaneLine:
    y: float
    name: str
    accent: str


@dataclass(slots=True, frozen=True)
class YearLabel:
    x: float
    year: int


@dataclass(slots=True, frozen=True)
class Strip:
    """The density strip: a line for each court, a column for each month with entries, a gap where months have none."""

    width: float
    height: float
    lane_height: int
    column_width: int
    label_width: int
    lanes: list[LaneLine]
    columns: list[Column]
    years: list[YearLabel]
    breaks: list[float]
    by_year: bool


def strips(shape: Overview, period: Period | None = None) -> list[Strip]:
    """
    The strip of a case by month or, of a long one, by year and beneath it by month for the years of `period`, the part
    of the timeline that the page shows. None where there is too little to draw: fewer than two months.
    """
    months = shape.months
    if len(months) <= MOST_COLUMNS:
        return [_strip(shape.lanes, months, period, by_year=False)] if len(months) > 1 else []
    found = [_strip(shape.lanes, _by_year(months), period, by_year=True)]
    if period is not None:
        near = [month for month in months if period.first.year <= month.first_day.year <= period.last.year]
        if near:
            found.append(_strip(shape.lanes, near[:MOST_COLUMNS], period, by_year=False))
    return found


def _strip(lanes: list[Lane], months: list[Month], period: Period | None, *, by_year: bool) -> Strip:
    most = max(cell.count for month in months for cell in month.cells.values())
    x: float = LABEL_WIDTH
    columns: list[Column] = []
    years: list[YearLabel] = []
    breaks: list[float] = []
    before: datetime.date | None = None
    for month in months:
        if before is not None and not _adjacent(before, month.first_day, by_year=by_year):
            breaks.append(x + GAP / 2)
            x += GAP
        if before is None or before.year != month.first_day.year:
            years.append(YearLabel(x + COLUMN_WIDTH / 2, month.first_day.year))
        columns.append(_column(month, lanes, x, most, period, by_year=by_year))
        x += COLUMN_WIDTH
        before = month.first_day
    return Strip(
        width=x + GAP,
        height=len(lanes) * LANE_HEIGHT + FOOT,
        lane_height=len(lanes) * LANE_HEIGHT,
        column_width=COLUMN_WIDTH,
        label_width=LABEL_WIDTH,
        lanes=[
            LaneLine(place * LANE_HEIGHT + LANE_HEIGHT / 2, lane.name, lane.accent) for place, lane in enumerate(lanes)
        ],
        columns=columns,
        years=_uncrowded(years),
        breaks=breaks,
        by_year=by_year,
    )


def _column(month: Month, lanes: list[Lane], x: float, most: int, period: Period | None, *, by_year: bool) -> Column:
    dots = []
    for place, lane in enumerate(lanes):
        cell = month.cells.get(lane.key)
        if cell:
            # The area grows with the number, so that twice as many look like twice as much.
            radius = SMALLEST + (LARGEST - SMALLEST) * math.sqrt((cell.count - 1) / max(most - 1, 1))
            y = place * LANE_HEIGHT + LANE_HEIGHT / 2
            dots.append(Dot(x + COLUMN_WIDTH / 2, y, round(radius, 1), lane.accent, cell.rulings > 0))
    when = str(month.first_day.year) if by_year else capfirst(grammar(get_language() or "en").month(month.first_day))
    entries = ngettext("%(count)s entry", "%(count)s entries", month.count) % {"count": month.count}
    counts = [month.cells[lane.key].count if lane.key in month.cells else 0 for lane in lanes]
    first = month.first_day
    last = first.replace(month=12, day=31) if by_year else windows.month(first, 0).last
    shown = period is not None and first <= period.last and period.first <= last
    return Column(x, f"{when}: {entries}", first.isoformat()[: 4 if by_year else 7], shown, dots, counts)


def _by_year(months: list[Month]) -> list[Month]:
    years: dict[int, Month] = {}
    for month in months:
        year = month.first_day.year
        if year not in years:
            years[year] = Month(datetime.date(year, 1, 1), dict(month.cells))
            continue
        cells = years[year].cells
        for key, cell in month.cells.items():
            known = cells.get(key)
            cells[key] = type(cell)(cell.count + known.count, cell.rulings + known.rulings) if known else cell
    return list(years.values())


def _adjacent(before: datetime.date, after: datetime.date, *, by_year: bool) -> bool:
    if by_year:
        return after.year - before.year == 1
    return (after.year - before.year) * 12 + after.month - before.month == 1


def _uncrowded(years: list[YearLabel]) -> list[YearLabel]:
    """Without the labels that would run into the one before."""
    kept: list[YearLabel] = []
    for label in years:
        if not kept or label.x - kept[-1].x >= 40:
            kept.append(label)
    return kept
